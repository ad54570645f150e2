import type { Clock } from '../../ids/index.js'
import type { Frame } from './frames.js'

const maxPackets = 16
const maxChars = 16 * 1024 * 1024
const expiresAfterMs = 10_000

type Partial = { chunks: string[]; chars: number; missing: number; expiresAt: number }

/** Puts packets together again. What stays incomplete is forgotten, and so is the oldest when there are too many. */
export class Reassembly {
  readonly #clock: Clock
  readonly #partial = new Map<string, Partial>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The packet's text when this was its last missing part. */
  add(frame: Frame): string | undefined {
    if (frame.parts === 1) return frame.chunk
    const key = `${frame.node}\n${frame.packet}`
    const partial = this.#partial.get(key) ?? this.#start(key, frame)
    if (partial.chunks[frame.part] !== undefined) return undefined
    partial.chunks[frame.part] = frame.chunk
    partial.chars += frame.chunk.length
    partial.missing -= 1
    if (partial.chars > maxChars) this.#partial.delete(key)
    if (partial.missing > 0) return undefined
    this.#partial.delete(key)
    return partial.chunks.join('')
  }

  #start(key: string, { parts }: Frame): Partial {
    this.#forgetOld()
    const partial = { chunks: [], chars: 0, missing: parts, expiresAt: this.#clock.now() + expiresAfterMs }
    this.#partial.set(key, partial)
    return partial
  }

  #forgetOld(): void {
    const now = this.#clock.now()
    for (const [key, { expiresAt }] of this.#partial)
      if (expiresAt <= now || this.#partial.size >= maxPackets) this.#partial.delete(key)
  }
}
