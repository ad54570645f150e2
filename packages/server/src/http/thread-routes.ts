import type { OpenAPIHono } from '@hono/zod-openapi'
import { type DoorEnv, jsonResponse } from '@parley/kernel/http'
import { isVisible, type Principal, type Tenant } from '@parley/kernel/principal'
import { parseAddMember, type ThreadsOperator } from '@parley/threads'
import type { Context } from 'hono'
import * as z from 'zod'
import { toThreadsIdentity } from '../auth/threads-caller.js'
import type { Gate } from './context.js'
import { documentRoute } from './document.js'
import { parseJson, parseQueries, parseQuery } from './parse.js'
import { TenantEntries, TenantQuery, toTenant } from './tenant-query.js'

const root = '/parley/v1/threads'
const tag = 'threads'

const ListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(300).optional(),
})
const Member = z.looseObject({
  identity: z.looseObject({
    role: z.enum(['user', 'assistant', 'system']),
    id: z.string(),
    name: z.string(),
    metadata: z.looseObject({}).optional(),
  }),
  role: z.string().optional(),
})

/** What the people who run the server see and do in rooms; a credential with a tenant, in those inside of it. */
export function addThreadRoutes(app: OpenAPIHono<DoorEnv>, rooms: ThreadsOperator, gate: Gate): void {
  app.get(root, async (context) => {
    const who = await gate(context, 'threads:read')
    const { limit, cursor } = parseQuery(context, ListQuery)
    const within = withinOf(context, who)
    if (!within) return jsonResponse(200, { items: [], next_cursor: null })
    return jsonResponse(200, await rooms.list({ within, limit, ...(cursor !== undefined && { cursor }) }))
  })
  documentRoute(app, {
    method: 'get',
    path: root,
    tag,
    summary: 'List threads of all tenants, newest first, with how many members and active runs each has',
    query: ListQuery.extend(TenantQuery.shape),
  })

  app.get(`${root}/tenants`, async (context) => {
    const who = await gate(context, 'threads:read')
    const within = withinOf(context, who)
    return jsonResponse(200, { items: within ? await rooms.tenants(within) : [] })
  })
  documentRoute(app, {
    method: 'get',
    path: `${root}/tenants`,
    tag,
    summary: 'List the tenants that threads have, with how many',
    query: TenantQuery,
  })

  app.get(`${root}/:id`, async (context) => {
    const { tenant } = await gate(context, 'threads:read')
    return jsonResponse(200, await rooms.get(tenant, context.req.param('id')))
  })
  documentRoute(app, {
    method: 'get',
    path: `${root}/:id`,
    tag,
    summary: 'Read one thread with its members and newest runs',
  })

  app.post(`${root}/:id/members`, async (context) => {
    const who = await gate(context, 'threads:write')
    const read = async () => parseAddMember(await parseJson(context, Member))
    const author = toThreadsIdentity(who)
    const added = await rooms.addMember(author, who.tenant, context.req.param('id'), read)
    return jsonResponse(added.isNew ? 201 : 200, added.member)
  })
  documentRoute(app, {
    method: 'post',
    path: `${root}/:id/members`,
    tag,
    summary: 'Add anybody to a thread',
    status: 201,
    body: Member,
  })
}

/** What the query asks for, within the caller's own tenant; undefined when there can be nothing. */
function withinOf(context: Context, { tenant }: Principal): Tenant | undefined {
  const within = { ...tenant, ...toTenant(parseQueries(context, 'tenant', TenantEntries)) }
  return isVisible(tenant, within) ? within : undefined
}
