// Sends stored events again.
import type { StoredEvent } from '@parley/kernel/log'
import { threadsErrors } from '../../errors.js'
import { streamOf } from '../events.js'
import { isId, toWhole } from './checks.js'
import type { WebhookDeps } from './deps.js'
import { findEndpoint } from './endpoints.js'
import { enqueueOps } from './enqueue.js'
import { seesThread, wantsType } from './interest.js'
import type { ThreadsWebhooks, WebhookReplay } from './types.js'

/** Events of one unit: those of others wait for it. */
const batchSize = 100

export async function replayEvents(
  deps: WebhookDeps,
  endpointId: string,
  wanted: WebhookReplay,
): ReturnType<ThreadsWebhooks['replay']> {
  const { ground, outbox, queue, maxAgeMs } = deps
  const { threadId, afterSeq = 0, limit = 1_000 } = wanted
  const most = toWhole(limit, 'limit', { least: 1, most: 10_000 })
  let after = toWhole(afterSeq, 'after_seq', { least: 0, most: Number.MAX_SAFE_INTEGER })
  const endpoint = await findEndpoint(deps, endpointId)
  await assertSeen(deps, endpoint, threadId)
  if (!endpoint.isEnabled) throw threadsErrors.conflict({ message: 'the webhook is disabled' })

  const replay = ground.ids.next('rpl')
  const targetOf = ({ id, type }: StoredEvent) => ({
    endpoint_id: endpointId,
    thread_id: threadId,
    event_id: id,
    event_type: type,
    replay,
  })
  let enqueued = 0
  for (let looked = 0; ; ) {
    const size = Math.min(batchSize, most - looked)
    const { events, head } = await ground.log.read(streamOf(threadId), { after, limit: size })
    const those = events.filter(({ type }) => wantsType(endpoint, type))
    const ops = those.flatMap((event) => enqueueOps(outbox, targetOf(event), maxAgeMs))
    if (ops.length > 0) await ground.log.commit({ ops, appends: [] })
    enqueued += those.length
    looked += events.length
    after = events.at(-1)?.seq ?? head
    queue.nudge()
    if (after >= head) return { enqueued, next_after_seq: null }
    if (looked >= most) return { enqueued, next_after_seq: after }
  }
}

async function assertSeen(
  { threads }: WebhookDeps,
  endpoint: Parameters<typeof seesThread>[0],
  threadId: string,
): Promise<void> {
  const thread = isId(threadId) ? await threads.findThread(threadId) : undefined
  if (!thread || !seesThread(endpoint, threadId, thread.tenant)) throw threadsErrors.threadNotFound()
}
