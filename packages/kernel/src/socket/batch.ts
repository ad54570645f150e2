import type { PreparedFrame } from './prepared-frame.js'

/** Frames that are written together, joined at most once however many sockets take them. */
export class Batch {
  readonly frames: readonly PreparedFrame[]
  #joined: Buffer | undefined

  constructor(frames: readonly PreparedFrame[]) {
    this.frames = frames
  }

  get joined(): Buffer {
    this.#joined ??= join(this.frames)
    return this.#joined
  }
}

function join(frames: readonly PreparedFrame[]): Buffer {
  const [first] = frames
  if (first && frames.length === 1) return first.bytes
  return Buffer.concat(frames.map(({ bytes }) => bytes))
}
