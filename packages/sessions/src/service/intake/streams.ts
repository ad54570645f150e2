import type { StreamId } from '@parley/kernel/ids'

/** Exactly what the wire shows of a session. */
export const streamOf = (sessionId: string): StreamId => `session:${sessionId}`

/** Who asked for leave, and who gave it. */
export const permissionsStreamOf = (sessionId: string): StreamId => `permissions:${sessionId}`

/** Signals only: what terminals of a host do, as `TerminalSignal` in JSON. */
export const hostStreamOf = (hostId: string): StreamId => `host:${hostId}`

/** Signals only: sessions of every tenant that begin and end, as `LifecycleSignal` in JSON. */
export const lifecycleStream: StreamId = 'sessions:lifecycle'
