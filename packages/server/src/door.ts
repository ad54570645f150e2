import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Handshake } from '@parley/handshake'
import { kernelErrors } from '@parley/kernel/errors'
import { clientAddress, type Fetch, problemResponse } from '@parley/kernel/http'
import { isHostAllowed } from '@parley/kernel/origin'
import { destroyOnError, refuseUpgrade } from '@parley/kernel/socket'
import type { Relay } from '@parley/relay'
import type { Sessions } from '@parley/sessions'
import type { Threads } from '@parley/threads'
import { stampArrival } from './auth/arrival.js'
import type { Config } from './config/schema.js'
import type { OnFault } from './ground.js'
import { hostsOf } from './hosts.js'
import type { NodeDoor } from './observe-requests.js'

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

type Options = {
  handshake: Handshake
  threads: Threads
  sessions: Sessions
  relay: Relay
  app: { fetch: Fetch }
  config: Config
  onFault: OnFault
}

/** What the listener of the port is made of. */
export type Door = {
  fetch: Fetch
  upgrade: Upgrade
  /** True for what only `node` can answer: Socket.IO's long polling. */
  isForNode(request: IncomingMessage): boolean
  node: NodeDoor
}

/** The one way in: refuses foreign host names, then hands each path to whom it belongs. */
export function createDoor({ handshake, threads, sessions, relay, app, config, onFault }: Options): Door {
  const hosts = hostsOf(config)
  const stampNode = (request: IncomingMessage, isUpgrade: boolean) => {
    const { headers, method = 'GET', socket } = request
    const remoteAddress = clientAddress(socket.remoteAddress ?? '', headers, config.trustedProxies)
    stampArrival(headers, { method, remoteAddress, isUpgrade })
  }
  return {
    fetch: (request, info) => {
      if (!isHostAllowed(request.headers.get('host'), hosts)) return foreignHost(info.requestId)
      const { pathname } = new URL(request.url)
      if (handshake.owns(pathname)) return handshake.fetch(request, info)
      if (sessions.owns(pathname)) return sessions.fetch(request, info)
      if (relay.owns(pathname)) return relay.fetch(request, info)
      if (!threads.owns(pathname)) return app.fetch(request, info)
      const { method, headers } = request
      stampArrival(headers, { method, remoteAddress: info.remoteAddress, isUpgrade: false })
      return threads.fetch(request, info)
    },
    isForNode: ({ url = '' }) => /^\/socket\.io(?:[/?]|$)/.test(url),
    node: (request, response) => {
      if (!isHostAllowed(request.headers.host, hosts)) return refuseHost(response)
      stampNode(request, false)
      // A client that goes away in the middle of an answer is no reason to end the process.
      request.on('error', () => {})
      response.on('error', () => {})
      threads.node(request, response).catch((error: unknown) => {
        onFault(error, 'server.node')
        response.destroy()
      })
    },
    upgrade: (request, socket, head) => {
      destroyOnError(socket)
      const target = request.url ?? ''
      if (!isHostAllowed(request.headers.host, hosts)) return refuseUpgrade(socket, 400)
      if (handshake.owns(target)) return handshake.upgrade(request, socket, head)
      if (relay.owns(target)) return relay.upgrade(request, socket, head)
      // The last of the planes: it refuses paths that nobody knows.
      if (!threads.owns(target)) return sessions.upgrade(request, socket, head)
      stampNode(request, true)
      threads.upgrade(request, socket, head)
    },
  }
}

const refusal = () =>
  kernelErrors.forbidden({
    message: 'This server does not answer to that host name. Add it to PARLEY_ALLOWED_HOSTS.',
  })

const foreignHost = (requestId: string): Response => problemResponse(refusal(), requestId)

function refuseHost(response: ServerResponse): void {
  const { status, code, message, retryable } = refusal()
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' })
  response.end(JSON.stringify({ code, message, retryable }))
}
