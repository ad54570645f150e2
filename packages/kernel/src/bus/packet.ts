// Packets of messages as text, for buses that send text.
import { type BusMessage, decodeMessage } from './message.js'

/** The text of a packet. */
export const packetText = (messages: readonly string[]): string => `[${messages.join(',')}]`

/** The messages of a packet; what is no message is left out. */
export function readPacket(text: string): BusMessage[] {
  const values = parseJson(text)
  if (!Array.isArray(values)) return []
  return values.map(decodeMessage).filter((message) => message !== undefined)
}

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
