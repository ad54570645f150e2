// Sends one delivery: the event as it is stored, signed, to where its endpoint is now.

import {
  type Delivery,
  type GuardedFetch,
  type Send,
  type SendOutcome,
  sendWebhook,
} from '@parley/kernel/delivery'
import type { Ground } from '@parley/kernel/ground'
import type { StoredEvent } from '@parley/kernel/log'
import { toIsoTime } from '../../protocol/index.js'
import type { ThreadStore } from '../../store/port.js'
import type { WebhookRow, WebhookSecrets, WebhookStore } from '../../store/webhooks/port.js'
import { streamOf, toWireText } from '../events.js'
import { targetOf } from './enqueue.js'
import type { Health } from './health.js'
import { seesThread } from './interest.js'

type SenderDeps = {
  ground: Ground
  threads: ThreadStore
  store: WebhookStore
  guard: GuardedFetch
  health: Health
}

type Endpoint = WebhookRow & WebhookSecrets

/** The `send` of the queue of webhooks. */
export function webhookSender(deps: SenderDeps): Send {
  return async (delivery, options) => {
    const endpoint = await deps.store.findToSend(targetOf(delivery).endpoint_id)
    if (!endpoint) return dead('The endpoint does not exist any more.')
    if (!endpoint.isEnabled) return dead('The endpoint is disabled.')
    const body = await readBody(deps, endpoint, delivery)
    if ('error' in body) return dead(body.error)
    const outcome = await post(deps, endpoint)({ ...delivery, payload: body.text }, options)
    await deps.health.note(endpoint, outcome)
    return outcome
  }
}

const dead = (error: string): SendOutcome => ({ outcome: 'dead', error })

/** The bytes that are sent, alike in every attempt: an event never changes. */
function toWebhookBody(event: StoredEvent): string {
  const head = JSON.stringify({ type: event.type, timestamp: toIsoTime(event.at) })
  return `${head.slice(0, -1)},"data":${toWireText(event)}}`
}

async function readBody(
  { ground, threads }: SenderDeps,
  endpoint: Endpoint,
  delivery: Delivery,
): Promise<{ text: string } | { error: string }> {
  const { thread_id, event_id } = targetOf(delivery)
  const [thread, event] = await Promise.all([
    threads.findThread(thread_id),
    ground.log.find(streamOf(thread_id), event_id),
  ])
  // What was erased has `null` for a body.
  if (!thread || !event || event.body === 'null') return { error: 'The event does not exist any more.' }
  if (!seesThread(endpoint, thread_id, thread.tenant))
    return { error: 'The endpoint does not see the thread any more.' }
  return { text: toWebhookBody(event) }
}

function post({ ground: { clock }, guard, health }: SenderDeps, endpoint: Endpoint): Send {
  const { url, secret, previousSecret, previousUntil } = endpoint
  const isBoth = previousSecret !== null && (previousUntil ?? 0) > clock.micros()
  return sendWebhook({
    guard,
    clock,
    endpoint: async () => ({ url, secret: isBoth ? [secret, previousSecret] : secret }),
    onGone: () => health.gone(endpoint),
  })
}
