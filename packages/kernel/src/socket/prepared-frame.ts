import * as ws from 'ws'

/** One text message, encoded once for any number of sockets. */
export type PreparedFrame = {
  /** Header and payload in one buffer. */
  readonly bytes: Buffer
  /** Where the payload begins; 0 when frames can't be prepared here and `bytes` is the payload alone. */
  readonly payloadStart: number
}

/** `Sender.frame` of ws: exported and documented there, missing from its types. */
type FrameOptions = { fin: boolean; opcode: number; mask: boolean; readOnly: boolean; rsv1: boolean }
type Framing = { frame(data: Buffer, options: FrameOptions): Uint8Array[] }

const textFrame: FrameOptions = { fin: true, opcode: 1, mask: false, readOnly: true, rsv1: false }

/** Encodes a text message as the server sends it: unmasked, uncompressed, unfragmented. */
export function prepareFrame(text: string): PreparedFrame {
  const payload = Buffer.from(text)
  const sender = framing()
  if (!sender) return { bytes: payload, payloadStart: 0 }
  const bytes = Buffer.concat(sender.frame(payload, textFrame))
  return { bytes, payloadStart: bytes.length - payload.length }
}

/** The message inside a frame. */
export const payloadOf = ({ bytes, payloadStart }: PreparedFrame): Buffer => bytes.subarray(payloadStart)

let checked: { sender: Framing | undefined } | undefined

/** The library's framing, if it still gives the bytes that RFC 6455 says; looked at once. */
function framing(): Framing | undefined {
  checked ??= { sender: findFraming() }
  return checked.sender
}

/** True when prepared frames may be written to sockets in this process. */
export const canPrepareFrames = (): boolean => framing() !== undefined

function findFraming(): Framing | undefined {
  const { Sender } = ws as { Sender?: Partial<Framing> }
  if (typeof Sender?.frame !== 'function') return undefined
  const sender = Sender as Framing
  const probe = Buffer.concat(sender.frame(Buffer.from('é'), textFrame))
  return probe.equals(Buffer.from([0x81, 2, 0xc3, 0xa9])) ? sender : undefined
}
