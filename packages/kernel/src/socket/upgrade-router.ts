import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

/** What a matcher found in a path; undefined when the path is not its own. */
export type PathMatcher<Params> = (url: URL) => Params | undefined

/** Takes over the raw socket of an upgrade request. It answers every path that its matcher took. */
export type UpgradeHandler<Params> = (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  params: Params,
) => void | Promise<void>

export type UpgradeRouterOptions = {
  /** Told of what a handler threw; the socket is answered with 500 or destroyed. */
  onFault(error: unknown): void
}

/** The one listener for `upgrade` of an HTTP server. */
export interface UpgradeRouter {
  /** Routes are tried in the order they were added. */
  route<Params>(matcher: PathMatcher<Params>, handler: UpgradeHandler<Params>): void
  /**
   * Hands the request to the first route that wants it. Any other path is answered `400` and closed: close codes
   * such as 44xx belong to the planes, which complete the upgrade first.
   */
  handle(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

type Route = (url: URL, request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void> | undefined

export function createUpgradeRouter({ onFault }: UpgradeRouterOptions): UpgradeRouter {
  const routes: Route[] = []

  return {
    route: (matcher, handler) => {
      routes.push((url, request, socket, head) => {
        const params = matcher(url)
        if (params === undefined) return undefined
        return Promise.resolve(handler(request, socket, head, params))
      })
    },
    handle: (request, socket, head) => {
      destroyOnError(socket)
      const fail = (error: unknown) => {
        onFault(error)
        refuseUpgrade(socket, 500)
      }
      try {
        const url = toUrl(request.url)
        const taken = url && first(routes, (route) => route(url, request, socket, head))
        if (taken) taken.catch(fail)
        else refuseUpgrade(socket, 400)
      } catch (error) {
        fail(error)
      }
    },
  }
}

/**
 * Answers an upgrade request with a plain HTTP status and closes the socket. Once something was written to it, it is
 * only destroyed: an HTTP answer in the middle of another protocol helps nobody.
 */
export function refuseUpgrade(
  socket: Duplex,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (socket.destroyed || !socket.writable || hasWritten(socket)) return void socket.destroy()
  const lines = Object.entries({ connection: 'close', 'content-length': '0', ...headers })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\n${head}\r\n`)
}

// A socket that carried an earlier keep-alive answer has written bytes too, so only frames after `101` count.
const hasWritten = (socket: Duplex): boolean => upgraded.has(socket)

/**
 * Ends an upgraded socket that breaks. OUTSIDE: after `upgrade` nobody listens for its errors, and one would end the
 * process. Calling it again is harmless.
 */
export function destroyOnError(socket: Duplex): void {
  if (socket.listenerCount('error') === 0) socket.on('error', destroyThis)
}

// One function for all: a closure would keep the request, with its headers, as long as the socket.
function destroyThis(this: Duplex): void {
  this.destroy()
}

const upgraded = new WeakSet<Duplex>()

/** Notes that `101 Switching Protocols` is on its way on this socket. */
export const markUpgraded = (socket: Duplex): void => void upgraded.add(socket)

function toUrl(target: string | undefined): URL | undefined {
  if (!target?.startsWith('/')) return undefined
  // Not `new URL(target, base)`: a target such as `//host/path` would replace the host and change the path.
  const text = `http://localhost${target}`
  return URL.canParse(text) ? new URL(text) : undefined
}

function first<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}
