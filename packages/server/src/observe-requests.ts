import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Fetch } from '@parley/kernel/http'
import type { Clock } from '@parley/kernel/ids'
import { type Logger, type Metrics, withSpan } from '@parley/kernel/telemetry'

type Options = { metrics: Metrics; logger: Logger; clock: Clock }

/** Answers take this long to be worth a line of their own in the log. */
const slowMs = 1_000
/** Streaming batches take their time by design. */
const paced = '/handshake/action'

/**
 * Counts and times answers, traces them, and logs them at `debug` (slow and failed ones at `warn`). Paths hold keys and
 * queries may hold tokens, so only the kind of path is noted.
 */
export function observeRequests({ metrics, logger, clock }: Options, fetch: Fetch): Fetch {
  const seconds = answerSeconds(metrics)
  return (request, info) => {
    const method = methodOf(request.method)
    const route = kindOf(request.url)
    return withSpan(
      `${method} ${route}`,
      { 'http.request.method': method, 'http.route': route },
      async (span) => {
        const begun = clock.micros()
        const response = await fetch(request, info)
        const tookMs = (clock.micros() - begun) / 1000
        span.setAttribute('http.response.status_code', response.status)
        seconds.observe({ method, status: `${Math.floor(response.status / 100)}xx`, route }, tookMs / 1000)
        const isSlow = tookMs > slowMs && route !== paced
        const level = response.status >= 500 || isSlow ? 'warn' : 'debug'
        logger[level](
          { requestId: info.requestId, method, route, status: response.status, tookMs },
          'answered',
        )
        return response
      },
    )
  }
}

/**
 * The same for what only Node's own objects carry, which is long polling: it waits by design, so nothing is slow. No
 * trace: what comes in such a request belongs to a socket, not to it.
 */
export function observeNode({ metrics, logger, clock }: Options, node: NodeDoor): NodeDoor {
  const seconds = answerSeconds(metrics)
  return (request, response) => {
    const begun = clock.micros()
    response.once('finish', () => {
      const method = methodOf(request.method ?? '')
      const status = response.statusCode
      const tookMs = (clock.micros() - begun) / 1000
      seconds.observe({ method, status: `${Math.floor(status / 100)}xx`, route: polling }, tookMs / 1000)
      logger[status >= 500 ? 'warn' : 'debug']({ method, route: polling, status, tookMs }, 'answered')
    })
    node(request, response)
  }
}

/** A door of `node:http`. */
export type NodeDoor = (request: IncomingMessage, response: ServerResponse) => void

const answerSeconds = (metrics: Metrics) =>
  metrics.histogram({
    name: 'http_answer_seconds',
    help: 'Time until the head of an answer, over HTTP.',
    labels: ['method', 'status', 'route'],
  })

const methodOf = (method: string): string => (known.has(method) ? method : 'other')

const polling = '/socket.io'
const known = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const planeRoutes = new Set(['session', 'context', 'action', 'diff', 'notify', 'audit', 'prompt'])

const threadRoutes = new Set(['threads', 'runs'])

/** The kind of a path: few values, none that a stranger can make up. */
export function kindOf(url: string): string {
  const { pathname } = new URL(url)
  const [, first = '', second = ''] = pathname.split('/')
  if (first === 'handshake') return planeRoutes.has(second) ? `/handshake/${second}` : '/handshake'
  if (first === 'acp') return threadRoutes.has(second) ? `/acp/${second}` : '/acp'
  if (first === 'parley') return '/parley/v1'
  return ['healthz', 'readyz', 'metrics'].includes(first) ? `/${first}` : '/'
}
