import type { Op } from '@parley/kernel/db'
import type { Ground } from '@parley/kernel/ground'
import type { Identity } from '@parley/kernel/principal'
import { type SessionEndReason, sessionEvents } from '../../protocol/index.js'
import type { SessionRow } from '../../store/port.js'
import type { Intake } from '../port.js'

export type End = { reason: SessionEndReason; message?: string; actor?: Identity }

/** Ends a session on record, whatever its host does. Harmless for one that has ended. False when a guard refused. */
export async function recordEnd(
  { ground, intake }: { ground: Pick<Ground, 'clock'>; intake: Intake },
  { id: sessionId }: Pick<SessionRow, 'id'>,
  { reason, message, actor }: End,
  guards: readonly Op[] = [],
): Promise<boolean> {
  const timestamp = new Date(ground.clock.now()).toISOString()
  // -1: killed, not ended by itself.
  const data = { exitCode: -1, reason, ...(message !== undefined && { message }) }
  const event = { type: sessionEvents.terminated, data, timestamp }
  return intake.take([{ sessionId, event, ...(actor && { actor }) }], { guards })
}
