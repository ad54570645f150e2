// An event's frame: a beginning that names its position, and a rest that stays the same when it is numbered anew.

/** What comes before the rest. `epoch` needs no escaping. */
const framePrefix = (epoch: string, n: number): string => `{"type":"event","epoch":"${epoch}","n":${n},`

/** The frame of an event. `rest`: see `eventText`. */
export function toFrame(epoch: string, n: number, rest: string | Buffer): Buffer {
  const prefix = framePrefix(epoch, n)
  return typeof rest === 'string' ? Buffer.from(prefix + rest) : Buffer.concat([Buffer.from(prefix), rest])
}

/** The rest of a frame that `toFrame` made for this position. */
export function restOf(epoch: string, n: number, frame: Buffer): Buffer {
  return frame.subarray(framePrefix(epoch, n).length)
}
