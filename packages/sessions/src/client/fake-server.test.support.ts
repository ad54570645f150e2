// A server in memory, strictly by the contract (sections 2 and 3.2), for tests of the client and of the hooks.
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import {
  channelsOfEvent,
  channelsOfLifecycle,
  channelsOfTerminal,
  type Session,
  type TerminalSignal,
  tagOfEvent,
  tagOfTerminal,
  type WireEvent,
} from '../protocol/index.js'
import { openSessionsClient, type SessionsClient, type SessionsClientOptions } from './create.js'
import { type Edge, edgeOf } from './edge.js'

// biome-ignore lint/suspicious/noExplicitAny: what goes over the wire, tests say as they please.
export type Wire = any

export type Asked = { call: string; body: Wire; headers: Record<string, string | undefined> }
type Answer = { status?: number; body?: unknown; text?: string; headers?: Record<string, string> }
type Route = (asked: Asked) => Answer | Promise<Answer>
type Line = { socket: WebSocket; subscribed: Set<string>; url: string }
type Kept = { session: Session; log: { seq: number; text: string; event: WireEvent }[] }

const time = '2026-01-01T00:00:00.000Z'

/** A session as the server lists it. */
export const aSession = (id: string, more: Partial<Session> = {}): Session => ({
  id,
  agentName: 'Demo',
  spawn: { command: 'demo', args: [] },
  startedAt: time,
  lastUpdatedAt: time,
  status: 'active',
  logs: [],
  pendingPermission: null,
  fileSystem: null,
  promptQueue: null,
  runtime: 'local',
  cwd: '/w',
  ...more,
})

/** An event of a session. */
export const anEvent = (type: string, data: Wire = {}): WireEvent => ({ type, data, timestamp: time })

const rpc = (method: string, direction: string, phase: string, payload: Wire, more: Wire = {}) =>
  anEvent('rpc', { method, direction, phase, payload, ...more })

/** Events of a turn, as hosts make them. */
export const events = {
  prompt: (text: string, turnId?: string) =>
    rpc(
      'session/prompt',
      'client_to_agent',
      'request',
      { prompt: [{ type: 'text', text }] },
      turnId && { turnId },
    ),
  answered: (payload: Wire = { stopReason: 'end_turn' }) =>
    rpc('session/prompt', 'agent_to_client', 'response', payload),
  update: (update: Wire) => rpc('session/update', 'agent_to_client', 'notification', { update }),
  chunk: (text: string) =>
    events.update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } }),
  opened: (payload: Wire) => rpc('session/new', 'agent_to_client', 'response', payload),
  asked: (requestId: string) =>
    anEvent('permission_request', {
      requestId,
      toolCallId: 'call_1',
      title: 'Write a.txt',
      kind: 'edit',
      options: [
        { optionId: 'yes', name: 'Allow', kind: 'allow_once' },
        { optionId: 'no', name: 'Reject', kind: 'reject_once' },
      ],
    }),
  rpc,
}

export type FakeServer = Awaited<ReturnType<typeof openFakeServer>>

