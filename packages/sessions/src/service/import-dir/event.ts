import { isJsonObject } from '@parley/kernel/wire'
import type { WireEvent } from '../../protocol/index.js'

const maxType = 200

/** The event of a line of an old log. Throws a sentence that says what is wrong with it. */
export function eventIn(text: string, sessionId: string): WireEvent {
  const line: unknown = parse(text)
  if (!isJsonObject(line) || !isJsonObject(line.event)) throw new Error('it holds no event')
  if (line.sessionId !== sessionId) throw new Error('it belongs to another session')
  const { type, data, timestamp } = line.event
  if (typeof type !== 'string' || type === '' || type.length > maxType)
    throw new Error('its event has no type')
  if (!isJsonObject(data)) throw new Error('its event has no data')
  if (typeof timestamp !== 'string' || Number.isNaN(Date.parse(timestamp)))
    throw new Error('its event has no time')
  return { type, data, timestamp }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('it is no JSON')
  }
}
