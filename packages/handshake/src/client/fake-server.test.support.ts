// A server of one session, written from the contract: enough of it for the clients to talk to, with switches
// for everything that goes wrong.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { onAgentSet, onCreate, onUserEdit, type Provenance } from '../protocol/provenance.js'

type Body = Record<string, unknown>
type Reply = { status: number; body: unknown; headers?: Record<string, string> }
type Seen = { method: string; path: string; headers: IncomingMessage['headers']; body: Body }
type Entry = { value: unknown; by: Provenance; at: string }

const sessionId = '0123456789abcdef0123456789abcdef'
const key = 'browserkeybrowserkeybrowserkey00'
const at = '2026-06-23T02:22:00.000000Z'

/** Starts a server on a free port; it ends with the test. */
export async function fakeServer({ plain = false } = {}) {
  const fake = new FakeServer(plain)
  await fake.listen()
  onTestFinished(() => fake.close())
  return fake
}

export class FakeServer {
  token = 'AbCdEfGhIjKlMnOpQrStUvWxYz012345'
  baseUrl = ''
  /** Requests and upgrades in the order of their arrival. */
  readonly seen: Seen[] = []
  readonly edits: { key: string; value: unknown; over: 'http' | 'socket' }[] = []
  readonly pings: number[] = []
  readonly values = new Map<string, Entry>()
  readonly log: Body[] = []
  readonly sockets = new Set<WebSocket>()
  /** Answers the next requests in place of the real routes. */
  readonly failures: Reply[] = []
  /** Hangs up on upgrades while set. */
  refuseUpgrades = false
  created: Body = {}
  revoked = false
  readonly #plain: boolean
  readonly #http = createServer((request, response) => void this.#serve(request, response))
  readonly #ws = new WebSocketServer({ noServer: true })

  constructor(plain: boolean) {
    this.#plain = plain
    this.#http.on('upgrade', (request, socket, head) => {
      this.seen.push({ method: 'UPGRADE', path: request.url ?? '', headers: request.headers, body: {} })
      if (this.refuseUpgrades) return socket.destroy()
      this.#ws.handleUpgrade(request, socket, head, (ws) => this.#accept(ws, request))
    })
  }

  get sessionInfo() {
    const tail = this.#plain ? '' : `/${key}`
    return {
      sessionId,
      token: this.token,
      wsUrl: `/ws/handshake/${sessionId}${tail}`,
      contextUrl: `/handshake/context/${sessionId}`,
      actionUrl: `/handshake/action/${sessionId}`,
      diffUrl: `/handshake/diff/${sessionId}`,
      notifyUrl: `/handshake/notify/${sessionId}${tail}`,
      extendUrl: `/handshake/session/${sessionId}/extend`,
      expiresIn: 1800,
    }
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve))
    this.baseUrl = `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.terminate()
    this.#http.closeAllConnections()
    await new Promise((resolve) => this.#http.close(resolve))
  }

  /** Puts a frame into the log and sends it to every socket. */
  push(frame: Body): void {
    this.log.push(frame)
    this.send({ ...frame, seq: this.log.length })
  }

  /** Sends a frame that is not of the log. */
  send(frame: Body): void {
    for (const socket of this.sockets) socket.send(JSON.stringify(frame))
  }

  requests(method: string): Seen[] {
    return this.seen.filter((each) => each.method === method)
  }

  #accept(ws: WebSocket, request: IncomingMessage): void {
    this.sockets.add(ws)
    ws.on('close', () => this.sockets.delete(ws))
    ws.on('message', (data) => this.#receive(JSON.parse(String(data))))
    const after = Number(new URL(request.url ?? '', 'http://x').searchParams.get('after') ?? this.log.length)
    ws.send(JSON.stringify({ type: 'connected', sessionId, mode: 'form-fill', seq: this.log.length }))
    this.log.forEach((frame, index) => {
      if (index + 1 > after) ws.send(JSON.stringify({ ...frame, seq: index + 1 }))
    })
  }

  #receive(frame: Body): void {
    if (frame.type === 'ping') this.pings.push(1)
    if (frame.type === 'userEdit') this.#edit(String(frame.key), frame.value, 'socket')
  }

  #edit(field: string, value: unknown, over: 'http' | 'socket'): void {
    this.edits.push({ key: field, value, over })
    this.values.set(field, { value, by: onUserEdit(this.values.get(field)?.by, value), at })
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    const body: Body = text === '' ? {} : JSON.parse(text)
    const { method = '', url: path = '' } = request
    this.seen.push({ method, path, headers: request.headers, body })
    const reply = this.failures.shift() ?? this.#answer(`${method} ${path.split('?')[0]}`, request, body)
    response.writeHead(reply.status, { 'Content-Type': 'application/json', ...reply.headers })
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body))
  }

  #answer(route: string, request: IncomingMessage, body: Body): Reply {
    const ok = (answer: unknown): Reply => ({ status: 200, body: answer })
    if (route === 'POST /handshake/session') return ok(this.#create(body))
    if (route === `POST ${this.sessionInfo.notifyUrl}`) {
      this.#edit(String(body.key), body.value, 'http')
      return ok({ ok: true })
    }
    if (this.revoked) return { status: 404, body: { error: 'session not found or expired' } }
    if (request.headers['x-handshake-token'] !== this.token) {
      return { status: 403, body: { error: 'invalid token' } }
    }
    return this.#agentRoute(route, body) ?? { status: 404, body: { error: 'not found' } }
  }

  #create(body: Body) {
    this.created = body
    for (const [field, value] of Object.entries((body.context ?? {}) as Body)) {
      this.values.set(field, { value, by: onCreate(value), at })
    }
    return this.sessionInfo
  }

  #agentRoute(route: string, body: Body): Reply | undefined {
    const context = () => Object.fromEntries(this.values)
    const routes: Record<string, () => unknown> = {
      [`GET /handshake/context/${sessionId}`]: () => ({
        sessionId,
        mode: 'form-fill',
        schema: this.created.schema ?? [],
        context: context(),
        missing: [],
        meta: {},
        expiresIn: 1799,
      }),
      [`GET /handshake/diff/${sessionId}`]: () => ({ sessionId, since: '', changes: [] }),
      [`POST /handshake/action/${sessionId}`]: () => ({
        ok: true,
        ...this.#act(body),
        errors: [],
        context: context(),
      }),
      [`POST /handshake/session/${sessionId}/extend`]: () => ({
        ok: true,
        extended: body.extraSeconds,
        expiresIn: 1860,
      }),
      [`POST /handshake/session/${sessionId}/claim`]: () => {
        this.token = 'agenttokenagenttokenagenttoken00'
        return { ok: true, agentToken: this.token, expiresIn: 1799 }
      },
      [`DELETE /handshake/session/${sessionId}`]: () => {
        this.revoked = true
        return { ok: true, revoked: true }
      },
    }
    const answer = routes[route]?.()
    const headers = { 'X-Handshake-Seq': String(this.log.length) }
    return answer === undefined ? undefined : { status: 200, body: answer, headers }
  }

  #act(body: Body) {
    const applied: string[] = []
    const rejected: string[] = []
    for (const action of body.actions as { key: string; value: unknown }[]) {
      const by = onAgentSet(this.values.get(action.key)?.by)
      if (by === 'locked') rejected.push(action.key)
      else {
        applied.push(action.key)
        this.values.set(action.key, { value: action.value, by, at })
        this.push({ type: 'action', key: action.key, value: action.value })
      }
    }
    this.push({ type: 'done', applied: applied.length, rejected, missing: [] })
    return { applied, rejected, missing: [] }
  }
}
