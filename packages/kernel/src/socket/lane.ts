import { WebSocket } from 'ws'
import { Batch } from './batch.js'
import type { Outlet } from './outlet.js'
import type { PreparedFrame } from './prepared-frame.js'
import { createOutput, type Output } from './ws-output.js'

/** Frames that a socket is owed from somewhere else, so that they go before a new one. */
export interface Debt {
  takeOwed(): readonly PreparedFrame[]
}

/** Told after each write, for watching `bufferedBytes`. */
export interface LaneOwner {
  onWritten(): void
}

const noDebts: readonly Debt[] = []

/** Past this a turn's frames are written before it ends, so that limits see them. */
const gatherBytes = 256 * 1024

/** Outgoing frames of one WebSocket, in order; its only writer beside control frames. */
export class Lane {
  readonly #websocket: WebSocket
  readonly #output: Output
  readonly #outlet: Outlet
  readonly #owner: LaneOwner
  // Lists, not sets: hardly ever more than one, and an empty set takes more than all of this.
  #debts = noDebts
  #own: PreparedFrame[] | undefined
  #ownBytes = 0

  constructor(websocket: WebSocket, outlet: Outlet, owner: LaneOwner) {
    this.#websocket = websocket
    this.#output = createOutput(websocket)
    this.#outlet = outlet
    this.#owner = owner
  }

  /** Takes frames from there before its own, until told to `forget`. */
  owe(debt: Debt): void {
    // Not `[...this.#debts, debt]`: that makes room for sixteen more.
    this.#debts = this.#debts.concat(debt)
  }

  forget(debt: Debt): void {
    const left = this.#debts.filter((one) => one !== debt)
    this.#debts = left.length > 0 ? left : noDebts
  }

  /** Bytes that the operating system has not taken yet, those of this turn included. */
  get bufferedBytes(): number {
    return this.#ownBytes + this.#output.waitingBytes()
  }

  /** Sends a frame with everything else of this turn. */
  push(frame: PreparedFrame): void {
    this.#settleDebts()
    this.#add(frame)
    if (this.#ownBytes > gatherBytes) this.flush()
    else this.#outlet.soon(this)
  }

  /** Writes frames now, after what was pushed before. */
  write(batch: Batch): void {
    if (!this.#own) {
      this.#send(batch)
      return
    }
    for (const frame of batch.frames) this.#add(frame)
    this.flush()
  }

  /** Writes what was pushed. */
  flush(): void {
    if (!this.#own) return
    const batch = new Batch(this.#own)
    this.#own = undefined
    this.#ownBytes = 0
    this.#send(batch)
  }

  /** Writes everything that goes to this socket, frames owed from elsewhere included. */
  settle(): void {
    this.#settleDebts()
    this.flush()
  }

  /** Calls back once, when everything written so far has been taken; false when nothing is waiting. */
  onceDrained(listener: () => void): boolean {
    return this.#output.onceDrained(listener)
  }

  #add(frame: PreparedFrame): void {
    this.#own ??= []
    this.#own.push(frame)
    this.#ownBytes += frame.bytes.length
  }

  #settleDebts(): void {
    for (const debt of this.#debts) for (const frame of debt.takeOwed()) this.#add(frame)
  }

  #send(batch: Batch): void {
    if (this.#websocket.readyState !== WebSocket.OPEN) return
    this.#output.write(batch)
    this.#owner.onWritten()
  }
}
