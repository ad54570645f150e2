// The sockets of one node: who may open which, and what they share.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import {
  type Connection,
  createAcceptor,
  createFeed,
  createUpgradeRouter,
  refuseUpgrade,
} from '@parley/kernel/socket'
import { closeCodes } from '../close-codes.js'
import { sessionEvents } from '../protocol/index.js'
import { callerKey } from '../service/callers.js'
import type { SessionsDeps } from '../service/deps.js'
import type { AcceptLink } from '../service/hosts/accept-link.js'
import type { SessionsService } from '../service/port.js'
import { addressOf, admit, type Visitor } from './admit.js'
import { type Audience, Frames, sessionOf } from './audience.js'
import { ChannelSocket } from './channel-socket.js'
import { chooseProtocol } from './credentials.js'
import type { SocketDeps } from './deps.js'
import { Everything } from './everything.js'
import { Revalidation } from './revalidate.js'
import { serveSessionSocket } from './session-socket.js'
import { ephemeralFrame } from './signals.js'

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

type HubOptions = {
  deps: Pick<SessionsDeps, 'ground' | 'options' | 'runtimes' | 'onFault'>
  service: SessionsService
  /** Takes over sockets of hosts. */
  acceptLink: AcceptLink
}

/** The door for sockets. */
export type SocketHub = {
  /** A listener for `upgrade`. Answers paths that are not its own with 400. */
  upgrade: Upgrade
  /** Open sockets of people. */
  count(): number
  /** Refuses new sockets and closes all (1001). */
  stop(): Promise<void>
}

const maxSockets = 20_000

export function createSocketHub({ deps, service, acceptLink }: HubOptions): SocketHub {
  const { ground, options, runtimes } = deps
  const fault = (error: unknown) => deps.onFault(error, 'sessions.socket')
  const acceptor = createAcceptor({
    clock: ground.clock,
    ids: ground.ids,
    onFault: fault,
    maxFrameBytes: options.limits.bodyBytes,
    maxPerKey: options.limits.sockets,
    maxTotal: maxSockets,
    handleProtocols: chooseProtocol,
    slow: { code: closeCodes.tryLater },
    tooMany: { code: closeCodes.tryLater, reason: 'too many connections' },
  })
  const frames = new Frames()
  const everything = new Everything({ log: ground.log, clock: ground.clock, fault })
  const feed = createFeed<Audience>({
    log: ground.log,
    outlet: acceptor.outlet,
    encode: (event, audience) => {
      // After this event has been handed over, to whomever it is for.
      if (event.type === sessionEvents.terminated)
        queueMicrotask(() => everything.ended(sessionOf(event.stream)))
      return frames.frameOf(event, audience)
    },
    encodeSignal: (payload, audience) => ephemeralFrame(payload, audience, frames),
    onFault: fault,
  })
  const shared: SocketDeps = { service, ground, options, feed, frames, everything, fault }
  const revalidation = new Revalidation(shared)
  const router = createUpgradeRouter({ onFault: fault })
  const linkPath = `${options.prefix}/hosts/link`
  const defaultInstance = Object.keys(runtimes)[0] ?? 'local'

  router.route(
    ({ pathname }) => (pathname === linkPath ? pathname : undefined),
    (request, socket, head) =>
      acceptLink(request, socket, head, { remoteAddress: addressOf(request, options) }),
  )
  router.route(sessionIn, async (request, socket, head, sessionId) => {
    const admission = await admit(shared, request)
    if ('status' in admission) return refuseUpgrade(socket, admission.status)
    const { visitor } = admission
    // A session that is not there, and one that the visitor may not see.
    if (!(await service.find(visitor.by, sessionId))) return refuseUpgrade(socket, 404)
    const connection = accept(request, socket, head, visitor)
    if (connection) serveSessionSocket(shared, connection, { by: visitor.by, sessionId })
  })
  router.route(instanceIn, async (request, socket, head, instance) => {
    const admission = await admit(shared, request)
    if ('status' in admission) return refuseUpgrade(socket, admission.status)
    const { visitor } = admission
    const connection = accept(request, socket, head, visitor)
    if (!connection) return
    const who = { by: visitor.by, instance: instance || defaultInstance }
    new ChannelSocket(shared, connection, who).start()
  })

  function accept(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    visitor: Visitor,
  ): Connection | undefined {
    const { remoteAddress, by } = visitor
    const connection = acceptor.accept(request, socket, head, { remoteAddress, key: callerKey(by) })
    if (connection) revalidation.watch(connection, visitor)
    return connection
  }

  return {
    upgrade: (request, socket, head) => router.handle(request, socket, head),
    count: () => acceptor.count(),
    stop: async () => {
      revalidation.stop()
      everything.stop()
      await acceptor.stop(closeCodes.goingAway)
    },
  }
}

function sessionIn({ pathname }: URL): string | undefined {
  const found = /^\/ws\/sessions\/([^/]+)\/?$/.exec(pathname)?.[1]
  try {
    const id = found === undefined ? undefined : decodeURIComponent(found)
    return id?.includes('\0') ? undefined : id
  } catch {
    return undefined
  }
}

/** The instance whose terminals are meant; empty: the default. */
function instanceIn({ pathname, searchParams }: URL): string | undefined {
  if (pathname !== '/' && pathname !== '/ws' && pathname !== '/ws/') return undefined
  return searchParams.get('runtime') ?? ''
}
