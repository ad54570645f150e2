import type { IncomingMessage } from 'node:http'
import { tokenProtocol } from '../protocol/index.js'

/** Announces that the token comes as the first frame. */
const authProtocol = 'hpp.auth'

/** What an upgrade request brings along. */
export type SocketQuery = {
  /** From `?token=`, or from the subprotocol `hpp.token.<token>`. */
  token?: string
  /** The newest event the page has seen; undefined when it did not ask for numbers. */
  after?: number
  /** True when the subprotocol `hpp.auth` was offered. */
  announcesToken: boolean
}

/** Reads token and cursor of an upgrade request. A cursor that is no whole number counts as none. */
export function tokenFromUpgrade(request: Pick<IncomingMessage, 'url' | 'headers'>): SocketQuery {
  const query = new URLSearchParams(request.url?.split('?', 2)[1] ?? '')
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
  const subprotocol = offered.find((name) => name.startsWith(tokenProtocol))
  const after = query.get('after') ?? ''
  return {
    token: query.get('token') || subprotocol?.slice(tokenProtocol.length) || undefined,
    after: /^\d{1,15}$/.test(after) ? Number(after) : undefined,
    announcesToken: offered.includes(authProtocol),
  }
}

/** Agrees to the subprotocols above; browsers give up on a server that agrees to none of those they offered. */
export function chooseProtocol(offered: ReadonlySet<string>): string | false {
  return [...offered].find((name) => name.startsWith(tokenProtocol) || name === authProtocol) ?? false
}
