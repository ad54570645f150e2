import { limits } from '../../protocol/index.js'
import type { BufferedFrame } from '../deps.js'

/** A frame as it will be sent, with its size in bytes. */
export type FittedFrame = { text: string; bytes: number }

/**
 * The exact text of a frame with its buffer id. One that is too large for the wire (2.5) loses its context; undefined when that
 * does not help. The newline that is sent behind it counts.
 */
export function fitFrame(frame: BufferedFrame, bufferId: string): FittedFrame | undefined {
  const whole = measured(frame, bufferId)
  if (fits(whole)) return whole
  const short = withoutContext(frame)
  if (!short) return undefined
  const less = measured(short, bufferId)
  return fits(less) ? less : undefined
}

function measured(frame: BufferedFrame, bufferId: string): FittedFrame {
  const { type, ...content } = frame
  const text = JSON.stringify({ type, bufferId, ...content })
  return { text, bytes: Buffer.byteLength(text) }
}

const fits = ({ bytes }: FittedFrame): boolean => bytes + 1 <= limits.outboundMessageBytes

function withoutContext(frame: BufferedFrame): BufferedFrame | undefined {
  if (frame.type !== 'inbound' || typeof frame.event !== 'object' || frame.event === null) return undefined
  if (!('context' in frame.event)) return undefined
  const { context: _, ...event } = frame.event
  return { type: 'inbound', event }
}
