import { isParleyError } from '@parley/kernel/errors'
import type { Connection } from '@parley/kernel/socket'
import { closeCodes } from '../close-codes.js'
import { frameTexts, isJsonObject } from '../protocol/index.js'
import { getOpen } from '../service/access.js'
import type { HandshakeDeps } from '../service/deps.js'
import { recordFrame } from '../service/record-edit.js'

/** Frames of one socket that wait to be stored. */
export const maxWaitingFrames = 500

/** What a socket came for, and whether its frames are taken. */
export type Admitted = { id: string; mayWrite: boolean }

/** Hears everything that an admitted socket says, `early` frames first. */
export function listen(visitor: Visitor, early: readonly string[]): void {
  if (early.length > 0) visitor.receiveEarly(early)
  visitor.connection.onMessage((text) => visitor.receive(text))
}

/**
 * The frames of one admitted socket, taken one after the other in the order they came; what is not a JSON object is
 * ignored (contract 4.2).
 */
export class Visitor {
  readonly connection: Connection
  readonly #deps: HandshakeDeps
  readonly #id: string
  readonly #mayWrite: boolean
  /** True once a socket that only watches was told that it may not write. */
  #isTold = false
  /** The last frame that is being stored. */
  #tail: Promise<void> | undefined
  #waiting = 0

  constructor(deps: HandshakeDeps, connection: Connection, { id, mayWrite }: Admitted) {
    this.#deps = deps
    this.connection = connection
    this.#id = id
    this.#mayWrite = mayWrite
  }

  /** Undefined, or a promise, when there is something to wait for. */
  receive(text: string): Promise<void> | undefined {
    const message = parse(text)
    if (!isJsonObject(message)) return undefined
    if (this.#mayWrite) return this.#inOrder(message)
    if (message.type === 'userEdit' && !this.#isTold) {
      this.#isTold = true
      this.connection.send(JSON.stringify({ type: 'error', msg: frameTexts.readOnly }))
    }
    return undefined
  }

  /** What an early frame throws closes the socket like any other: `receive` has a caller for live ones only. */
  receiveEarly(early: readonly string[]): void {
    Promise.all(early.map(async (text) => this.receive(text))).catch((error) => {
      this.#deps.onFault(error, 'handshake.socket')
      this.connection.close(closeCodes.internal)
    })
  }

  /** A socket that sends faster than we store for long is sent away. */
  #inOrder(message: Record<string, unknown>): Promise<void> | undefined {
    if (this.#waiting >= maxWaitingFrames) {
      this.connection.close(closeCodes.tryLater, 'too many frames')
      return this.#tail
    }
    this.#waiting += 1
    const run = (this.#tail ?? Promise.resolve())
      .then(() => this.#take(message))
      .finally(() => {
        this.#waiting -= 1
        if (this.#waiting === 0) this.#tail = undefined
      })
    this.#tail = run.catch(() => undefined)
    return run
  }

  async #take(message: Record<string, unknown>): Promise<void> {
    const caller = { remote: this.connection.remoteAddress }
    try {
      await recordFrame(this.#deps, caller, await getOpen(this.#deps, this.#id), message)
    } catch (error) {
      if (!isParleyError(error)) throw error
      this.connection.send(JSON.stringify({ type: 'error', msg: error.message }))
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
