import { Server, type Socket } from 'socket.io'
import { onTestFinished } from 'vitest'
import { people } from '../plane.test.support.js'
import { type Line, openClient, openLine } from './client.test.support.js'
import type { Edge } from './edge.js'
import type { ThreadsClient, ThreadsClientOptions } from './types.js'

// biome-ignore lint/suspicious/noExplicitAny: what goes over the wire, tests say as they please.
export type Wire = any

type Answer = { status?: number; body?: unknown; headers?: Record<string, string> }

/** A server that does only what a test tells it to. */
export type FakeServer = {
  line: Line
  /** The log; what tests put in is what reading and joining answer. */
  events: Wire[]
  members: Wire[]
  runs: Wire[]
  /** What was asked over HTTP, as `GET /path?query`, and over sockets, as `name`. */
  asked: string[]
  /** Answers by `METHOD /path` without the query, before anything else. */
  routes: Map<string, (body: Wire, query: URLSearchParams) => Answer>
  /** Answers of socket events by name; undefined: none comes. */
  acks: Map<string, (payload: Wire, socket: Socket) => unknown>
  /** Told to whoever connects; undefined: welcome. */
  refusal: string | undefined
  push(name: string, payload: unknown): void
  io: Server
  client(options?: ThreadsClientOptions, edge?: Partial<Edge>): ThreadsClient
}

export const id = 'th_1'
const time = (seq: number) => new Date(Date.UTC(2026, 0, 1) + seq * 1000).toISOString()

/** An event as a server sends it. */
export const event = (seq: number, more: object = {}): Wire => ({
  id: `evt_${seq}`,
  thread_id: id,
  seq,
  type: 'message',
  run_id: null,
  author: people.bob,
  created_at: time(seq),
  metadata: {},
  client_id: null,
  recipients: null,
  content: [{ type: 'text', text: `${seq}` }],
  ...more,
})

export const run = (more: object = {}): Wire => ({
  id: 'run_1',
  thread_id: id,
  assistant: { role: 'assistant', id: 'echo', name: 'echo', metadata: {} },
  triggered_by: people.bob,
  status: 'running',
  started_at: time(0),
  ...more,
})

/** Opens one on a free port, with an empty thread `th_1`; closed when the test is over. */
export async function openFakeServer(): Promise<FakeServer> {
  const thread = { id, tenant: {}, metadata: {}, created_at: time(0), updated_at: time(0) }
  const fake: Omit<FakeServer, 'line' | 'io'> = {
    events: [],
    members: [],
    runs: [],
    asked: [],
    routes: new Map(),
    acks: new Map(),
    refusal: undefined,
    push: (name, payload) => void io.emit(name, payload),
    client: (options, edge) => openClient({ url: line.url, token: 'bob', ...options }, edge),
  }
  const read = (path: string, query: URLSearchParams): Answer => {
    if (path === `/threads/${id}`) return { body: thread }
    if (path === `/threads/${id}/members`) return { body: fake.members }
    if (path === `/threads/${id}/runs`) return { body: { items: fake.runs } }
    if (path === `/threads/${id}/events`) return { body: pageOf(fake.events, query) }
    return { status: 404, body: { detail: 'nothing here' } }
  }
  const io = new Server()
  const line = await openLine((request, response) => {
    const url = new URL(request.url!, 'http://parley.test')
    if (url.pathname.startsWith('/socket.io')) return
    const path = url.pathname.replace(/^\/acp/, '')
    fake.asked.push(`${request.method} ${path}${url.search}`)
    let text = ''
    request.on('data', (chunk) => (text += chunk))
    request.on('end', () => {
      const given = fake.routes.get(`${request.method} ${path}`)
      const answer = given ? given(text && JSON.parse(text), url.searchParams) : read(path, url.searchParams)
      const { status = 200, body, headers = {} } = answer
      response.writeHead(status, headers).end(body === undefined ? '' : JSON.stringify(body))
    })
  })
  io.attach(line.server)
  io.use((_socket, next) => next(fake.refusal === undefined ? undefined : new Error(fake.refusal)))
  io.on('connection', (socket) => {
    socket.onAny((name: string, payload: Wire, ack?: (answer: unknown) => void) => {
      fake.asked.push(name)
      const given = fake.acks.get(name)
      const answer = given ? given(payload, socket) : ackOf(fake, name, payload)
      if (answer !== undefined) ack?.(answer)
    })
  })
  onTestFinished(() => void io.close())
  return Object.assign(fake, { line, io })
}

function ackOf({ events }: Pick<FakeServer, 'events'>, name: string, { thread_id, since }: Wire): unknown {
  if (name !== 'thread:join') return { thread_id }
  const replayed = since ? events.filter(({ seq }) => seq > since.seq) : []
  return { thread_id, replayed, replay_truncated: false }
}

function pageOf(events: readonly Wire[], query: URLSearchParams) {
  const limit = Number(query.get('limit') ?? 100)
  const after = Number(query.get('after_seq') ?? 0)
  const before = query.get('cursor_created_at')
  const all = events.filter(({ seq, created_at }) => seq > after && (!before || created_at < before))
  const ordered = query.get('order') === 'desc' ? all.toReversed() : all
  const items = ordered.slice(0, limit)
  const { created_at, id: last } = items.at(-1) ?? {}
  return { items, next_cursor: ordered.length > limit ? { created_at, id: last } : null }
}
