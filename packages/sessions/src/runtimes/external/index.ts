// A host that is reached by URL: one of the original's, of either generation, or one of ours that listens (section 4).

import { systemClock } from '@parley/kernel/ids'
import { linkLimits } from '../../protocol/index.js'
import type { AttachedRuntime } from '../port.js'
import { toBaseUrl, toOwnSocket, toWebsocketUrl } from './address.js'
import { ask, healthPath } from './ask.js'
import { type HostHttp, hostHttp } from './host-http.js'
import { followSessions } from './listener.js'
import { toCompleteSnapshot, toCompleteStart } from './repairs.js'

export type ExternalRuntimeOptions = {
  /** Base address of the host, `http` or `https`. */
  url: string
  /** Directory of sessions that name none. Default: the server's own. */
  cwd?: string
  /** Sent as a bearer token, to this host only. Default none. */
  token?: string
}

const [tries, pauseMs] = [3, 1_000]

/**
 * A runtime of one instance: the host at `url`. It is not ours: nothing starts or stops it. What happens in its sessions is
 * followed on its channel socket. Throws a `TypeError` for an address that is none.
 */
export function externalRuntime({ url, cwd, token }: ExternalRuntimeOptions): AttachedRuntime {
  const baseUrl = toBaseUrl(url)
  const http = hostHttp({ baseUrl, token })
  let clock = systemClock
  return {
    onlyOne: true,
    attach: (context) => {
      clock = context.clock ?? systemClock
      const { feed, onFault } = context
      feed?.lead((held, signal) =>
        followSessions(
          { feed: held, http, socketOf: (given) => toOwnSocket(baseUrl, given), token, clock, onFault },
          signal,
        ),
      )
    },
    fetchSession: (sessionId, request) => toSession(http, baseUrl, sessionId, request),
    fetchInstance: (_instanceId, request) => forward(http, pathOf(request), request),
    getInstanceStatus: async () => ((await ask(http, '/health')) === 'ok' ? 'running' : 'stopped'),
    getWebsocketUrl: () => toWebsocketUrl(baseUrl),
    getDefaultCwd: () => cwd,
    reconnect: async (sessionId) => {
      for (let n = 1; ; n++) {
        const answer = await ask(http, healthPath(sessionId))
        if (answer !== 'silent' || n === tries) return answer === 'ok'
        await clock.sleep(pauseMs)
      }
    },
    dispose: () => http.close(),
  }
}

async function toSession(
  http: HostHttp,
  baseUrl: string,
  sessionId: string,
  request: Request,
): Promise<Response> {
  const path = pathOf(request)
  const answer = await forward(http, `/sessions/${encodeURIComponent(sessionId)}${path}`, request)
  return path === '/start' && answer.ok ? toCompleteStart(answer, { baseUrl, sessionId }) : answer
}

async function forward(http: HostHttp, path: string, request: Request): Promise<Response> {
  const { method, headers, signal } = request
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const body = hasBody ? new Uint8Array(await request.arrayBuffer()) : undefined
  const answer = await http.call({ method, path, headers, body, signal, withinMs: patience(path) })
  return answer.ok && /\/fs\/snapshot(\?|$)/.test(path) ? toCompleteSnapshot(answer) : answer
}

function pathOf({ url }: Request): string {
  const { pathname, search } = new URL(url)
  return `${pathname}${search}`
}

/** Old hosts answer a prompt when its turn is over, however long that takes. */
function patience(path: string): number {
  if (/^\/sessions\/[^/]+\/prompt$/.test(path)) return 0
  return path.endsWith('/start') ? linkLimits.startWithinMs : linkLimits.requestWithinMs
}
