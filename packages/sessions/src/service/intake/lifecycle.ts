import type { Log } from '@parley/kernel/log'
import { tenantKey } from '@parley/kernel/principal'
import type { WireEvent } from '../../protocol/index.js'
import type { SessionRow } from '../../store/port.js'
import { lifecycleStream, streamOf } from './streams.js'

export type Lifecycle = 'session.created' | 'session.terminated'

/** On the stream of one session: `{ lifecycle }` alone. */
export type LifecycleSignal = { lifecycle: Lifecycle; sessionId: string; tenantKey: string }

/** On the stream of one session: something that is shown and not kept; its `seq` is 0. */
export type EphemeralSignal = { ephemeral: { channel: string; event: WireEvent } }

/** Tells the followers of a session, and those of all sessions, that it began or ended. */
export function signalLifecycle(
  log: Pick<Log, 'signal'>,
  session: Pick<SessionRow, 'id' | 'tenant'>,
  lifecycle: Lifecycle,
): void {
  log.signal(streamOf(session.id), JSON.stringify({ lifecycle }))
  const toAll: LifecycleSignal = { lifecycle, sessionId: session.id, tenantKey: tenantKey(session.tenant) }
  log.signal(lifecycleStream, JSON.stringify(toAll))
}
