import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isHostAllowed, isOriginAllowed, ownOrigins } from '@parley/kernel/origin'
import { destroyOnError, refuseUpgrade } from '@parley/kernel/socket'
import type { StopOptions } from './compose.js'
import type { Sessions } from './create.js'

/** Where `serve` listens. */
export type ServeOptions = {
  /** 0 takes a free one. */
  port: number
  /** Default `127.0.0.1`: only this machine. */
  host?: string
  /** Further host names that are answered to, such as `agents.example`; addresses and localhost always are. */
  hosts?: readonly string[]
  /**
   * Pages of these origins may call, of every origin with `true`. They are asked who they are like everybody else, and have
   * to show a token: cookies of theirs are not looked at. With an `authenticate` that asks for nothing that means
   * every page anybody opens may start programs. Default: the plane's own `allowedOrigins`.
   */
  cors?: boolean | readonly string[]
}

/** A plane that listens. */
export type Served = {
  /** `http://<host>:<port>`; routes are below `/api`. */
  readonly url: string
  /** Stops the plane as its `stop` does, and the server. */
  close(options?: StopOptions): Promise<void>
}

/** Serves a plane on a port of its own, sockets too. Rejects when the plane does not open or the port is taken. */
export async function serve(
  sessions: Sessions,
  { port, host = '127.0.0.1', hosts = [], cors = false }: ServeOptions,
): Promise<Served> {
  await sessions.ready
  const origins = cors === true ? ['*'] : cors === false ? [] : cors
  const isKnown = ({ headers }: IncomingMessage) => isHostAllowed(headers.host, [host, ...hosts])
  const server = createServer((request, response) => {
    if (!isKnown(request)) return refuseHost(response)
    if (letIn(request, origins, response) && request.method === 'OPTIONS')
      return answerPreflight(request, response)
    void sessions.node(request, response)
  })
  server.on('upgrade', (request, socket, head) => {
    destroyOnError(socket)
    if (!isKnown(request)) return refuseUpgrade(socket, 400)
    letIn(request, origins)
    sessions.upgrade(request, socket, head)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  // The cast: a server that listens on a port has an address with one.
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    close: async (options) => {
      const closed = new Promise((resolve) => server.close(resolve))
      await sessions.stop(options)
      server.closeAllConnections()
      await closed
    },
  }
}

/** True for a page that `cors` lets in. It comes as a program does: without what its browser adds by itself. */
function letIn(request: IncomingMessage, origins: readonly string[], response?: ServerResponse): boolean {
  const { origin, host } = request.headers
  if (origin === undefined || origins.length === 0 || !isOriginAllowed(origin, [], origins)) return false
  if (isOriginAllowed(origin, ownOrigins(host, undefined), [])) return false
  response?.setHeader('access-control-allow-origin', origin)
  response?.setHeader('access-control-expose-headers', 'retry-after')
  response?.setHeader('vary', 'origin')
  for (const name of ['origin', 'cookie']) dropHeader(request, name)
  return true
}

function dropHeader(request: IncomingMessage, name: string): void {
  delete request.headers[name]
  // Some who read requests read these.
  for (let at = request.rawHeaders.length - 2; at >= 0; at -= 2)
    if (request.rawHeaders[at]!.toLowerCase() === name) request.rawHeaders.splice(at, 2)
}

function answerPreflight({ headers }: IncomingMessage, response: ServerResponse): void {
  response.setHeader('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE')
  response.setHeader(
    'access-control-allow-headers',
    headers['access-control-request-headers'] ?? 'content-type, authorization',
  )
  response.setHeader('access-control-max-age', '600')
  response.writeHead(204).end()
}

function refuseHost(response: ServerResponse): void {
  response.writeHead(403, { 'content-type': 'application/json', connection: 'close' })
  response.end(JSON.stringify({ error: 'unknown host name' }))
}
