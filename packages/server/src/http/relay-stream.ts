import type { OpenAPIHono } from '@hono/zod-openapi'
import { type DoorEnv, type SseEvent, sseResponse } from '@parley/kernel/http'
import type { Clock } from '@parley/kernel/ids'
import { operatorRoot, operatorStream, type RelayOperator } from '@parley/relay'
import * as z from 'zod'
import { relayWithin } from '../auth/relay-tenant.js'
import type { Gate } from './context.js'
import { documentRoute } from './document.js'
import { whileAllowed } from './handshake-streams.js'
import { createPlaces } from './places.js'

/** Open streams of one principal. */
const maxStreams = 100

type Options = {
  operator: Pick<RelayOperator, 'watch'>
  gate: Gate
  clock: Clock
  heartbeatMs: number
  /** Ends open streams when the server stops. */
  stopping: AbortSignal
  onFault(error: unknown): void
}

/** Tells the console what to read anew. */
export function addRelayStream(
  app: OpenAPIHono<DoorEnv>,
  { operator, gate, stopping, ...rest }: Options,
): void {
  const places = createPlaces(maxStreams)
  const { scope, summary } = operatorStream
  const path = operatorRoot + operatorStream.path

  app.get(path, async (context) => {
    const who = await gate(context, scope)
    const within = relayWithin(who, context.req.query('tenant'))
    const leave = places.take(who.id)
    const signal = AbortSignal.any([context.req.raw.signal, stopping])
    return sseResponse(
      (ended) => {
        ended.addEventListener('abort', leave, { once: true })
        // A key that is revoked, or a browser that is signed out, gets nothing from then on.
        return whileAllowed(toSse(operator, within, ended), () => gate(context, scope))
      },
      { ...rest, signal },
    )
  })
  const query = z.object({ tenant: z.string().optional() })
  documentRoute(app, { method: 'get', path, tag: 'relay', summary, query })
}

async function* toSse(
  operator: Options['operator'],
  within: Parameters<RelayOperator['watch']>[0],
  signal: AbortSignal,
): AsyncGenerator<SseEvent> {
  const kinds = operator.watch(within, signal)
  yield { event: 'ready', data: '{}' }
  for await (const kind of kinds) yield { event: 'relay', data: JSON.stringify({ kind }) }
}
