export { type ExternalRuntimeOptions, externalRuntime } from './external/index.js'
export { type FakeRuntime, fakeRuntime } from './fake/index.js'
export { type LocalRuntimeOptions, localRuntime } from './local/index.js'
