// A host that listens: what a foreign control plane knows (section 4), and the channel socket (3.2) on any path.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Clock, type Ids, systemClock, systemIds } from '@parley/kernel/ids'
import { createAcceptor, destroyOnError, refuseUpgrade } from '@parley/kernel/socket'
import { isJsonObject } from '@parley/kernel/wire'
import type { HostRequest, HostResponse, TerminalSignal, WireEvent } from '../../protocol/index.js'
import { HostError } from '../errors.js'
import type { Host } from '../open-host.js'
import type { HostEvent } from '../port.js'
import { type AccessOptions, createAccess, isLoopbackAddress } from './access.js'
import { createCallbacks } from './callbacks.js'
import { type ChannelSocket, openChannelSocket } from './channel-socket.js'
import { createHistory } from './history.js'
import { toHostRequest, withoutLegacy } from './requests.js'
import { createTurnEnds } from './turn-ends.js'

export type StandaloneOptions = AccessOptions & {
  host: Host
  /** 0: any free one. */
  port: number
  /** Default `127.0.0.1`. Any other than a loopback address needs a `token`. */
  address?: string
  clock?: Clock
  ids?: Ids
  /** For callbacks. Default `fetch`. */
  fetch?: typeof fetch
  onFault?(error: unknown): void
}

export type Standalone = { readonly port: number; close(): Promise<void> }

/** Listens. Throws when it would be open to a network without a token. */
export async function serveStandalone(options: StandaloneOptions): Promise<Standalone> {
  const { host, address = '127.0.0.1', clock = systemClock, ids = systemIds, onFault = () => {} } = options
  if (!isLoopbackAddress(address) && !options.token)
    throw new HostError(400, `Listening on ${address} needs a token`)
  const refusalOf = createAccess(options)
  const history = createHistory()
  const callbacks = createCallbacks(options.fetch ?? fetch)
  const turns = createTurnEnds()
  const sockets = new Set<ChannelSocket>()
  // Numbers grow over restarts too: clients come back with the last one they saw.
  let seq = clock.micros()

  const publish = (event: HostEvent & { timestamp: string }) => {
    const { sessionId, type, data, timestamp } = event
    if (sessionId === undefined) return
    const kept = { seq: ++seq, text: JSON.stringify({ type, data, timestamp }), event: { type, data } }
    history.add(sessionId, kept)
    for (const socket of sockets) socket.event(sessionId, kept)
    if (type === 'session.terminated') for (const socket of sockets) socket.lifecycle(type, sessionId)
  }
  const askFirst = async (event: HostEvent & { timestamp: string }) => {
    const answer = await callbacks.ask(event)
    const { requestId } = event.data
    if (!answer || typeof requestId !== 'string') return publish(event)
    const path = `/sessions/${encodeURIComponent(event.sessionId ?? '')}/permissions/${encodeURIComponent(requestId)}`
    const { status } = await host.answer({ method: 'POST', path, body: answer })
    // An option that was not offered is no answer; one that is settled is not shown.
    if (status === 400) publish(event)
  }
  const stopObserving = host.observe({
    event: (event) => {
      turns.tell(event)
      callbacks.tell(event)
      if (event.type === 'permission_request' && !event.data.auto) void askFirst(event).catch(onFault)
      else publish(event)
    },
    signal: ({ sessionId, channel, data }) => {
      // The casts: what rides in signals of the host itself.
      if (sessionId === undefined && channel.startsWith('terminals:'))
        for (const socket of sockets) socket.terminal(data as TerminalSignal)
      else if (sessionId !== undefined) {
        const kept = { seq: 0, text: JSON.stringify(data), event: data as WireEvent }
        for (const socket of sockets) socket.event(sessionId, kept)
      }
    },
  })

  const starting = new Set<string>()
  /** WHY not for one that is there: a second start is refused, and must not take its callbacks over. */
  const start = async (request: HostRequest, sessionId: string): Promise<HostResponse> => {
    const isThere = starting.has(sessionId) || host.sessions().some((one) => one.sessionId === sessionId)
    if (isThere) return host.answer(request)
    starting.add(sessionId)
    if (isJsonObject(request.body)) callbacks.register(sessionId, request.body.callbackUrl)
    try {
      const response = await host.answer(request)
      if (response.status !== 200) callbacks.forget(sessionId)
      return response
    } finally {
      starting.delete(sessionId)
    }
  }

  const answerOne = async (request: HostRequest): Promise<HostResponse> => {
    const [, id = '', verb] = /^\/sessions\/([^/]+)\/(start|prompt)$/.exec(request.path) ?? []
    if (request.method !== 'POST' || !verb) return host.answer(request)
    const sessionId = decode(id)
    if (verb === 'prompt') return turns.run(sessionId, () => host.answer(request))
    const response = await start(request, sessionId)
    if (response.status === 200) for (const socket of sockets) socket.lifecycle('session.created', sessionId)
    return response
  }
  const answer = async (incoming: IncomingMessage): Promise<HostResponse> => {
    const requests = withoutLegacy(
      await toHostRequest(incoming),
      host.sessions().map(({ sessionId }) => sessionId),
    )
    const answers = await Promise.all(requests.map(answerOne))
    return answers[0] ?? { status: 200, body: { ok: true } }
  }

  const server = createServer((incoming, outgoing) => void respond(incoming, outgoing).catch(onFault))
  const respond = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const refusal = refusalOf(incoming)
    if (incoming.method === 'OPTIONS') return void outgoing.writeHead(204, corsOf(incoming, refusal)).end()
    const { status, body, headers } = refusal
      ? { status: refusal.status, body: { error: refusal.message }, headers: {} }
      : await answer(incoming).catch(toRefusal)
    const type = { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' }
    outgoing.writeHead(status, { ...headers, ...type, ...corsOf(incoming, refusal) })
    outgoing.end(JSON.stringify(body ?? {}))
  }

  const acceptor = createAcceptor({ clock, ids, onFault })
  server.on('upgrade', (incoming, socket, head) => {
    destroyOnError(socket)
    const refusal = refusalOf(incoming)
    if (refusal) return refuseUpgrade(socket, refusal.status)
    const connection = acceptor.accept(incoming, socket, head, { remoteAddress: '' })
    if (!connection) return
    const channels = openChannelSocket({ connection, history, answer: host.answer, now: () => clock.now() })
    sockets.add(channels)
    connection.onClose(() => void sockets.delete(channels))
  })
  server.listen(options.port, address)
  await once(server, 'listening')

  return {
    // The cast: it listens on a port.
    port: (server.address() as AddressInfo).port,
    close: async () => {
      stopObserving()
      await acceptor.stop()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new HostError(404, 'Not found')
  }
}

function toRefusal(error: unknown): HostResponse {
  const status = error instanceof HostError ? error.status : 500
  return { status, body: { error: error instanceof Error ? error.message : String(error) } }
}

/** Headers for a page of another origin that may call; none for one that may not. */
function corsOf(
  { headers }: IncomingMessage,
  refusal: { status: number } | undefined,
): Record<string, string> {
  if (headers.origin === undefined || refusal?.status === 403) return {}
  return {
    'access-control-allow-origin': headers.origin,
    'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, OPTIONS',
    'access-control-allow-headers': 'content-type, authorization',
    vary: 'Origin',
  }
}
