import type { Frame, Wire } from './door.test.support.js'

/** What a client makes of the frames of one stream. */
export type Reading = {
  start: Wire
  /** The text at each moment. */
  texts: string[]
  /** Each `stream:end`, as its error. */
  ends: Wire[]
  /** The stored event; undefined when it has not come. */
  event?: Wire
}

/**
 * Reads frames as the contract tells clients to: a stream that has begun begins no second time, deltas of unknown streams are
 * ignored, others cut the text at their offset. Throws for a delta that leaves a hole, and for frames after the end.
 */
export function readStreams(frames: readonly Frame[]): Map<string, Reading> {
  const readings = new Map<string, Reading>()
  for (const [name, payload] of frames) {
    const { event_id = payload.id, offset, text, error } = payload
    const reading = readings.get(event_id)
    if (name === 'stream:start' && !reading) readings.set(event_id, { start: payload, texts: [''], ends: [] })
    if (!reading) continue
    if (name.startsWith('stream:') && reading.ends.length > 0) throw new Error(`${name} after the end`)
    if (name === 'stream:delta') {
      const before = reading.texts.at(-1)!
      if (offset > before.length) throw new Error(`A hole from ${before.length} to ${offset}.`)
      reading.texts.push(before.slice(0, offset) + text)
    }
    if (name === 'stream:end') reading.ends.push(error)
    if (name === 'event') reading.event = payload
  }
  return readings
}
