// What stores, storages and runtimes of others can be checked with. Needs vitest.
export {
  type RuntimeFeatures,
  type RuntimeSubject,
  runtimeConformance,
} from './runtimes/conformance.js'
export * from './store/conformance.js'
