// A scripted host in memory that keeps the contract of section 4, for tests of whatever talks to hosts.

import { type Ids, systemIds } from '@parley/kernel/ids'
import { type AskFirst, type FakeEvent, FakeSession } from './session.js'

export type FakeHostOptions = {
  /** False: a busy session refuses prompts with 409, and queue routes are 404. Default true. */
  hasQueue?: boolean
  now?(): number
  ids?: Ids
  askFirst?: AskFirst
}

type Body = Record<string, unknown>

export class FakeHost {
  readonly sessions = new Map<string, FakeSession>()
  readonly #options: Required<Omit<FakeHostOptions, 'askFirst'>> & Pick<FakeHostOptions, 'askFirst'>
  readonly #listeners = new Set<(event: FakeEvent) => void>()
  /** Events of sessions that ended, too. */
  readonly #events: FakeEvent[] = []
  #seq = 0

  constructor({ hasQueue = true, now = () => 0, ids = systemIds, askFirst }: FakeHostOptions = {}) {
    this.#options = { hasQueue, now, ids, ...(askFirst && { askFirst }) }
  }

  /** Events of a session after a number, ended sessions included. */
  eventsOf(sessionId: string, after = 0): FakeEvent[] {
    return this.#events.filter((one) => one.sessionId === sessionId && one.seq > after)
  }

  onEvent(listener: (event: FakeEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** A request below a session, as `Runtime.fetchSession` gets it. */
  async fetchSession(sessionId: string, request: Request): Promise<Response> {
    const [, verb = '', rest] = new URL(request.url).pathname.split('/')
    const body = await bodyOf(request)
    const session = this.sessions.get(sessionId)
    if (verb === 'start') return this.#start(sessionId, body)
    if (verb === 'terminate') {
      this.kill(sessionId)
      return ok()
    }
    if (!session) return refusal(verb === 'prompt' ? 400 : 404, `session "${sessionId}" not found`)
    if (verb === 'health') return Response.json({ status: session.isRunning ? 'running' : 'idle', sessionId })
    if (verb === 'prompt') return prompt(session, body)
    if (verb === 'permissions') return respond(session, rest ?? '', body)
    if (verb === 'cancel') {
      session.cancel()
      return ok()
    }
    if (verb === 'queue' && this.#options.hasQueue) return queue(session, request.method, rest)
    return refusal(404, 'not found')
  }

  /** A request to the instance. */
  async fetchInstance(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (pathname === '/health') {
      const sessions = [...this.sessions.values()]
      const listed = sessions.map(({ id, isRunning }) => ({
        sessionId: id,
        status: isRunning ? 'running' : 'idle',
      }))
      return Response.json({ status: 'ok', sessions: listed })
    }
    if (pathname === '/fs/snapshot')
      return Response.json({
        root: '/workspace',
        path: '/workspace',
        entries: null,
        truncated: false,
        maxEntries: 10_000,
      })
    return refusal(404, 'not found')
  }

  kill(sessionId: string): void {
    this.sessions.get(sessionId)?.end(-1)
    this.sessions.delete(sessionId)
  }

  #start(id: string, body: Body): Response {
    if (this.sessions.has(id)) return refusal(409, `session "${id}" is already running`)
    if (typeof body.command !== 'string' || body.command === '')
      return refusal(400, "Missing 'command' field")
    const acpSessionId = `acp-${this.sessions.size + 1}`
    const session = new FakeSession({
      id,
      acpSessionId,
      ...this.#options,
      newId: () => this.#options.ids.next(),
      nextSeq: () => ++this.#seq,
      emitted: (event) => this.#emitted(event),
    })
    this.sessions.set(id, session)
    return Response.json({ acpSessionId, sessionId: id })
  }

  #emitted(event: FakeEvent): void {
    this.#events.push(event)
    if (event.event.type === 'session.terminated') this.sessions.delete(event.sessionId)
    for (const listener of this.#listeners) listener(event)
  }
}

async function prompt(session: FakeSession, { text }: Body): Promise<Response> {
  if (typeof text !== 'string' || text === '') return refusal(400, "Missing 'text' field")
  const result = await session.prompt(text)
  if (!result) return refusal(409, 'Prompt already running')
  if ('failure' in result) return refusal(500, `prompt: rpc error -32000: ${result.failure}`)
  return Response.json(result, { status: 'queued' in result ? 202 : 200 })
}

function respond(session: FakeSession, requestId: string, body: Body): Response {
  const { optionId } = body
  const isAnswered = session.respond(
    decodeURIComponent(requestId),
    typeof optionId === 'string' ? { optionId } : { outcome: 'cancelled' },
  )
  return isAnswered ? ok() : refusal(404, `Permission request ${requestId} not found or already resolved`)
}

function queue(session: FakeSession, method: string, rest: string | undefined): Response {
  if (method === 'GET') return Response.json(session.queueState)
  if (method === 'POST') {
    session.pause(rest === 'pause')
    return ok()
  }
  if (rest === undefined) return Response.json({ ok: true, cleared: session.unqueue() })
  if (session.unqueue(rest) === 1) return ok()
  return refusal(404, `Queue item "${rest}" not found or currently processing`)
}

async function bodyOf(request: Request): Promise<Body> {
  const text = await request.text()
  // The cast: only tests send it something.
  return text === '' ? {} : (JSON.parse(text) as Body)
}

const ok = (): Response => Response.json({ ok: true })
const refusal = (status: number, error: string): Response => Response.json({ error }, { status })
