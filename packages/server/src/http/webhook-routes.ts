import type { OpenAPIHono } from '@hono/zod-openapi'
import { kernelErrors } from '@parley/kernel/errors'
import { answer, type DoorEnv, jsonResponse } from '@parley/kernel/http'
import { isVisible, type Principal } from '@parley/kernel/principal'
import { type ThreadsWebhooks, threadsErrors, type WebhookEndpoint } from '@parley/threads'
import type { Context } from 'hono'
import * as z from 'zod'
import { assertWithin, TenantMap } from '../auth/tenants.js'
import type { Gate } from './context.js'
import { documentRoute } from './document.js'
import { parseJson, parseQueries, parseQuery } from './parse.js'
import { TenantEntries, TenantQuery, toTenant } from './tenant-query.js'

export const webhooksRoot = '/parley/v1/webhooks'
const root = webhooksRoot
const tag = 'webhooks'

const text = z.string().max(4_096)
const eventTypes = z.array(z.string().max(100)).max(100)
const Create = z.object({
  url: text,
  event_types: eventTypes.optional(),
  tenant: TenantMap.nullable().optional(),
  thread_id: z.string().max(255).nullable().optional(),
  description: text.optional(),
})
const Patch = z.object({
  url: text.optional(),
  event_types: eventTypes.optional(),
  description: text.optional(),
  is_enabled: z.boolean().optional(),
})
const ListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(300).optional(),
})

/** Finds an endpoint for whoever calls; one outside of their tenant looks like none. */
export type FindWebhook = (context: Context, scope: string) => Promise<WebhookEndpoint>

export function webhookFinder(webhooks: ThreadsWebhooks, gate: Gate): FindWebhook {
  return async (context, scope) => {
    const who = await gate(context, scope)
    const endpoint = await webhooks.get(context.req.param('id') ?? '')
    if (!isVisible(who.tenant, endpoint.tenant ?? {})) throw threadsErrors.webhookNotFound()
    return endpoint
  }
}

/** Where events of rooms go. A credential with a tenant has the endpoints of exactly this tenant, or inside of it. */
export function addWebhookRoutes(app: OpenAPIHono<DoorEnv>, webhooks: ThreadsWebhooks, gate: Gate): void {
  const find = webhookFinder(webhooks, gate)

  app.get(root, async (context) => {
    const who = await gate(context, 'webhooks:read')
    const { limit, cursor } = parseQuery(context, ListQuery)
    const tenant = listedTenant(context, who)
    const { items, next_cursor } = await webhooks.list({
      limit,
      ...(tenant && { tenant }),
      ...(cursor !== undefined && { cursor: toCursor(cursor) }),
    })
    const next = next_cursor && `${next_cursor.created_at}~${next_cursor.id}`
    return jsonResponse(200, { items, next_cursor: next })
  })
  documentRoute(app, {
    method: 'get',
    path: root,
    tag,
    summary: 'List webhooks, newest first; with `tenant`, those of exactly this one',
    query: ListQuery.extend(TenantQuery.shape),
  })

  app.post(root, async (context) => {
    const who = await gate(context, 'webhooks:write')
    const wanted = await parseJson(context, Create)
    const hasTenant = Object.keys(who.tenant).length > 0
    const { url, event_types, tenant = hasTenant ? who.tenant : null, thread_id, description } = wanted
    assertWithin(who, tenant ?? {})
    const { endpoint, secret } = await webhooks.create({
      url,
      tenant,
      ...(event_types && { eventTypes: event_types }),
      ...(thread_id !== undefined && { threadId: thread_id }),
      ...(description !== undefined && { description }),
    })
    return jsonResponse(201, { ...endpoint, secret })
  })
  documentRoute(app, {
    method: 'post',
    path: root,
    tag,
    summary: 'Create a webhook; its secret is shown once',
    status: 201,
    body: Create,
  })

  app.get(`${root}/:id`, async (context) => jsonResponse(200, await find(context, 'webhooks:read')))
  documentRoute(app, { method: 'get', path: `${root}/:id`, tag, summary: 'Read a webhook' })

  app.patch(`${root}/:id`, async (context) => {
    const { id } = await find(context, 'webhooks:write')
    const { url, event_types, description, is_enabled } = await parseJson(context, Patch)
    const changed = await webhooks.update(id, {
      ...(url !== undefined && { url }),
      ...(event_types && { eventTypes: event_types }),
      ...(description !== undefined && { description }),
      ...(is_enabled !== undefined && { isEnabled: is_enabled }),
    })
    return jsonResponse(200, changed)
  })
  documentRoute(app, {
    method: 'patch',
    path: `${root}/:id`,
    tag,
    summary: 'Change a webhook, or turn it on and off',
    body: Patch,
  })

  app.delete(`${root}/:id`, async (context) => {
    await webhooks.remove((await find(context, 'webhooks:write')).id)
    return answer(204, null)
  })
  documentRoute(app, {
    method: 'delete',
    path: `${root}/:id`,
    tag,
    summary: 'Remove a webhook; what waits to be sent is forgotten',
    status: 204,
  })

  app.post(`${root}/:id/rotate-secret`, async (context) => {
    const { id } = await find(context, 'webhooks:write')
    const { endpoint, secret, previous_until } = await webhooks.rotateSecret(id)
    return jsonResponse(200, { ...endpoint, secret, previous_until })
  })
  documentRoute(app, {
    method: 'post',
    path: `${root}/:id/rotate-secret`,
    tag,
    summary: 'Make a new secret; the one before signs as well for a day',
  })
}

/** What the query asks for, else the caller's own; undefined for all. */
function listedTenant(context: Context, who: Principal) {
  const entries = parseQueries(context, 'tenant', TenantEntries)
  const tenant = entries.length > 0 ? toTenant(entries) : who.tenant
  assertWithin(who, tenant)
  return Object.keys(tenant).length > 0 ? tenant : undefined
}

function toCursor(cursor: string): { created_at: string; id: string } {
  const [, created_at, id] = /^([\dT:.Z+-]{1,40})~([\w-]+)$/.exec(cursor) ?? []
  if (created_at === undefined || id === undefined)
    throw kernelErrors.invalidRequest({ message: 'The cursor is none of this list.' })
  return { created_at, id }
}
