import { isLongerThan } from '@parley/kernel/wire'
import { linkLimits } from '../../protocol/index.js'
import type { HostEvent } from '../port.js'
import { cutData } from './cut-data.js'

/**
 * The JSON text of an event from `"at"` on: what is sent is this, behind the event's position. `event` is last, so that a
 * receiver can pass its text on unparsed. Data over `maxDataBytes` (default 512 KiB) has its texts cut.
 */
export function eventText(
  event: HostEvent,
  at: string,
  maxDataBytes: number = linkLimits.eventDataBytes,
): string {
  const { type, timestamp = at, sessionId } = event
  const session = sessionId === undefined ? '' : `"sessionId":${JSON.stringify(sessionId)},`
  const data = dataText(event.data, maxDataBytes)
  const inner = `{"type":${JSON.stringify(type)},"data":${data},"timestamp":${JSON.stringify(timestamp)}}`
  return `"at":${JSON.stringify(at)},${session}"event":${inner}}`
}

function dataText(data: HostEvent['data'], maxBytes: number): string {
  try {
    const text = JSON.stringify(data)
    if (!isLongerThan(text, maxBytes)) return text
    return JSON.stringify(cutData(data, Buffer.byteLength(text), maxBytes))
  } catch {
    // Nested too deeply for the machine's stack. An agent may send such a thing; that must not end the host.
    return '{"truncated":true}'
  }
}
