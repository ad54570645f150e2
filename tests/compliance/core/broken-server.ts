import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface BrokenServer {
  url: string
  stop(): Promise<void>
}

const sid = 'c0ffee00c0ffee00c0ffee00c0ffee00'
type Field = { value: unknown; by: string; at: string }
type Action = { key: string; value: unknown }

/** A server that looks like the protocol and keeps few of its promises; `run.test.ts` lists its faults. */
export async function startBrokenServer(): Promise<BrokenServer> {
  const values = new Map<string, Field>()
  const server = createServer((request, response) => void answer(request, response, values))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()))
  return { url: `http://127.0.0.1:${port}`, stop }
}

async function answer(request: IncomingMessage, response: ServerResponse, values: Map<string, Field>) {
  const body = JSON.parse((await text(request)) || '{}') as { context?: object; actions?: Action[] }
  const [, , route] = (request.url ?? '').split('/')
  const json = (payload: object) => {
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify(payload))
  }
  if (route === 'session') return json(created(body.context ?? {}, values))
  if (route?.startsWith('context')) return json(view(values))
  if (route === 'action') return json(applied(body.actions ?? [], values))
  response.statusCode = 404
  response.setHeader('Content-Type', 'text/html')
  response.end('<h1>Not Found</h1>')
}

function created(context: object, values: Map<string, Field>) {
  const at = new Date().toISOString()
  for (const [key, value] of Object.entries(context)) values.set(key, { value, by: 'user', at })
  const paths = ['context', 'action', 'diff', 'notify'].map((name) => [
    `${name}Url`,
    `/handshake/${name}/${sid}`,
  ])
  const urls = Object.fromEntries(paths) as Record<string, string>
  return { sessionId: sid, token: 'short', wsUrl: `/ws/handshake/${sid}`, ...urls, expiresIn: 1800 }
}

function view(values: Map<string, Field>) {
  const rest = { schema: [], missing: [], meta: {}, expiresIn: 1799 }
  return { sessionId: sid, mode: 'form-fill', context: Object.fromEntries(values), ...rest }
}

function applied(actions: Action[], values: Map<string, Field>) {
  const at = new Date().toISOString()
  for (const { key, value } of actions) values.set(key, { value, by: 'ai', at })
  const broadcast = { clients: 0, actionMessages: 0, doneMessages: 0 }
  return {
    ok: true,
    applied: actions.map(({ key }) => key),
    rejected: [],
    errors: [],
    ...view(values),
    broadcast,
  }
}
