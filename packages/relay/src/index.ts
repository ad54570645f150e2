export { createRelay, type Relay } from './create.js'
export { relayErrors } from './errors.js'
export type {
  EdgeAnswer,
  EdgeRequest,
  OpenBotOptions,
  PlatformBot,
  PlatformDriver,
  PlatformLimits,
  PlatformSink,
} from './platforms/port.js'
export type { SimControls } from './platforms/sim-port.js'
export * from './protocol/index.js'
export {
  type OidcCallersOptions,
  oidcCallers,
  staticCallers,
} from './service/callers/index.js'
export type { RelayLimits, RelayOptions, VerifyCaller } from './service/options.js'
export type { Caller, RelayOperator, RelayService, Within } from './service/port.js'
export { relayMigrations, sqlRelayStore } from './store/index.js'
export type { RelayStore } from './store/port.js'
