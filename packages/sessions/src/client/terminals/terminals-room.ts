// Terminals of a runtime, over one channel socket.

import { Notifier } from '@parley/kernel/edge'
import type { WsChannelControlMessage } from '../../protocol/index.js'
import type { Stop } from '../edge.js'
import { closedError, offlineError } from '../failures.js'
import { SessionsClientError } from '../sessions-client-error.js'
import type { ChannelSocket } from '../socket/channel-socket.js'
import type { EventFrame } from '../socket/frames.js'
import { reduceTerminals, type TerminalSessions } from '../timeline/terminals.js'
import type { CreateTerminal, TerminalsSnapshot } from './types.js'

type Waiting = { resolve(terminalId: string): void; reject(error: SessionsClientError): void }
type OutputListener = (text: string) => void

const maxWaiting = 100

export class TerminalsRoom {
  readonly #socket: ChannelSocket
  readonly #notifier = new Notifier()
  readonly #listeners = new Map<string, Set<OutputListener>>()
  /** Ids that were ever announced: a terminal that is announced for the first time answers who waits. */
  readonly #announced = new Set<string>()
  readonly #killed = new Set<string>()
  readonly #creating: Waiting[] = []
  #queued: WsChannelControlMessage[] = []
  #terminals: TerminalSessions = []
  #isReady = false
  #refusal: SessionsClientError | undefined
  #snapshot: TerminalsSnapshot | undefined

  constructor(socket: ChannelSocket) {
    this.#socket = socket
    socket.onState(() => this.#connectionChanged())
    socket.onError((message) => this.#failed(message))
    socket.subscribe('terminals', {
      onEvent: (frame) => this.#take(frame),
      onSubscribed: () => this.#ready(),
      onRefused: (message) => this.#refuse(new SessionsClientError('forbidden', message)),
    })
  }

  snapshot(): TerminalsSnapshot {
    const error = this.#refusal ?? this.#socket.error()
    const connection = this.#socket.state()
    const status = connection === 'connected' && !this.#isReady ? 'connecting' : connection
    this.#snapshot ??= { status, ...(error && { error }), terminals: this.#terminals }
    return this.#snapshot
  }

  subscribe(listener: () => void): Stop {
    return this.#notifier.subscribe(listener)
  }

  create({ command, ...rest }: CreateTerminal): Promise<string> {
    const error = this.#refusal ?? this.#socket.error()
    if (error) return Promise.reject(error)
    return new Promise((resolve, reject) => {
      this.#creating.push({ resolve, reject })
      const message = {
        action: 'terminal.create',
        ...(command !== undefined && { data: command }),
        ...rest,
      } as const
      if (!this.#act(message)) this.#creating.pop()?.reject(offlineError())
    })
  }

  input(terminalId: string, data: string): boolean {
    return this.#act({ action: 'terminal.input', terminalId, data })
  }

  resize(terminalId: string, cols: number, rows: number): boolean {
    return this.#act({ action: 'terminal.resize', terminalId, cols, rows })
  }

  kill(terminalId: string): boolean {
    const isSent = this.#act({ action: 'terminal.kill', terminalId })
    if (!isSent) return false
    // It is forgotten there, too; how it ended may still be told.
    this.#killed.add(terminalId)
    this.#reduce('terminal.release', { terminalId })
    return true
  }

  /** What is kept, at once and in one piece, then what comes. */
  onOutput(terminalId: string, listener: OutputListener): Stop {
    const own = (text: string) => listener(text)
    const listeners = this.#listeners.get(terminalId) ?? new Set()
    this.#listeners.set(terminalId, listeners)
    listeners.add(own)
    const kept = this.#terminals.find((one) => one.terminalId === terminalId)?.output
    if (kept) listener(kept)
    return () => {
      listeners.delete(own)
      if (listeners.size === 0 && this.#listeners.get(terminalId) === listeners)
        this.#listeners.delete(terminalId)
    }
  }

  close(): void {
    this.#refuse(closedError('the terminals'))
    this.#socket.close()
  }

  /** Before the channel is there everything waits; what is typed while the connection is away is not kept. */
  #act(message: WsChannelControlMessage): boolean {
    if (this.#isReady) return this.#socket.send(message)
    if (this.#refusal || this.#socket.state() === 'reconnecting' || this.#queued.length >= maxWaiting)
      return false
    this.#queued.push(message)
    return true
  }

  #ready(): void {
    this.#isReady = true
    this.#changed()
    const queued = this.#queued
    this.#queued = []
    for (const message of queued) this.#socket.send(message)
  }

  #connectionChanged(): void {
    const error = this.#socket.error()
    if (this.#socket.state() !== 'connected') {
      this.#isReady = false
      // Whether those that were sent were made, nobody says any more.
      if (this.#queued.length === 0) this.#rejectAll(error ?? offlineError())
    }
    if (error) this.#refuse(error)
    this.#changed()
  }

  #take({ event: { type, data } }: EventFrame): void {
    const { terminalId } = data
    if (typeof terminalId !== 'string' || this.#killed.has(terminalId)) return
    this.#reduce(type, data)
    if (type === 'terminal.started' && !this.#announced.has(terminalId)) {
      this.#announced.add(terminalId)
      // WHY the oldest: the wire does not say which request a terminal comes of. Replayed ones come before any was sent.
      if (this.#isReady) this.#creating.shift()?.resolve(terminalId)
    }
    if (type !== 'terminal.data' || typeof data.data !== 'string') return
    for (const listener of Array.from(this.#listeners.get(terminalId) ?? [])) listener(data.data)
  }

  #reduce(type: string, data: Readonly<Record<string, unknown>>): void {
    this.#terminals = reduceTerminals(this.#terminals, { type, data })
    this.#changed()
  }

  #failed(message: string): void {
    if (!message.startsWith('terminal.create')) return
    this.#creating.shift()?.reject(new SessionsClientError('invalid_request', message))
  }

  #refuse(error: SessionsClientError): void {
    this.#refusal = error
    this.#queued = []
    this.#rejectAll(error)
    this.#changed()
  }

  #rejectAll(error: SessionsClientError): void {
    for (const waiting of this.#creating.splice(0)) waiting.reject(error)
  }

  #changed(): void {
    this.#snapshot = undefined
    this.#notifier.changed()
  }
}
