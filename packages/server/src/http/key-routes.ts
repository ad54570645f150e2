import type { OpenAPIHono } from '@hono/zod-openapi'
import { answer, type DoorEnv, jsonResponse } from '@parley/kernel/http'
import * as z from 'zod'
import type { Credentials } from '../auth/credentials.js'
import { TenantMap } from '../auth/tenants.js'
import type { Gate } from './context.js'
import { documentRoute } from './document.js'
import { parseJson } from './parse.js'

const CreateKey = z.object({
  // Control characters would reach terminals by `parley keys list`, and Postgres takes no NUL.
  name: z
    .string()
    .trim()
    .min(1)
    .max(80)
    .regex(/^[^\p{Cc}\p{Surrogate}]*$/u, 'must not hold control characters'),
  scopes: z.array(z.string()).min(1).max(20).default(['*']),
  /** Default: that of whoever makes it. */
  tenant: TenantMap.optional(),
})

/** API keys of the server. */
export function addKeyRoutes(app: OpenAPIHono<DoorEnv>, credentials: Credentials, gate: Gate): void {
  app.get('/parley/v1/keys', async (context) => {
    const who = await gate(context, 'keys:write')
    return jsonResponse(200, { keys: await credentials.listKeys(who) })
  })
  documentRoute(app, { method: 'get', path: '/parley/v1/keys', tag: 'server', summary: 'List API keys' })

  app.post('/parley/v1/keys', async (context) => {
    const who = await gate(context, 'keys:write')
    const { name, scopes, tenant } = await parseJson(context, CreateKey)
    return jsonResponse(201, await credentials.createKey(who, name, scopes, tenant))
  })
  documentRoute(app, {
    method: 'post',
    path: '/parley/v1/keys',
    tag: 'server',
    summary: 'Create an API key; its secret is shown once',
    status: 201,
    body: CreateKey,
  })

  app.delete('/parley/v1/keys/:id', async (context) => {
    const who = await gate(context, 'keys:write')
    await credentials.revokeKey(who, context.req.param('id'))
    return answer(204, null)
  })
  documentRoute(app, {
    method: 'delete',
    path: '/parley/v1/keys/:id',
    tag: 'server',
    summary: 'Revoke an API key',
    status: 204,
  })
}
