// Creating, reading, changing and removing endpoints.

import type { Op } from '@parley/kernel/db'
import { newWebhookSecret } from '@parley/kernel/delivery'
import { threadsErrors } from '../../errors.js'
import { type Page, tenantMatches, toIsoTime } from '../../protocol/index.js'
import type { TenantMap } from '../../store/port.js'
import type { WebhookChange, WebhookRow } from '../../store/webhooks/port.js'
import { toThreadPosition } from '../position.js'
import { assertUrl, isId, toDescription, toEventTypes, toTenant, toWhole } from './checks.js'
import type { WebhookDeps } from './deps.js'
import { queueName } from './enqueue.js'
import { allTypes } from './interest.js'
import { toEndpoint } from './objects.js'
import type { NewWebhook, ThreadsWebhooks, WebhookEndpoint, WebhookListing, WebhookPatch } from './types.js'

/** How long the secret before signs as well. */
const rotationMs = 24 * 3_600_000

export async function createEndpoint(
  deps: WebhookDeps,
  wanted: NewWebhook,
): ReturnType<ThreadsWebhooks['create']> {
  const { ground, store, registry } = deps
  const row = await toRow(deps, wanted)
  if ((await store.count(row.tenant)) >= deps.options.endpointsPerTenant)
    throw threadsErrors.tooManyWebhooks()
  const secret = newWebhookSecret(ground.ids)
  const ops = store.insert({ ...row, secret, previousSecret: null, previousUntil: null })
  await ground.log.commit({ ops, appends: [] })
  await registry.changed()
  return { endpoint: toEndpoint(row), secret }
}

async function toRow(deps: WebhookDeps, wanted: NewWebhook): Promise<WebhookRow> {
  const { ids, clock } = deps.ground
  const { url, eventTypes = [allTypes], threadId = null, description = '' } = wanted
  const tenant = toTenant(wanted.tenant ?? null)
  const row = {
    tenant,
    threadId,
    url,
    description: toDescription(description),
    eventTypes: toEventTypes(eventTypes),
    isEnabled: true,
    disabledReason: null,
    failingSince: null,
  }
  await assertReachable(deps, url)
  if (threadId !== null) await assertThread(deps, threadId, tenant)
  return { id: ids.next('wh'), ...row, createdAt: clock.micros() }
}

const assertReachable = ({ guard, options }: WebhookDeps, url: string) =>
  assertUrl(url, guard, isAny(options.allowPrivateAddresses))

const isAny = (allowed: boolean | readonly string[]): boolean =>
  typeof allowed === 'boolean' ? allowed : allowed.length > 0

async function assertThread({ threads }: WebhookDeps, threadId: string, tenant: TenantMap | null) {
  const thread = isId(threadId) ? await threads.findThread(threadId) : undefined
  if (!thread || (tenant !== null && !tenantMatches(thread.tenant, tenant)))
    throw threadsErrors.threadNotFound()
}

/** The endpoint's row. Throws `threads.webhook_not_found`. */
export async function findEndpoint({ store }: WebhookDeps, id: string): Promise<WebhookRow> {
  const row = isId(id) ? await store.find(id) : undefined
  if (!row) throw threadsErrors.webhookNotFound()
  return row
}

export async function listEndpoints(
  { store }: WebhookDeps,
  { tenant, limit = 50, cursor }: WebhookListing,
): Promise<Page<WebhookEndpoint>> {
  const most = toWhole(limit, 'limit', { least: 1, most: 500 })
  const rows = await store.list({
    limit: most + 1,
    ...(tenant !== undefined && { tenant: toTenant(tenant) }),
    ...(cursor && { after: toThreadPosition(cursor) }),
  })
  const items = rows.slice(0, most).map(toEndpoint)
  const last = rows.length > most ? items.at(-1) : undefined
  return { items, next_cursor: last ? { created_at: last.created_at, id: last.id } : null }
}

export async function updateEndpoint(
  deps: WebhookDeps,
  id: string,
  { url, eventTypes, description, isEnabled }: WebhookPatch,
): Promise<WebhookEndpoint> {
  await findEndpoint(deps, id)
  const change: WebhookChange = {
    ...(url !== undefined && { url }),
    ...(eventTypes && { eventTypes: toEventTypes(eventTypes) }),
    ...(description !== undefined && { description: toDescription(description) }),
    ...(isEnabled !== undefined && { isEnabled, disabledReason: null, failingSince: null }),
  }
  if (url !== undefined) await assertReachable(deps, url)
  if (Object.keys(change).length > 0) await commitChange(deps, deps.store.update(id, change))
  return toEndpoint(await findEndpoint(deps, id))
}

/** Its deliveries that wait go in the same unit. */
export async function removeEndpoint(deps: WebhookDeps, id: string): Promise<void> {
  const { store, outbox } = deps
  await findEndpoint(deps, id)
  await commitChange(deps, [...store.remove(id), ...outbox.discardOps({ queue: queueName, subject: id })])
}

async function commitChange({ ground, registry }: WebhookDeps, ops: Op[]): Promise<void> {
  const { outcome } = await ground.log.commit({ ops, appends: [] })
  if (outcome !== 'committed') throw threadsErrors.webhookNotFound()
  await registry.changed()
}

export async function rotateSecret(
  deps: WebhookDeps,
  id: string,
): ReturnType<ThreadsWebhooks['rotateSecret']> {
  const { ground, store } = deps
  const endpoint = isId(id) ? await store.findToSend(id) : undefined
  if (!endpoint) throw threadsErrors.webhookNotFound()
  const secret = newWebhookSecret(ground.ids)
  const previousUntil = ground.clock.micros() + rotationMs * 1_000
  const op = store.replaceSecrets(id, { secret, previousSecret: endpoint.secret, previousUntil })
  const { outcome } = await ground.log.commit({ ops: [op], appends: [] })
  if (outcome !== 'committed') throw threadsErrors.webhookNotFound()
  return { endpoint: toEndpoint(endpoint), secret, previous_until: toIsoTime(previousUntil) }
}
