import type { OpenAPIHono } from '@hono/zod-openapi'
import { answer, type DoorEnv, jsonResponse } from '@parley/kernel/http'
import { type OperatorRoute, operatorRoot, type RelayOperator } from '@parley/relay'
import type { Context } from 'hono'
import * as z from 'zod'
import { relayWithin } from '../auth/relay-tenant.js'
import type { Gate } from './context.js'
import { documentRoute } from './document.js'
import type { Asked, Call } from './relay/call.js'
import { operatorCalls } from './relay/operator-calls.js'
import { simCalls } from './relay/sim-calls.js'

/** What operators see of chats and agents, and do; a credential with the tenant `org=acme` in that tenant alone. */
export function addRelayRoutes(app: OpenAPIHono<DoorEnv>, operator: RelayOperator, gate: Gate): void {
  for (const call of [...operatorCalls(operator), ...simCalls(operator)]) {
    const { route } = call
    const path = operatorRoot + route.path
    app.on(route.method, path, async (context) => answerOf(route, await run(call, context, gate)))
    // The cast: the table has these methods only.
    const method = route.method.toLowerCase() as 'get' | 'post' | 'patch' | 'delete'
    documentRoute(app, {
      method,
      path,
      tag: 'relay',
      summary: route.summary,
      ...(call.body && { body: call.body }),
      ...(route.query && { query: queryOf(route.query) }),
      status: statusOf(route),
    })
  }
}

async function run(call: Call, context: Context, gate: Gate): Promise<unknown> {
  const who = await gate(context, call.route.scope)
  const asked: Asked = { context, within: relayWithin(who, context.req.query('tenant')), who }
  return call.run(asked)
}

function answerOf(route: OperatorRoute, found: unknown): Response {
  if (route.answer === 'nothing') return answer(204, null)
  // The cast: every other route answers an object.
  return jsonResponse(statusOf(route), route.answer === 'items' ? { items: found } : (found as object))
}

const statusOf = ({ answer: kind, status }: OperatorRoute): number =>
  status ?? (kind === 'nothing' ? 204 : 200)

const queryOf = (names: readonly string[]) =>
  z.object(Object.fromEntries(names.map((name) => [name, z.string().optional()])))
