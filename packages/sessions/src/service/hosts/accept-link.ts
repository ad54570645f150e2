// Upgrades of hosts (section 13.2): the upgrade is completed in any case, since a failed one carries no reason.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Clock } from '@parley/kernel/ids'
import { slidingLog } from '@parley/kernel/limits'
import { type WebSocket, WebSocketServer } from 'ws'
import { linkLimits, linkSubprotocol } from '../../protocol/index.js'
import type { HostRow } from '../../store/port.js'
import { hashSecret } from '../secrets.js'
import { ends, type LinkEnd } from './ends.js'
import type { LinkSocket } from './link-socket.js'
import { bearerToken } from './token.js'
import { toLinkSocket } from './ws-socket.js'

/** `remoteAddress`: absent for a socket that only this machine's user can reach; such are not counted. */
export type AcceptLinkOptions = LinkTerms & { remoteAddress?: string }
/** `eventsPerSecond`: more of them are slowed down; default 5,000 (section 13.8). */
export type LinkTerms = { eventsPerSecond?: number }
export type AcceptLink = (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  options?: AcceptLinkOptions,
) => void

export type AcceptorParts = {
  clock: Clock
  findByToken(tokenHash: string): Promise<HostRow | undefined>
  accepted(socket: LinkSocket, host: HostRow, terms: LinkTerms): void
  /** True once no links are taken any more. */
  isStopping(): boolean
  onFault(error: unknown, where: string): void
}

const linksPerMinute = 30

export function createLinkAcceptor(parts: AcceptorParts): AcceptLink {
  const { clock } = parts
  const dials = slidingLog({ limit: linksPerMinute, windowMs: 60_000, clock })
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    // Beyond what is refused with a reason.
    maxPayload: 4 * linkLimits.frameBytes,
    handleProtocols: (offered) => (offered.has(linkSubprotocol) ? linkSubprotocol : false),
  })

  const admit = async (
    websocket: WebSocket,
    { headers }: IncomingMessage,
    { remoteAddress: address, ...terms }: AcceptLinkOptions,
  ) => {
    const socket = toLinkSocket(websocket, clock)
    const refuse = ([code, reason]: LinkEnd) => socket.close(code, reason)
    if (parts.isStopping()) return refuse(ends.goingAway)
    if (address !== undefined && !dials.take(address).ok) return refuse(ends.tryLater)
    const token = bearerToken(headers.authorization)
    if (token === undefined) return refuse(ends.unauthorized)
    const host = await find(hashSecret(token))
    if (host === 'unknown') return refuse(ends.tryLater)
    if (!host) return refuse(ends.unauthorized)
    if (websocket.protocol !== linkSubprotocol) return refuse(ends.versionNotSupported)
    if (parts.isStopping()) return refuse(ends.goingAway)
    parts.accepted(socket, host, terms)
  }
  const find = async (tokenHash: string) => {
    try {
      return await parts.findByToken(tokenHash)
    } catch (error) {
      parts.onFault(error, 'sessions.link')
      return 'unknown' as const
    }
  }

  return (request, socket, head, options = {}) => {
    socket.on('error', () => socket.destroy())
    server.handleUpgrade(request, socket, head, (websocket) => {
      admit(websocket, request, options).catch((error: unknown) => {
        parts.onFault(error, 'sessions.link')
        websocket.terminate()
      })
    })
  }
}
