// Requests to whatever has a session or is an instance, over the contract's `Runtime`.

import { isParleyError } from '@parley/kernel/errors'
import type { Clock } from '@parley/kernel/ids'
import { type HostRequest, type HostResponse, linkLimits, type Runtime } from '../../protocol/index.js'
import { runtimeHeaders } from '../../runtimes/port.js'
import type { SessionRow } from '../../store/port.js'
import type { RuntimeRouter } from '../port.js'
import { readAnswer } from './read-answer.js'

export type RouterParts = {
  runtimes: Readonly<Record<string, Runtime>>
  clock: Clock
  /** Tries to get a session back that this node does not know; false when it has ended by that. */
  ensure(session: SessionRow): Promise<boolean>
}

type Options = { timeoutMs?: number | undefined; signal?: AbortSignal | undefined }

// A session that starts is not there yet, and recovery itself asks for its health.
const withoutRecovery = new Set(['/start', '/health'])

/** Routes requests. What a runtime throws is an answer: 5xx with the error's text, or the status of a refusal. */
export function createRouter({ runtimes, clock, ensure }: RouterParts): RuntimeRouter {
  const ask = (
    typeName: string,
    request: HostRequest,
    options: Options,
    call: (runtime: Runtime, signal: AbortSignal) => Promise<Response>,
  ) => {
    const runtime = Object.hasOwn(runtimes, typeName) ? runtimes[typeName]! : undefined
    if (!runtime) return Promise.resolve(refusal(500, `Runtime "${typeName}" is not configured`))
    return answerOf(clock, options.timeoutMs ?? patience(request), options.signal, (signal) =>
      call(runtime, signal),
    )
  }
  return {
    session: async (session, request, options = {}) => {
      if (!withoutRecovery.has(request.path) && !(await ensure(session)))
        return refusal(404, 'Session not found')
      return ask(session.runtimeType, request, options, (runtime, signal) =>
        runtime.fetchSession(session.id, toRequest(request, signal, session.cwd)),
      )
    },

    instance: (typeName, instanceName, request) =>
      ask(typeName, request, {}, async (runtime, signal) => {
        if (!runtime.fetchInstance) return Response.json({ error: noProxy(typeName) }, { status: 400 })
        return runtime.fetchInstance(instanceName, toRequest(request, signal, null))
      }),
  }
}

export const noProxy = (typeName: string): string =>
  `Runtime "${typeName}" does not support instance requests`

const refusal = (status: number, error: string): HostResponse => ({ status, body: { error } })

/** How long to wait for an answer; undefined for a prompt, which some hosts answer when the turn is over. */
function patience({ path }: HostRequest): number | undefined {
  if (path === '/prompt') return undefined
  return path === '/start' ? linkLimits.startWithinMs : linkLimits.requestWithinMs
}

async function answerOf(
  clock: Clock,
  timeoutMs: number | undefined,
  outer: AbortSignal | undefined,
  call: (signal: AbortSignal) => Promise<Response>,
): Promise<HostResponse> {
  const late = new AbortController()
  const signal = outer ? AbortSignal.any([outer, late.signal]) : late.signal
  let stop = () => {}
  // WHY: a race. A runtime of somebody else's making need not listen to the signal.
  const given = new Promise<HostResponse>((resolve) => {
    const giveUp = () => resolve(refusal(504, 'the host did not answer in time'))
    const timeOut = () => {
      late.abort()
      giveUp()
    }
    if (timeoutMs !== undefined) stop = clock.after(timeoutMs, timeOut)
    if (outer?.aborted) giveUp()
    outer?.addEventListener('abort', giveUp, { once: true, signal: late.signal })
  })
  try {
    return await Promise.race([given, call(signal).then(readAnswer).catch(fromError)])
  } finally {
    stop()
    late.abort()
  }
}

function fromError(error: unknown): HostResponse {
  const text = error instanceof Error ? error.message : String(error)
  if (!isParleyError(error)) return refusal(500, text)
  const headers =
    error.retryAfter === undefined ? {} : { headers: { 'retry-after': String(error.retryAfter) } }
  return { ...refusal(error.status, text), ...headers }
}

/** The host contract as a web request; only path, query, headers and body mean something. */
function toRequest(
  { method, path, query = {}, headers = {}, body, key }: HostRequest,
  signal: AbortSignal,
  cwd: string | null,
): Request {
  const url = new URL('http://session.invalid')
  url.pathname = path
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  const all = new Headers(headers)
  if (cwd !== null) setCwd(all, cwd)
  if (key !== undefined) all.set(runtimeHeaders.key, key)
  const hasBody = body !== undefined && method !== 'GET' && method !== 'HEAD'
  if (hasBody) all.set('content-type', 'application/json')
  return new Request(url, { method, headers: all, signal, ...(hasBody && { body: JSON.stringify(body) }) })
}

function setCwd(headers: Headers, cwd: string): void {
  // OUTSIDE: a header can't hold them; such a directory is no agent's.
  if (/[\0\r\n]/.test(cwd)) return
  headers.set(runtimeHeaders.cwd, Buffer.from(cwd, 'utf8').toString('latin1'))
}
