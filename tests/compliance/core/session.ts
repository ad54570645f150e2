import assert from 'node:assert/strict'
import { ok } from './expect.js'
import { type Answer, type Sent, send } from './http.js'
import { type Line, openLine } from './line.js'

/** Answer to `POST session`. */
export interface Created {
  sessionId: string
  token: string
  wsUrl: string
  contextUrl: string
  actionUrl: string
  diffUrl: string
  notifyUrl: string
  extendUrl?: string
  expiresIn: number
}

export interface Entry {
  value: unknown
  by: string
  at: string
}

export interface ContextView {
  sessionId: string
  mode: unknown
  schema: unknown[]
  context: Record<string, Entry>
  missing: string[]
  data: Record<string, unknown>
  meta: object
  expiresIn: number
}

export interface ActionReport {
  ok: boolean
  applied: unknown[]
  rejected: unknown[]
  errors: { key?: unknown; action?: unknown; msg: string }[]
  missing: string[]
  context: Record<string, Entry>
  broadcast: { clients: number; actionMessages: number; doneMessages: number }
}

export interface Change {
  key: string
  from: unknown
  to: unknown
  by: string
  at: string
  seq?: number
}

export interface DiffView {
  sessionId: string
  since: string
  changes: Change[]
  nextSince?: string
  truncated?: boolean
}

export interface ActOptions {
  stream?: boolean
  intervalMs?: number
}

/** One session, seen from the page and from the agent. */
export interface TestSession {
  readonly sid: string
  readonly token: string
  readonly created: Created
  /** Last path segment of `notifyUrl`; on a server without browser keys it is the session id. */
  readonly browserKey: string
  /** A request of the agent, with the token in the header. */
  agent(sent: Sent): Promise<Answer>
  context(): Promise<ContextView>
  /** Posts actions; by default without streaming. */
  act(actions: unknown[], options?: ActOptions): Promise<ActionReport>
  diff(query?: string): Promise<DiffView>
  extend(body: unknown): Promise<Answer>
  /** A user edit through the URL the page was given; asserts that it was taken. */
  edit(key: string, value: unknown): Promise<void>
  /** A socket as the browser client opens it. */
  page(): Promise<Line>
  /** A socket as somebody who only has the prompt opens it. */
  plain(): Promise<Line>
}

/** Creates a session. `track` is told about every socket, so that a runner can close them. */
export async function createSession(
  base: string,
  body: object,
  track: (line: Line) => void,
): Promise<TestSession> {
  const answer = await send(base, { path: '/handshake/session', body: JSON.stringify(body) })
  return sessionFrom(base, ok<Created>(answer), track)
}

function sessionFrom(base: string, created: Created, track: (line: Line) => void): TestSession {
  const { sessionId: sid, token } = created
  const agent = (sent: Sent) =>
    send(base, { ...sent, headers: { 'X-Handshake-Token': token, ...sent.headers } })
  const open = async (path: string) => {
    const line = await openLine(base, `${path}?token=${encodeURIComponent(token)}`)
    track(line)
    await line.next('connected')
    return line
  }
  return {
    sid,
    token,
    created,
    browserKey: created.notifyUrl.split('/').at(-1) ?? '',
    agent,
    context: async () => ok<ContextView>(await agent({ path: created.contextUrl })),
    act: async (actions, options = {}) => {
      const body = JSON.stringify({ actions, stream: false, intervalMs: 0, ...options })
      return ok<ActionReport>(await agent({ path: created.actionUrl, body }))
    },
    diff: async (query = '') => ok<DiffView>(await agent({ path: created.diffUrl + query })),
    extend: (body) => agent({ path: `/handshake/session/${sid}/extend`, body: JSON.stringify(body) }),
    edit: async (key, value) => {
      const answer = await send(base, { path: created.notifyUrl, body: JSON.stringify({ key, value }) })
      assert.deepEqual(ok(answer), { ok: true })
    },
    page: () => open(created.wsUrl),
    plain: () => open(`/ws/handshake/${sid}`),
  }
}

/** A `set` action. */
export function set(key: string, value: unknown): { type: 'set'; key: string; value: unknown } {
  return { type: 'set', key, value }
}
