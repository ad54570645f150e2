export { type ExternalRuntimeOptions, externalRuntime } from './external/index.js'
export { type LocalRuntimeOptions, localRuntime } from './local/index.js'
