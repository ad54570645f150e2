// What a callback may say, and what is stored of it.

import { sessionsErrors } from '../../errors.js'
import { sessionEvents } from '../../protocol/index.js'

export type CallbackEvent = { type: string; data: Record<string, unknown> }

const maxTypeLength = 200

/** Throws `Invalid event: missing type or data`. */
export function toCallbackEvent(given: unknown): CallbackEvent {
  const { type, data } = isObject(given) ? given : {}
  const isNamed =
    typeof type === 'string' && type !== '' && type.length <= maxTypeLength && !type.includes('\0')
  if (!isNamed || !isObject(data))
    throw sessionsErrors.invalidRequest({ message: 'Invalid event: missing type or data' })
  return { type, data }
}

/** Types that say what a session is: only its own stream of events may. */
const reserved: ReadonlySet<string> = new Set(
  Object.values(sessionEvents).filter(
    (type) => type !== sessionEvents.error && type !== sessionEvents.permissionRequest,
  ),
)

/** True for a type that is stored as it came. */
export const isStored = (type: string): boolean => !reserved.has(type)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
