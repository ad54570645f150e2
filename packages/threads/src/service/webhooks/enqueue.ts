// Deliveries in the outbox: what is kept of them, and the statements that enqueue them.

import type { Op } from '@parley/kernel/db'
import type { DeliverySummary, Outbox } from '@parley/kernel/delivery'

export const queueName = 'threads.webhook'

/** What a delivery is about; the event itself is read when it is sent. */
export type Target = {
  readonly endpoint_id: string
  readonly thread_id: string
  readonly event_id: string
  readonly event_type: string
  /** Id of the replay that asked for it. */
  readonly replay?: string
}

/** Statements for one delivery. An event is sent to an endpoint once, and once for each replay. */
export function enqueueOps(outbox: Outbox, target: Target, maxAgeMs: number): Op[] {
  const { endpoint_id, thread_id, event_id, replay } = target
  return outbox.enqueueOps({
    queue: queueName,
    // A thread that can't be delivered holds up no other.
    lane: `${endpoint_id}:${thread_id}`,
    subject: endpoint_id,
    dedupe: [endpoint_id, event_id, ...(replay === undefined ? [] : [replay])].join(':'),
    payload: event_id,
    target,
    maxAgeMs,
  })
}

// The cast: nothing but `enqueueOps` puts deliveries into this queue.
export const targetOf = ({ target }: Pick<DeliverySummary, 'target'>): Target => target as Target
