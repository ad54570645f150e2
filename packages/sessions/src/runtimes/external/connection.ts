// One connection to the socket of a host, for one session: what arrives is stored, batch by batch.

import type { Clock } from '@parley/kernel/ids'
import { type RawData, WebSocket } from 'ws'
import { sessionEvents, type WireEvent } from '../../protocol/index.js'
import { toHostFrame } from './frames.js'
import { Inbox } from './inbox.js'

export type ConnectionOptions = {
  url: string
  token: string | undefined
  sessionId: string
  /** The host's number of the last event that is stored. */
  position: number
  clock: Clock
  /** False: somebody else follows by now. */
  take(events: readonly WireEvent[], position: number): Promise<boolean>
  signal: AbortSignal
}

/** `lost`: try again. `doubtful`: it says that the session ended; ask. `ended`: its end is stored. */
export type ConnectionEnd = { end: 'lost' | 'doubtful' | 'ended' | 'refused'; wasOpen: boolean }

const [handshakeWithinMs, pingEveryMs, maxFrameBytes] = [10_000, 15_000, 16 * 1024 * 1024]

/** Follows until the connection ends or `signal` aborts. Rejects when events could not be stored. */
export async function followOnce(options: ConnectionOptions): Promise<ConnectionEnd> {
  const connection = new Connection(options)
  try {
    return await connection.run()
  } finally {
    connection.close()
  }
}

class Connection {
  readonly #options: ConnectionOptions
  readonly #socket: WebSocket
  readonly #inbox: Inbox
  #protocol: 'channels' | 'session' | undefined
  #isOver = false
  #isDoubtful = false
  #isAlive = true
  #stopPing = () => {}
  #wake = () => {}

  constructor(options: ConnectionOptions) {
    const { url, token, sessionId, position, signal } = options
    this.#options = options
    this.#inbox = new Inbox(sessionId, position)
    this.#socket = new WebSocket(url, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      handshakeTimeout: handshakeWithinMs,
      maxPayload: maxFrameBytes,
      perMessageDeflate: false,
      followRedirects: false,
    })
    this.#socket.on('message', (data, isBinary) => {
      if (!isBinary) this.#take(data)
    })
    this.#socket.on('pong', () => {
      this.#isAlive = true
    })
    // What went wrong is said by the close that follows.
    this.#socket.on('error', () => {})
    this.#socket.on('close', () => this.#over())
    signal.addEventListener('abort', this.#abort, { once: true })
    if (signal.aborted) this.#abort()
    this.#schedulePing()
  }

  async run(): Promise<ConnectionEnd> {
    const wasOpen = () => this.#protocol !== undefined
    while (!this.#options.signal.aborted) {
      if (!this.#inbox.isEmpty) {
        const { events, position } = this.#inbox.next()
        if (!(await this.#options.take(events, position))) return { end: 'refused', wasOpen: true }
        if (events.some(({ type }) => type === sessionEvents.terminated))
          return { end: 'ended', wasOpen: true }
        this.#inbox.drop(events.length)
        if (!this.#inbox.isFull) this.#socket.resume()
      } else if (this.#isDoubtful) return { end: 'doubtful', wasOpen: true }
      else if (this.#isOver) return { end: 'lost', wasOpen: wasOpen() }
      else await new Promise<void>((resolve) => (this.#wake = resolve))
    }
    return { end: 'lost', wasOpen: wasOpen() }
  }

  close(): void {
    this.#options.signal.removeEventListener('abort', this.#abort)
    this.#stopPing()
    this.#socket.terminate()
  }

  #abort = (): void => {
    this.#socket.terminate()
    this.#over()
  }

  #over(): void {
    this.#isOver = true
    this.#wake()
  }

  #take(data: RawData): void {
    // The cast: text comes as one buffer.
    const text = (data as Buffer).toString('utf8')
    const { clock, sessionId, position } = this.#options
    const frame = toHostFrame(text, clock.now())
    if (frame?.kind === 'connected') {
      this.#protocol = frame.protocol
      if (frame.protocol === 'channels')
        this.#socket.send(
          JSON.stringify({ action: 'subscribe', channel: `session:${sessionId}`, since: position }),
        )
    } else if (frame?.kind === 'event' && this.#protocol) this.#inbox.add(frame, this.#protocol, text.length)
    else if (frame?.kind === 'subscribed' && frame.isCut) this.#inbox.addLoss(clock.now())
    else if (frame?.kind === 'terminated' && frame.sessionId === sessionId) this.#isDoubtful = true
    if (this.#inbox.isFull) this.#socket.pause()
    this.#wake()
  }

  /** A peer that is gone without a word is noticed by this alone. */
  #schedulePing(): void {
    this.#stopPing = this.#options.clock.after(pingEveryMs, () => {
      const isStuck = !this.#isAlive && !this.#socket.isPaused
      if (isStuck) return this.#socket.terminate()
      this.#isAlive = false
      if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping()
      this.#schedulePing()
    })
  }
}
