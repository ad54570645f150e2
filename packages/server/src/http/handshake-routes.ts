import type { OpenAPIHono } from '@hono/zod-openapi'
import type { HandshakeService } from '@parley/handshake'
import { type DoorEnv, infoOf, jsonResponse, type SseSource, sseResponse } from '@parley/kernel/http'
import type { Clock } from '@parley/kernel/ids'
import type { Principal } from '@parley/kernel/principal'
import type { Context } from 'hono'
import * as z from 'zod'
import type { Gate } from './context.js'
import { documentRoute } from './document.js'
import { changedHandshakes, toSse, whileAllowed } from './handshake-streams.js'
import { parseJson, parseQuery } from './parse.js'
import { createPlaces } from './places.js'

const root = '/parley/v1/handshakes'

const ListQuery = z.object({
  state: z.enum(['open', 'ended', 'all']).default('open'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
})
const EventsQuery = z.object({ after: z.coerce.number().int().min(0).optional() })
const Extend = z.object({ extraSeconds: z.union([z.number(), z.string()]).optional() })

/** Open streams of one principal. */
const maxStreams = 100

type Options = {
  service: HandshakeService
  gate: Gate
  clock: Clock
  heartbeatMs: number
  /** Ends open streams when the server stops. */
  stopping: AbortSignal
  onFault(error: unknown): void
}

/** What the console shows and does with handshakes. */
export function addHandshakeRoutes(
  app: OpenAPIHono<DoorEnv>,
  { service, gate, stopping, ...rest }: Options,
): void {
  const { operator } = service
  // A key that is revoked, or a browser that is signed out, gets nothing from then on.
  const places = createPlaces(maxStreams)
  const live = (context: Context, who: Principal, source: SseSource): Response => {
    const leave = places.take(who.id)
    const guarded: SseSource = (signal) => {
      signal.addEventListener('abort', leave, { once: true })
      return whileAllowed(source(signal), () => gate(context, 'handshake:read'))
    }
    const signal = AbortSignal.any([context.req.raw.signal, stopping])
    return sseResponse(guarded, { ...rest, signal })
  }
  const tag = 'handshakes'

  app.get(root, async (context) => {
    const who = await gate(context)
    return jsonResponse(200, await operator.list(who, parseQuery(context, ListQuery)))
  })
  documentRoute(app, {
    method: 'get',
    path: root,
    tag,
    summary: 'List handshakes, newest first',
    query: ListQuery,
  })

  app.get(`${root}/live`, async (context) => {
    const who = await gate(context, 'handshake:read')
    return live(context, who, (signal) => changedHandshakes(operator, who, signal))
  })
  documentRoute(app, {
    method: 'get',
    path: `${root}/live`,
    tag,
    summary: 'Follow all handshakes as server-sent events',
  })

  app.get(`${root}/:id`, async (context) => {
    const who = await gate(context)
    return jsonResponse(200, await operator.get(who, context.req.param('id')))
  })
  documentRoute(app, { method: 'get', path: `${root}/:id`, tag, summary: 'Read one handshake' })

  app.get(`${root}/:id/events`, async (context) => {
    const who = await gate(context)
    const { after } = parseQuery(context, EventsQuery)
    // A browser that comes back asks with the address it began with, and says by the header how far it got.
    const last = Number(context.req.header('last-event-id'))
    const from = Math.max(after ?? 0, Number.isSafeInteger(last) ? last : 0)
    const follow = await operator.follow(who, context.req.param('id'), from)
    return live(context, who, (signal) => toSse(follow(signal)))
  })
  documentRoute(app, {
    method: 'get',
    path: `${root}/:id/events`,
    tag,
    summary: 'Follow one handshake as server-sent events',
    query: EventsQuery,
  })

  app.get(`${root}/:id/audit`, async (context) => {
    const who = await gate(context)
    return jsonResponse(200, await operator.readAudit(who, context.req.param('id')))
  })
  documentRoute(app, { method: 'get', path: `${root}/:id/audit`, tag, summary: 'Read the audit trail' })

  app.post(`${root}/:id/extend`, async (context) => {
    const who = await gate(context)
    const body = await parseJson(context, Extend)
    const { remoteAddress } = infoOf(context)
    return jsonResponse(200, await operator.extend(who, context.req.param('id'), body, remoteAddress))
  })
  documentRoute(app, {
    method: 'post',
    path: `${root}/:id/extend`,
    tag,
    summary: 'Give more time',
    body: Extend,
  })

  app.delete(`${root}/:id`, async (context) => {
    const who = await gate(context)
    const { remoteAddress } = infoOf(context)
    return jsonResponse(200, await operator.revoke(who, context.req.param('id'), remoteAddress))
  })
  documentRoute(app, { method: 'delete', path: `${root}/:id`, tag, summary: 'Revoke a handshake' })
}
