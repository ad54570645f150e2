import { parseChannel } from '../protocol/index.js'
import type { EphemeralSignal, LifecycleSignal } from '../service/intake/lifecycle.js'
import { streamOf } from '../service/streams.js'
import type { Audience, Frames } from './audience.js'

/** The frame of something ephemeral in a session: `{"ephemeral": {channel, event}}`; undefined for all other signals. */
export function ephemeralFrame(payload: string, audience: Audience, frames: Frames): string | undefined {
  // WHY: most of what is signalled is no such thing, and need not be read for each audience.
  if (!payload.startsWith('{"ephemeral"')) return undefined
  // The cast: only this plane signals on its streams.
  const { ephemeral } = JSON.parse(payload) as EphemeralSignal
  const parsed = parseChannel(ephemeral.channel)
  if (!parsed || !('sessionId' in parsed)) return undefined
  const { event } = ephemeral
  const body = JSON.stringify(event)
  return frames.frameOf({ stream: streamOf(parsed.sessionId), seq: 0, type: event.type, body }, audience)
}

/** Reads what is signalled on the stream of all beginnings and ends. */
export function parseLifecycle(payload: string): LifecycleSignal {
  // The cast: only this plane signals on its streams.
  return JSON.parse(payload) as LifecycleSignal
}
