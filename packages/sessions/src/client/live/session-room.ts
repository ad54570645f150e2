// One followed session: read, subscribed, kept complete.

import { Notifier } from '@parley/kernel/edge'
import type { Session } from '../../protocol/index.js'
import { type Edge, pauseAfter, type Stop } from '../edge.js'
import { networkError } from '../failures.js'
import type { SessionsClientError } from '../sessions-client-error.js'
import type { ChannelSocket } from '../socket/channel-socket.js'
import type { SessionCalls } from '../types.js'
import { SessionState } from './session-state.js'
import type { LiveSessionStatus, SessionSnapshot } from './types.js'

export type SessionRoomParts = {
  edge: Pick<Edge, 'timers' | 'random' | 'pauses'>
  rest: Pick<SessionCalls, 'fetchSession' | 'sendPrompt'>
  /** Undefined: the server's own address. */
  connect(url: string | undefined): ChannelSocket
}

/** Worth another attempt: the server was not reached, or has a bad moment. */
const passing: ReadonlySet<string> = new Set(['network', 'unavailable', 'internal', 'rate_limited'])

/** Nobody but the user can help it. */
const final: ReadonlySet<string> = new Set(['unauthenticated', 'forbidden'])

/** Shared by everybody who follows the session. */
export class SessionRoom {
  readonly id: string
  readonly state: SessionState
  readonly #parts: SessionRoomParts
  readonly #notifier = new Notifier()
  #status: LiveSessionStatus = 'loading'
  #error: SessionsClientError | undefined
  #snapshot: SessionSnapshot | undefined
  #socket: ChannelSocket | undefined
  #stopTimer: Stop = () => {}
  #isDisposed = false

  constructor(id: string, parts: SessionRoomParts) {
    this.id = id
    this.#parts = parts
    this.state = new SessionState({
      send: (text) => parts.rest.sendPrompt(id, text),
      now: () => new Date(parts.edge.timers.now()).toISOString(),
      changed: () => this.#changed(),
    })
  }

  /** True for one that can't come back: whoever asks anew begins anew. */
  get isOver(): boolean {
    return this.#status === 'gone' || this.#status === 'refused'
  }

  snapshot(): SessionSnapshot {
    const error = this.#error
    this.#snapshot ??= {
      id: this.id,
      status: this.#status,
      ...(error && { error }),
      ...this.state.content,
    }
    return this.#snapshot
  }

  subscribe(listener: () => void): Stop {
    return this.#notifier.subscribe(listener)
  }

  start(): void {
    void this.#load(0)
  }

  dispose(error?: SessionsClientError): void {
    if (error) this.#become('refused', error)
    this.#isDisposed = true
    this.#stopTimer()
    this.#socket?.close()
  }

  async #load(failures: number): Promise<void> {
    try {
      const session = await this.#read()
      if (this.#isDisposed) return
      this.state.takeSession(session)
      if (session.status === 'active') this.#follow(session)
      else this.#show(session)
    } catch (cause) {
      this.#notLoaded(networkError('Failed to fetch session', cause), failures)
    }
  }

  /** Ended ones with their log: nothing of them comes over a socket of the original any more. */
  async #read(): Promise<Session> {
    const { rest } = this.#parts
    const session = await rest.fetchSession(this.id, { logs: false })
    const isWhole = session.status === 'active' || session.logs.length > 0
    return isWhole ? session : rest.fetchSession(this.id)
  }

  #notLoaded(error: SessionsClientError, failures: number): void {
    if (this.#isDisposed) return
    if (error.code === 'not_found') return void this.#become('gone', error)
    if (!passing.has(error.code)) return void this.#become('refused', error)
    const { edge } = this.#parts
    this.#stopTimer = edge.timers.after(pauseAfter(failures, edge), () => void this.#load(failures + 1))
  }

  #show(session: Session): void {
    for (const event of session.logs) this.state.take(event)
    this.#end()
  }

  #follow({ websocketUrl }: Session): void {
    const socket = this.#parts.connect(websocketUrl)
    this.#socket = socket
    socket.onState(() => this.#connectionChanged(socket))
    socket.subscribe(`session:${this.id}`, {
      onEvent: ({ seq, event }) => {
        // Answers to somebody's question are no part of what happened.
        if (seq > 0) this.state.take(event)
        if (event.type === 'session.terminated') this.#end()
      },
      onSubscribed: ({ truncated }) => this.#caughtUp(truncated),
      onRefused: (message) => void this.#refused(message),
      onLifecycle: ({ type }) => {
        if (type !== 'session.terminated') return
        this.#end()
        void this.#refresh()
      },
    })
  }

  #connectionChanged(socket: ChannelSocket): void {
    const error = socket.error()
    if (error) this.#become('refused', error)
    else if (socket.state() !== 'connected' && this.#status === 'live') {
      this.#become('reconnecting')
      // OUTSIDE: a browser does not tell why a socket is refused; a call does.
      void this.#refresh()
    }
  }

  #caughtUp(truncated: boolean): void {
    const isFirst = this.#status === 'loading'
    if (truncated) this.state.truncated()
    if (this.#status !== 'ended') this.#become('live')
    // What the log does not say may have changed meanwhile; and one that ended in between has no log there.
    if (!isFirst || !this.state.hasEvents) void this.#refresh()
  }

  /** The channel was refused: what is true of the session says why. */
  async #refused(message: string): Promise<void> {
    await this.#refresh()
    if (this.#status === 'ended' || this.isOver || this.#isDisposed) return
    this.#become('refused', networkError(message, new Error(message)))
  }

  async #refresh(): Promise<void> {
    try {
      const session = await this.#parts.rest.fetchSession(this.id, { logs: false })
      if (this.#isDisposed) return
      this.state.takeSession(session)
      if (session.status === 'killed') this.#end()
    } catch (cause) {
      const error = networkError('Failed to fetch session', cause)
      if (error.code === 'not_found') this.#become('gone', error)
      // Everything else is repaired by the next connection.
      if (final.has(error.code)) this.#become('refused', error)
    }
  }

  #end(): void {
    this.state.end()
    this.#become('ended')
  }

  #become(status: LiveSessionStatus, error?: SessionsClientError): void {
    if (this.#isDisposed) return
    this.#status = status
    this.#error = error
    this.#changed()
  }

  #changed(): void {
    this.#snapshot = undefined
    this.#notifier.changed()
  }
}
