// Discord as its documentation says it is, as far as the driver asks: routes and errors over HTTP, events over a gateway.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { FakeGateway } from './fake-gateway.test.support.js'
import { type Asked, routes } from './fake-routes.test.support.js'
import { FakeWorld } from './fake-world.test.support.js'

/** What every call is answered with from now on; undefined: what the routes say. */
export type Trouble =
  | { kind: 'status'; status: number; body: string; headers?: Record<string, string> }
  | { kind: 'hangs' }
  | { kind: 'breaks' }

export type FakeDiscord = {
  world: FakeWorld
  gateway: FakeGateway
  apiBase: string
  trouble: Trouble | undefined
  /** Calls that wait for ever. */
  hanging(): number
  /** Headers of every answer of the routes. */
  headers: Record<string, string>
  /** Told how many calls there were, before each is answered. */
  onCall: (count: number) => void
  /** Every call so far: method and path, without the version. */
  calls: string[]
  /** What each of them was proven with. */
  proofs: (string | undefined)[]
  close(): Promise<void>
}

export async function fakeDiscord(token: string): Promise<FakeDiscord> {
  const world = new FakeWorld(token)
  const waiting = new Set<ServerResponse>()
  const server = createServer((request, response) => {
    answer(fake, waiting, request, response).catch(() => response.destroy())
  })
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (ws) => gateway.connected(ws))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const gateway = new FakeGateway(world, `ws://127.0.0.1:${port}`)
  const fake: FakeDiscord = {
    world,
    gateway,
    apiBase: `http://127.0.0.1:${port}/api`,
    trouble: undefined,
    hanging: () => waiting.size,
    calls: [],
    proofs: [],
    headers: {},
    onCall: () => {},
    close: async () => {
      for (const response of waiting) response.destroy()
      gateway.close()
      sockets.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return fake
}

async function answer(
  fake: FakeDiscord,
  waiting: Set<ServerResponse>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = await read(request)
  fake.calls.push(`${asked.method} ${asked.path}`)
  fake.proofs.push(asked.authorization)
  fake.onCall(fake.calls.length)
  const { trouble, world } = fake
  if (trouble?.kind === 'breaks') return void request.socket.destroy()
  if (trouble?.kind === 'hangs') {
    waiting.add(response)
    response.on('close', () => waiting.delete(response))
    return
  }
  if (trouble) return void response.writeHead(trouble.status, trouble.headers).end(trouble.body)
  const { status, body } = routes(world, fake.gateway, asked)
  if (body === undefined) return void response.writeHead(status).end()
  response
    .writeHead(status, { 'content-type': 'application/json', ...fake.headers })
    .end(JSON.stringify(body))
}

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const bytes = Buffer.concat(chunks)
  const url = new URL(request.url ?? '/', 'http://fake')
  const type = request.headers['content-type'] ?? ''
  const { body, files } = await readBody(type, bytes)
  return {
    method: request.method ?? 'GET',
    path: url.pathname.replace(/^\/api\/v10/, ''),
    query: url.searchParams,
    authorization: request.headers.authorization,
    body,
    files,
  }
}

async function readBody(type: string, bytes: Buffer): Promise<Pick<Asked, 'body' | 'files'>> {
  if (bytes.length === 0) return { body: {}, files: [] }
  if (!type.startsWith('multipart/')) return { body: JSON.parse(bytes.toString()), files: [] }
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData()
  const files = [...form.values()].filter((value): value is File => typeof value !== 'string')
  return {
    body: JSON.parse(String(form.get('payload_json'))),
    files: files.map(({ name, size }) => ({ filename: name, size })),
  }
}
