// The server's routes over a plane in memory, where a test says who calls and what time it is.
import { createHandshake } from '@parley/handshake'
import { openGround } from '@parley/kernel/ground'
import type { Principal } from '@parley/kernel/principal'
import { createMetrics } from '@parley/kernel/telemetry'
import { createRelay } from '@parley/relay'
import { fakeClock, fakeIds } from '@parley/testkit'
import { createThreads } from '@parley/threads'
import { onTestFinished } from 'vitest'
import { ActAsTokens } from '../auth/act-as-tokens.js'
import type { Asked } from '../auth/authenticate.js'
import { Credentials } from '../auth/credentials.js'
import { allMigrations } from '../ground.js'
import { createServerApp } from './app.js'

/** Somebody of a tenant who may do everything. */
export const someone = (tenant: Principal['tenant'] = {}): Principal => ({
  kind: 'user',
  id: 'someone',
  tenant,
  scopes: ['*'],
})

/** The members of answers that these tests look at. */
type Body = { handshakes: { id: string }[]; nextCursor: string | null; expiresIn: number }

/** Opens the routes; `who` of a call is taken as its principal. */
export async function openPlaneApp() {
  const clock = fakeClock()
  const ground = await openGround({ clock, ids: fakeIds() })
  await ground.db.migrate(allMigrations)
  const whoOf = (request: Asked) => JSON.parse(request.headers.get('x-who') ?? 'null') ?? undefined
  const stopping = new AbortController()
  const handshake = createHandshake({ ground, authenticate: async (request) => whoOf(request) })
  const threads = createThreads({ ground, authenticate: () => null })
  const relay = createRelay({ ground })
  const app = createServerApp({
    credentials: new Credentials(ground),
    authenticate: async ({ request }) => whoOf(request),
    service: await handshake.service(),
    rooms: await threads.operator(),
    relay: (await relay.service()).operator,
    tokens: new ActAsTokens(ground),
    webhooks: await threads.webhooks(),
    planeApps: [],
    consoleFiles: undefined,
    metrics: createMetrics(),
    clock,
    publicUrl: () => 'http://parley.test',
    selfOrigins: () => [],
    isReady: async () => true,
    stopping: stopping.signal,
    onFault: (error) => {
      throw error
    },
  })
  onTestFinished(async () => {
    stopping.abort()
    await handshake.stop()
    await threads.stop()
    await relay.stop()
    await ground.close()
  })

  const request = (path: string, who: Principal, init: RequestInit = {}) => {
    const headers = new Headers(init.headers)
    headers.set('content-type', 'application/json')
    headers.set('x-who', JSON.stringify(who))
    const call = new Request(`http://parley.test${path}`, { ...init, headers })
    const info = { remoteAddress: '127.0.0.1', requestId: 'req_1' }
    return handshake.owns(path) ? handshake.fetch(call, info) : app.fetch(call, info)
  }
  const json = async (path: string, who: Principal, init?: RequestInit) => {
    const response = await request(path, who, init)
    return { status: response.status, body: (await response.json()) as Body }
  }
  const create = async (
    who: Principal,
    body: object = {},
  ): Promise<{ sessionId: string; notifyUrl: string }> =>
    (await json('/handshake/session', who, { method: 'POST', body: JSON.stringify(body) })).body as never
  const edit = (page: { notifyUrl: string }, key: string) =>
    request(page.notifyUrl, someone(), { method: 'POST', body: JSON.stringify({ key, value: key }) })
  return { clock, request, json, create, edit }
}

/** Numbers of the events of an SSE answer, up to "caught up". */
export async function seqsUntilCaughtUp(response: Response): Promise<number[]> {
  let text = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    if (text.includes('event: caught_up')) break
  }
  return [...text.matchAll(/^id: (\d+)$/gm)].map(([, seq]) => Number(seq))
}
