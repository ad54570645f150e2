export type { SessionLimits } from './limits.js'
export { openHostSessions } from './open-sessions.js'
