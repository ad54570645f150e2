import { baseOf, socketOf, withToken } from './addresses.js'
import { type Edge, edgeOf, type SocketConstructor } from './edge.js'
import { closedError } from './failures.js'
import { createLiveSession } from './live/live-session.js'
import { SessionRoom } from './live/session-room.js'
import type { LiveSession } from './live/types.js'
import { createHttp } from './rest/http.js'
import { createRest } from './rest/rest.js'
import { Shared } from './shared.js'
import { type ChannelSocket, SharedSocket } from './socket/channel-socket.js'
import { createLiveTerminal, createLiveTerminals } from './terminals/live-terminals.js'
import { TerminalsRoom } from './terminals/terminals-room.js'
import type { LiveTerminal, LiveTerminals } from './terminals/types.js'
import { type TokenSource, tokenReader } from './token.js'
import type { SessionsRest } from './types.js'

export type SessionsClientOptions = {
  /** With the prefix, for example `https://agents.example/api`; in a page `/api` will do. */
  baseUrl: string | URL
  /** Default: the global one. */
  fetch?: typeof fetch
  /** Sent as `Authorization: Bearer …`, and as `?token=` on sockets of this server. Default: none, a cookie may do. */
  token?: TokenSource
  /** Default: the global one. Node has none before version 22: pass that of `ws`. */
  WebSocket?: SocketConstructor
}

/** Everything of a sessions server. Followers of the same thing share it; each closes its own. */
export type SessionsClient = SessionsRest & {
  /** Opens a channel socket; default the server's own, else a `websocketUrl` that the server told. */
  connect(url?: string): ChannelSocket
  /** Follows a session. */
  session(id: string): LiveSession
  /** Follows the terminals of a runtime, by the `websocketUrl` of its instance; default the server's own. */
  terminals(url?: string): LiveTerminals
  /** Follows one of them. */
  terminal(id: string, url?: string): LiveTerminal
  /** Closes connections and everything that is followed. Sessions and terminals go on. */
  close(): void
}

/** A client whose world is given, for tests. */
export function openSessionsClient(options: SessionsClientOptions, edge: Edge): SessionsClient {
  const base = baseOf(options.baseUrl, edge.page)
  const readToken = tokenReader(options.token)
  let isClosed = false
  const rest = createRest(
    createHttp({
      edge,
      base,
      readToken,
      // WHY: a cookie goes to another origin only when it is all there is; such answers need a CORS header more.
      credentials: options.token === undefined ? 'include' : 'same-origin',
      isClosed: () => isClosed,
    }),
  )
  const sockets = new Shared({
    open: (url) => {
      const address = async () => withToken(url, await readToken(), base)
      return new SharedSocket({ edge, url, address })
    },
    close: (socket: SharedSocket) => socket.close(),
  })
  const connect = (url = socketOf(base)): ChannelSocket => {
    if (isClosed) throw closedError('the client')
    const { value, leave } = sockets.join(url)
    // One that was refused is tried again for whoever comes anew.
    value.open()
    return value.view(leave)
  }
  const sessions = new Shared({
    open: (id) => {
      const room = new SessionRoom(id, { edge, rest, connect })
      room.start()
      return room
    },
    close: (room: SessionRoom) => room.dispose(),
    isOver: (room) => room.isOver,
  })
  const runtimes = new Shared({
    open: (url) => new TerminalsRoom(connect(url || undefined)),
    close: (room: TerminalsRoom) => room.close(),
  })
  const terminals = (url = ''): LiveTerminals => {
    if (isClosed) throw closedError('the client')
    const { value, leave } = runtimes.join(url)
    return createLiveTerminals(value, leave)
  }

  return {
    ...rest,
    connect,
    session: (id) => {
      if (isClosed) throw closedError('the client')
      const { value, leave } = sessions.join(id)
      return createLiveSession(value, rest, leave)
    },
    terminals,
    terminal: (id, url) => createLiveTerminal(id, terminals(url)),
    close: () => {
      if (isClosed) return
      isClosed = true
      for (const room of sessions.values) room.dispose(closedError('the client'))
      for (const room of runtimes.values) room.close()
      for (const socket of sockets.values) socket.close()
      for (const shared of [sessions, runtimes, sockets]) shared.clear()
    },
  }
}

/**
 * Makes a client of a sessions server, for browsers and for Node. It connects when something is followed; close it when it
 * is not needed any more.
 *
 * ```ts
 * const client = createSessionsClient({ baseUrl: 'https://agents.example/api', token: () => login.token })
 * const { id } = await client.createSession({ agentTemplateId: 'reviewer', cwd: '/srv/project' })
 * const session = client.session(id)
 * session.subscribe(() => render(session.getState().timeline))
 * await session.prompt('Fix the failing test')
 * ```
 */
export function createSessionsClient(options: SessionsClientOptions): SessionsClient {
  return openSessionsClient(options, edgeOf({ fetch: options.fetch, WebSocket: options.WebSocket }))
}
