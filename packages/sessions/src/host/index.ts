export { HostError } from './errors.js'
export type { HostObserver } from './host-events.js'
export {
  type Dial,
  type LinkAddress,
  type LinkRefusal,
  type LinkSocket,
  type LinkSocketEvents,
  localBackOff,
  toLinkAddress,
  type WsDialOptions,
  wsDial,
} from './link/index.js'
export { type Host, type HostOptions, openHost } from './open-host.js'
export type { HostEvent, HostEvents } from './port.js'
export type { AllowedAgent, StartPolicy } from './start-policy.js'
