import type { Connection, Feed } from '@parley/kernel/socket'
import { closeCodes } from '../close-codes.js'
import { frameTexts, parseClientFrame } from '../protocol/index.js'
import { getOpen } from '../service/access.js'
import type { Caller } from '../service/caller.js'
import type { HandshakeDeps } from '../service/deps.js'
import { streamOf } from '../service/events.js'
import type { HandshakeState } from '../service/state.js'
import { admit } from './admit.js'
import type { SocketQuery } from './credentials.js'
import { type Audience, audienceOf } from './frames.js'
import { type Rooms, refuse } from './rooms.js'
import { listen, maxWaitingFrames, Visitor } from './visitor.js'

/** Most sockets of one handshake on one node. */
const maxSocketsPerHandshake = 50

/** What serving a socket needs of its hub. */
export type SocketContext = { deps: HandshakeDeps; feed: Feed<Audience>; rooms: Rooms }

/** A socket that has come in. */
export type Visit = { id: string; caller: Caller; query: SocketQuery }

/** Serves one accepted socket from admission to its end (contract 4). */
export async function serveSocket(
  context: SocketContext,
  connection: Connection,
  visit: Visit,
): Promise<void> {
  const { id, query } = visit
  // A socket that leads nowhere is not worth waiting for its token.
  if (!(await exists(context.deps, id))) return refuse(connection, frameTexts.sessionNotFound)
  const { caller, next } = await withToken(context.deps, connection, visit)
  const admission = await admit(context.deps, caller, id)
  if (!connection.isOpen) return
  if (admission.outcome === 'refused') return refuse(connection, admission.msg)

  if (context.rooms.size(id) >= maxSocketsPerHandshake)
    return connection.close(closeCodes.tryLater, 'too many connections')

  const isBrowser = admission.outcome === 'browser'
  const { state } = admission
  connection.send(JSON.stringify(connected(state, isBrowser, query.after !== undefined)))
  context.rooms.enter(state, { connection, isBrowser })
  context.feed.join(streamOf(id), connection, {
    after: query.after ?? state.head,
    audience: audienceOf(isBrowser, query.after !== undefined),
    historyGone: historyGoneTo(connection),
  })
  connection.onIdle(context.deps.options.heartbeatSeconds * 1000, heartbeatTo(connection))

  const mayWrite = admission.outcome !== 'plain'
  // The state's own text of the id: that of the request keeps its whole address.
  listen(new Visitor(context.deps, connection, { id: state.row.id, mayWrite }), next)
}

// Functions of their own: a closure made above would keep everything there for as long as the socket.
const historyGoneTo = (connection: Connection) => (first: number) =>
  connection.send(JSON.stringify({ type: 'history_gone', seq: first }))

const heartbeatTo = (connection: Connection) => () => connection.send(heartbeat)

const heartbeat = JSON.stringify({ type: 'heartbeat' })

const exists = (deps: HandshakeDeps, id: string): Promise<boolean> =>
  getOpen(deps, id).then(
    () => true,
    () => false,
  )

function connected({ row, head }: HandshakeState, isBrowser: boolean, hasCursor: boolean): object {
  return {
    type: 'connected',
    sessionId: row.id,
    mode: row.mode,
    ...(hasCursor && { seq: head }),
    ...(isBrowser && { sealed: false, claimed: row.claim !== null, frozen: false }),
  }
}

type Presented = { caller: Caller; next: readonly string[] }

/**
 * The caller with its token: a socket on the plain path without one may send it as its first frame. Nothing in time, or
 * another frame first, is no token. `next` gathers what arrives behind the token until somebody listens.
 */
async function withToken(
  deps: HandshakeDeps,
  connection: Connection,
  { caller, query }: Visit,
): Promise<Presented> {
  if (caller.token !== undefined || caller.browserKey !== undefined) return { caller, next: [] }
  const waitMs = query.announcesToken ? 5_000 : deps.options.authFrameMs
  const { first, next } = await firstMessage(deps, connection, waitMs)
  const frame = first === undefined ? undefined : parseClientFrame(first)
  return { caller: frame?.type === 'auth' ? { ...caller, token: frame.token } : caller, next }
}

type Arrived = { first: string | undefined; next: readonly string[] }

function firstMessage(deps: HandshakeDeps, connection: Connection, waitMs: number): Promise<Arrived> {
  const next: string[] = []
  return new Promise((resolve) => {
    const arrived = (first?: string) => {
      stop()
      leave()
      resolve({ first, next })
    }
    const stop = deps.ground.clock.after(waitMs, arrived)
    const leave = connection.onClose(() => arrived())
    let isFirst = true
    connection.onMessage((text) => {
      if (!isFirst) return void (next.length < maxWaitingFrames && next.push(text))
      isFirst = false
      arrived(text)
    })
  })
}
