// Puts deliveries into the unit of the event that causes them.

import type { Op } from '@parley/kernel/db'
import type { Outbox } from '@parley/kernel/delivery'
import type { Ids } from '@parley/kernel/ids'
import type { WebhookConfig } from '../../protocol/index.js'
import type { SessionsStore } from '../../store/port.js'
import type { Happened, Observer } from '../port.js'
import { enqueueOps, laneOf, queueName, targetOf } from './enqueue.js'
import { toWebhookEvent, type WebhookEvent } from './to-webhook.js'

type ObserverDeps = {
  ids: Ids
  store: Pick<SessionsStore, 'sessions'>
  outbox: Outbox
  nudge(): void
}

const none: readonly Op[] = []
/** Derived deliveries among the newest of a lane: there are few before a host calls back for the first time. */
const looked = 50

export function webhookObserver(deps: ObserverDeps): Observer {
  return {
    ops: (happened) => {
      const told = toWebhookEvent(happened)
      return told ? opsOf(deps, happened, told) : none
    },
    committed: (happened) => {
      if (toWebhookEvent(happened)) deps.nudge()
    },
  }
}

async function opsOf(deps: ObserverDeps, happened: Happened, told: WebhookEvent): Promise<readonly Op[]> {
  const { id: sessionId, hostId } = happened.session
  const { sessions } = deps.store
  const webhooks = (await sessions.listWebhooks(sessionId)).filter((one) => wants(one, told))
  if (webhooks.length === 0 || (await wasDerived(deps, happened, told, webhooks))) return none
  const ops = enqueueOps(deps, webhooks, { sessionId, event: happened.event, told })
  const mayCallBack = told.derived && told.once === undefined && hostId === null
  // WHY a guard: its host may be calling back for the first time right now, about the same.
  return mayCallBack ? [sessions.change(sessionId, {}, { callsBack: false }), ...ops] : ops
}

const wants = ({ events }: WebhookConfig, { type }: WebhookEvent): boolean => !events || events.includes(type)

/**
 * True for the first callback of a host whose events said the same before: until it called nobody could know that it would.
 */
async function wasDerived(
  { outbox }: ObserverDeps,
  { session, via }: Happened,
  told: WebhookEvent,
  webhooks: readonly WebhookConfig[],
): Promise<boolean> {
  if (via !== 'firstCallback' || told.once !== undefined) return false
  const lanes = webhooks.map(({ id }) => laneOf(session.id, id))
  const sent = await Promise.all(lanes.map((lane) => outbox.list({ queue: queueName, lane, limit: looked })))
  return sent.flat().some((one) => targetOf(one).derived && targetOf(one).eventType === told.type)
}
