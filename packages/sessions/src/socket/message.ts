import { isJsonObject } from '@parley/kernel/wire'
import type * as z from 'zod'
import { sessionsErrors } from '../errors.js'

const ids = ['sessionId', 'queueId', 'requestId', 'terminalId', 'channel'] as const

/** A message of a client. Throws `invalidRequest` with the contract's text. */
export function readMessage<T>(text: string, schema: z.ZodType<T>, actions: ReadonlySet<string>): T {
  const message = parse(text)
  if (!isJsonObject(message) || typeof message.action !== 'string') throw refuse('Invalid message')
  const { action, channel, text: prompt } = message
  if (!actions.has(action)) throw refuse(`Unknown action "${action.slice(0, 100)}"`)
  const isAboutChannel = action === 'subscribe' || action === 'unsubscribe'
  if (isAboutChannel && (typeof channel !== 'string' || channel === '')) throw refuse('Missing channel')
  if (action === 'prompt' && (typeof prompt !== 'string' || prompt === ''))
    throw refuse("Missing 'text' field")
  // OUTSIDE: an address takes no half of a character, and there is no id with one.
  if (ids.some((name) => typeof message[name] === 'string' && /\p{Surrogate}/u.test(message[name])))
    throw refuse('Invalid message')
  // What a client computes of no number at all, JSON has as null.
  if (message.since === null) delete message.since
  // It strips what is not declared, so that depth and size of the rest don't matter.
  const read = schema.safeParse(message)
  if (!read.success) throw refuse('Invalid message')
  return read.data
}

const refuse = (message: string) => sessionsErrors.invalidRequest({ message })

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw refuse('Invalid JSON')
  }
}
