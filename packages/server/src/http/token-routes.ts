import type { OpenAPIHono } from '@hono/zod-openapi'
import { type DoorEnv, jsonResponse } from '@parley/kernel/http'
import { parseAddMember } from '@parley/threads'
import * as z from 'zod'
import type { ActAsTokens } from '../auth/act-as-tokens.js'
import type { Gate } from './context.js'
import { documentRoute } from './document.js'
import { parseJson, parseQuery } from './parse.js'

const path = '/parley/v1/threads/tokens'
const scope = 'threads:act-as'

const day = 86_400
const CreateToken = z.object({
  // Looked into by the plane's own schema, which says more about it.
  identity: z.looseObject({
    id: z.string(),
    name: z.string(),
    role: z.enum(['user', 'system']).default('user'),
    metadata: z.looseObject({}).optional(),
  }),
  ttl_seconds: z.number().int().min(1).max(day).default(3_600),
})
const RevokeQuery = z.object({
  identity_id: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[^\0]*$/),
})

/** Short-lived tokens with which an app lets its users into rooms. */
export function addTokenRoutes(app: OpenAPIHono<DoorEnv>, tokens: ActAsTokens, gate: Gate): void {
  app.post(path, async (context) => {
    const who = await gate(context, scope)
    const { identity: given, ttl_seconds } = await parseJson(context, CreateToken)
    const { identity } = parseAddMember({ identity: given })
    return jsonResponse(201, await tokens.create(who, identity, ttl_seconds))
  })
  documentRoute(app, {
    method: 'post',
    path,
    tag: 'threads',
    summary: 'Make a token with which somebody acts as an identity for a while; it is shown once',
    status: 201,
    body: CreateToken,
  })

  app.delete(path, async (context) => {
    const who = await gate(context, scope)
    const { identity_id } = parseQuery(context, RevokeQuery)
    return jsonResponse(200, { revoked: await tokens.revoke(who, identity_id) })
  })
  documentRoute(app, {
    method: 'delete',
    path,
    tag: 'threads',
    summary: 'End all tokens of an identity; its open sockets are closed within a minute',
    query: RevokeQuery,
  })
}
