// Units that wait for their batch, with a bound on their number and on their size.
import { kernelErrors } from '../../errors/index.js'
import type { UnitResult } from '../port.js'
import type { PreparedUnit } from '../prepare.js'
import { keyNames } from './keys.js'

/** Bounds of the group commit. */
export type GroupLimits = {
  /** Units of one transaction. */
  maxBatch: number
  /** Body characters after which a batch takes no further unit. */
  maxBatchChars: number
  /** Units that were not answered yet; past it `commit` rejects with `kernel.unavailable`. */
  maxWaiting: number
  /** Their body characters; past it the same. */
  maxWaitingChars: number
}

export const defaultGroupLimits: GroupLimits = {
  maxBatch: 1024,
  maxBatchChars: 8 * 1024 * 1024,
  maxWaiting: 100_000,
  maxWaitingChars: 256 * 1024 * 1024,
}

/** A unit and the promise that it settles. */
export type Waiting = {
  readonly unit: PreparedUnit
  readonly chars: number
  readonly keys: readonly string[]
  /** Its keys were looked up and not found. */
  isLookedUp: boolean
  resolve(result: UnitResult): void
  reject(error: unknown): void
}

/** Counts every unit from `accept` until its promise settles, wherever it waits. */
export class WaitingRoom {
  readonly #limits: GroupLimits
  #queue: Waiting[] = []
  #count = 0
  #chars = 0
  readonly #whenEmpty: (() => void)[] = []

  constructor(limits: GroupLimits) {
    this.#limits = limits
  }

  get hasQueued(): boolean {
    return this.#queue.length > 0
  }

  accept(unit: PreparedUnit): Promise<UnitResult> {
    if (this.#count >= this.#limits.maxWaiting || this.#chars >= this.#limits.maxWaitingChars)
      return Promise.reject(kernelErrors.unavailable({ message: 'Too many writes are waiting.' }))
    return new Promise<UnitResult>((resolve, reject) => {
      const chars = charsOf(unit)
      this.#count += 1
      this.#chars += chars
      const leave = once(() => this.#leave(chars))
      this.#queue.push({
        unit,
        chars,
        keys: keyNames(unit),
        isLookedUp: false,
        resolve(result) {
          leave()
          resolve(result)
        },
        reject(error) {
          leave()
          reject(error)
        },
      })
    })
  }

  /** Puts units back in front of all others. */
  putBack(items: readonly Waiting[]): void {
    this.#queue = [...items, ...this.#queue]
  }

  /** The next batch, in order. A unit whose key is in the batch already stays for the next one. */
  takeBatch(): Waiting[] {
    const { maxBatch, maxBatchChars } = this.#limits
    const batch: Waiting[] = []
    const held: Waiting[] = []
    const keys = new Set<string>()
    let chars = 0
    let next = 0
    for (; next < this.#queue.length && batch.length < maxBatch && chars < maxBatchChars; next++) {
      const item = this.#queue[next]!
      const isRepeated = item.keys.some((key) => keys.has(key))
      ;(isRepeated ? held : batch).push(item)
      if (!isRepeated) chars += item.chars
      for (const key of item.keys) keys.add(key)
    }
    this.#queue = [...held, ...this.#queue.slice(next)]
    return batch
  }

  takeAll(): Waiting[] {
    return this.#queue.splice(0)
  }

  /** Resolves when no unit waits for its answer. */
  emptied(): Promise<void> {
    if (this.#count === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#whenEmpty.push(resolve)
    })
  }

  #leave(chars: number): void {
    this.#count -= 1
    this.#chars -= chars
    if (this.#count > 0) return
    for (const done of this.#whenEmpty.splice(0)) done()
  }
}

function charsOf({ appends }: PreparedUnit): number {
  let chars = 0
  for (const { drafts } of appends) for (const { body } of drafts) chars += body.length
  return chars
}

function once(work: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) work()
    isDone = true
  }
}