/** Opens one on a free port; closed when the test is over. */
export async function openFakeServer() {
  const sessions = new Map<string, Kept>()
  const asked: Asked[] = []
  const actions: Wire[] = []
  const routes = new Map<string, Route>()
  const lines = new Set<Line>()
  const terminals: { seq: number; text: string; terminalId: string }[] = []
  const connections = new Set<Socket>()
  let isCut = false
  let made = 0
  /** What follows the greeting of a socket; undefined: the usual. */
  const behaviour: {
    greets: boolean
    closesWith?: number
    refused: Map<string, string>
    truncated: Set<string>
  } = {
    greets: true,
    refused: new Map(),
    truncated: new Set(),
  }

  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => {
      text += chunk
    })
    request.on('end', () => void respond())
    const respond = async () => {
      const call = `${request.method} ${request.url?.replace(/^\/api/, '')}`
      const one = {
        call,
        body: text ? JSON.parse(text) : undefined,
        headers: { ...request.headers } as Asked['headers'],
      }
      asked.push(one)
      const path = call.split('?')[0] ?? ''
      const given = routes.get(path)
      const answer = given
        ? await given(one)
        : usual(path, new URL(call.split(' ')[1] ?? '', 'http://x').searchParams)
      const body = answer.text ?? (answer.body === undefined ? '' : JSON.stringify(answer.body))
      response.writeHead(answer.status ?? 200, answer.headers).end(body)
    }
  })

  function usual(path: string, query: URLSearchParams): Answer {
    const [, id, rest] = /^GET \/agents\/([^/]+)(\/.*)?$/.exec(path) ?? []
    const kept = id && !rest ? sessions.get(decodeURIComponent(id)) : undefined
    if (path === 'GET /agents') return { body: [...sessions.values()].map(({ session }) => session) }
    if (!kept) return { status: 404, body: { error: 'Agent not found' } }
    const logs = query.get('logs') === 'false' ? [] : kept.log.map(({ event }) => event)
    return { body: { ...kept.session, logs } }
  }

  const wss = new WebSocketServer({ server })
  wss.on('connection', (socket, request) => {
    const line: Line = { socket, subscribed: new Set(), url: request.url ?? '' }
    lines.add(line)
    socket.on('close', () => lines.delete(line))
    socket.on('error', () => {})
    if (behaviour.closesWith !== undefined) return void socket.close(behaviour.closesWith, 'no')
    socket.on('message', (data) => act(line, JSON.parse(String(data))))
    if (behaviour.greets) say(line, { type: 'connected', connectionId: `ws-${++made}` })
  })

  const say = (line: Line, message: Wire) => line.socket.send(JSON.stringify(message))

  function act(line: Line, message: Wire): void {
    actions.push(message)
    const { action, channel } = message
    if (action === 'ping') say(line, { type: 'pong' })
    if (action === 'subscribe') subscribe(line, channel, message.since ?? 0)
    if (action !== 'unsubscribe') return
    line.subscribed.delete(channel)
    say(line, { type: 'unsubscribed', channel })
  }

  function subscribe(line: Line, channel: string, since: number): void {
    const refused = behaviour.refused.get(channel)
    if (refused !== undefined) return void say(line, { type: 'error', message: refused, channel })
    line.subscribed.add(channel)
    for (const frame of framesOf(channel)) if (frame.seq > since) line.socket.send(frame.text)
    say(line, { type: 'subscribed', channel, ...(behaviour.truncated.has(channel) && { truncated: true }) })
  }

  function framesOf(channel: string): { seq: number; text: string }[] {
    if (channel.startsWith('terminals'))
      return terminals.filter(({ terminalId }) => channelsOfTerminal(terminalId).includes(channel))
    if (channel === 'agents') return []
    return [...sessions.values()].flatMap(({ session, log }) =>
      log
        .filter(({ event }) => channelsOfEvent(session.id, event).includes(channel))
        .map(({ seq, event }) => ({ seq, text: frameText(session.id, channel, seq, event) })),
    )
  }

  const frameText = (id: string, channel: string, seq: number, event: WireEvent) =>
    JSON.stringify({ type: 'event', channel, sessionId: id, agentId: id, seq, event })

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.on('connection', (socket) => {
    if (isCut) return void socket.destroy()
    connections.add(socket)
    socket.on('close', () => connections.delete(socket))
  })
  // The cast: a server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo
  const baseUrl = `http://127.0.0.1:${port}/api`
  const cut = () => {
    isCut = true
    for (const socket of connections) socket.destroy()
  }
  onTestFinished(() => {
    cut()
    wss.close()
    server.close()
  })

  const fake = {
    port,
    baseUrl,
    sessions,
    asked,
    /** What clients sent over sockets. */
    actions,
    /** Answers by `METHOD /path` without the query, before anything else. */
    routes,
    lines,
    behaviour,
    calls: () => asked.map(({ call }) => call),
    add(id: string, more: Partial<Session> = {}): void {
      sessions.set(id, { session: aSession(id, more), log: [] })
    },
    change(id: string, more: Partial<Session>): void {
      const kept = sessions.get(id)
      if (kept) kept.session = { ...kept.session, ...more }
    },
    /** Something happens in a session. */
    emit(id: string, ...happened: WireEvent[]): void {
      const kept = sessions.get(id)
      if (!kept) throw new Error(`no session ${id}`)
      for (const event of happened) {
        const seq = (kept.log.at(-1)?.seq ?? 0) + 1
        kept.log.push({ seq, event, text: '' })
        for (const line of lines) {
          const tag = tagOfEvent(channelsOfEvent(id, event), line.subscribed)
          if (tag) line.socket.send(frameText(id, tag, seq, event))
        }
      }
    },
    lifecycle(type: 'session.created' | 'session.terminated', id: string): void {
      for (const line of lines)
        if (channelsOfLifecycle(id).some((channel) => line.subscribed.has(channel)))
          say(line, { type, sessionId: id, agentId: id })
    },
    /** Something happens in a terminal of the runtime. */
    terminal({ seq, event }: TerminalSignal): void {
      const terminalId = String(event.data.terminalId)
      const text = JSON.stringify({ type: 'event', channel: `terminals:${terminalId}`, seq, event })
      terminals.push({ seq, text, terminalId })
      for (const line of lines) if (tagOfTerminal(terminalId, line.subscribed)) line.socket.send(text)
    },
    /** Says something to everybody. */
    say(message: Wire): void {
      for (const line of lines) say(line, message)
    },
    /** Breaks every connection and lets nobody in. */
    cut,
    mend(): void {
      isCut = false
    },
    /** One that comes back quickly; closed when the test is over. */
    client(options: Partial<SessionsClientOptions> = {}, edge: Partial<Edge> = {}): SessionsClient {
      const given = { pauses: [5, 10, 20], random: () => 0.5, WebSocket, ...edge }
      const client = openSessionsClient({ baseUrl, ...options }, edgeOf(given))
      onTestFinished(() => client.close())
      return client
    },
  }
  return fake
}
