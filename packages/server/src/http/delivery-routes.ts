import type { OpenAPIHono } from '@hono/zod-openapi'
import { answer, type DoorEnv, jsonResponse } from '@parley/kernel/http'
import { type ThreadsWebhooks, threadsErrors } from '@parley/threads'
import type { Context } from 'hono'
import * as z from 'zod'
import type { Gate } from './context.js'
import { documentRoute } from './document.js'
import { parseJson, parseQuery } from './parse.js'
import { webhookFinder, webhooksRoot } from './webhook-routes.js'

const root = `${webhooksRoot}/:id/deliveries`
const one = `${root}/:delivery`
const tag = 'webhooks'

const ListQuery = z.object({
  state: z.enum(['waiting', 'sending', 'sent', 'dead']).optional(),
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
})
const Replay = z.object({
  thread_id: z.string().max(255),
  after_seq: z.number().int().min(0).optional(),
  limit: z.number().int().min(1).max(10_000).optional(),
})

/** What is on its way to a webhook, what could not be delivered, and sending it again. */
export function addDeliveryRoutes(app: OpenAPIHono<DoorEnv>, webhooks: ThreadsWebhooks, gate: Gate): void {
  const find = webhookFinder(webhooks, gate)
  const findDelivery = async (context: Context, scope: string) => {
    const endpoint = await find(context, scope)
    const delivery = await webhooks.delivery(context.req.param('delivery') ?? '')
    if (delivery.endpoint_id !== endpoint.id) throw threadsErrors.deliveryNotFound()
    return delivery
  }

  app.get(root, async (context) => {
    const { id } = await find(context, 'webhooks:read')
    const { state, before, limit } = parseQuery(context, ListQuery)
    const page = await webhooks.deliveries(id, {
      limit,
      ...(state && { state }),
      ...(before !== undefined && { before }),
    })
    return jsonResponse(200, page)
  })
  documentRoute(app, {
    method: 'get',
    path: root,
    tag,
    summary: 'List deliveries, newest first; `next_before` goes on',
    query: ListQuery,
  })

  app.get(one, async (context) => jsonResponse(200, await findDelivery(context, 'webhooks:read')))
  documentRoute(app, { method: 'get', path: one, tag, summary: 'Read a delivery with its last attempts' })

  app.post(`${one}/retry`, async (context) => {
    await webhooks.retry((await findDelivery(context, 'webhooks:write')).id)
    return answer(204, null)
  })
  documentRoute(app, {
    method: 'post',
    path: `${one}/retry`,
    tag,
    summary: 'Try a waiting or dead delivery now',
    status: 204,
  })

  app.post(`${one}/discard`, async (context) => {
    await webhooks.discard((await findDelivery(context, 'webhooks:write')).id)
    return answer(204, null)
  })
  documentRoute(app, {
    method: 'post',
    path: `${one}/discard`,
    tag,
    summary: 'Forget a waiting or dead delivery',
    status: 204,
  })

  app.post(`${webhooksRoot}/:id/replay`, async (context) => {
    const { id } = await find(context, 'webhooks:write')
    const { thread_id, after_seq, limit } = await parseJson(context, Replay)
    const replayed = await webhooks.replay(id, {
      threadId: thread_id,
      ...(after_seq !== undefined && { afterSeq: after_seq }),
      ...(limit !== undefined && { limit }),
    })
    return jsonResponse(200, replayed)
  })
  documentRoute(app, {
    method: 'post',
    path: `${webhooksRoot}/:id/replay`,
    tag,
    summary: 'Send stored events of a thread again',
    body: Replay,
  })
}
