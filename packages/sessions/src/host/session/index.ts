export type { WatchWorkspace } from './deps.js'
export { type SessionLimits, sessionLimits } from './limits.js'
export { type HostSessionsOptions, type OpenedSessions, openHostSessions } from './open-sessions.js'
