// Looking at deliveries, and trying them again.
import { threadsErrors } from '../../errors.js'
import { isId, toState, toWhole } from './checks.js'
import type { WebhookDeps } from './deps.js'
import { findEndpoint } from './endpoints.js'
import { queueName } from './enqueue.js'
import { toAttempt, toDelivery } from './objects.js'
import type { DeliveryListing, ThreadsWebhooks } from './types.js'

export async function listDeliveries(
  deps: WebhookDeps,
  endpointId: string,
  { state, before, limit = 50 }: DeliveryListing,
): ReturnType<ThreadsWebhooks['deliveries']> {
  await findEndpoint(deps, endpointId)
  const most = toWhole(limit, 'limit', { least: 1, most: 500 })
  const bounds = { least: 1, most: Number.MAX_SAFE_INTEGER }
  const found = await deps.outbox.list({
    queue: queueName,
    subject: endpointId,
    limit: most,
    ...(state !== undefined && { state: toState(state) }),
    ...(before !== undefined && { before: toWhole(before, 'before', bounds) }),
  })
  // A full page may be the last one; then the next is empty.
  const last = found.length === most ? found.at(-1) : undefined
  return { items: found.map(toDelivery), next_before: last?.position ?? null }
}

export async function getDelivery(deps: WebhookDeps, id: string): ReturnType<ThreadsWebhooks['delivery']> {
  const found = await findDelivery(deps, id)
  return { ...toDelivery(found), history: found.history.map(toAttempt) }
}

export async function retryDelivery(deps: WebhookDeps, id: string): Promise<void> {
  await findDelivery(deps, id)
  if (!(await deps.outbox.retry(id))) throw notAtRest()
  deps.queue.nudge()
}

export async function discardDelivery(deps: WebhookDeps, id: string): Promise<void> {
  await findDelivery(deps, id)
  if (!(await deps.outbox.discard(id))) throw notAtRest()
}

async function findDelivery({ outbox }: WebhookDeps, id: string) {
  const found = isId(id) ? await outbox.get(id) : undefined
  if (found?.queue !== queueName) throw threadsErrors.deliveryNotFound()
  return found
}

const notAtRest = () => threadsErrors.conflict({ message: 'the delivery was sent already, or is being sent' })
