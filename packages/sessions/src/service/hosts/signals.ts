import type { Log } from '@parley/kernel/log'
import { isJsonObject } from '@parley/kernel/wire'
import type { SignalFrame } from '../../protocol/index.js'
import type { EphemeralSignal } from '../intake/lifecycle.js'
import { hostStreamOf, streamOf } from '../intake/streams.js'

/** Most characters of a signal: a bus takes 256 KiB. */
const maxChars = 120_000

/** Passes on what a host shows and nobody keeps; drops what is too large, or about sessions of others. */
export function passOn(
  log: Pick<Log, 'signal'>,
  hostId: string,
  isOwn: (sessionId: string) => boolean,
  { sessionId, channel, data }: SignalFrame,
): void {
  if (!isJsonObject(data)) return
  if (sessionId === undefined) {
    if (channel.startsWith('terminals:')) send(log, hostStreamOf(hostId), JSON.stringify(data))
    return
  }
  const { type, data: inner, timestamp } = data
  if (!isOwn(sessionId) || typeof type !== 'string' || !isJsonObject(inner) || typeof timestamp !== 'string')
    return
  if (channel !== `session:${sessionId}` && !channel.startsWith(`session:${sessionId}:`)) return
  const signal: EphemeralSignal = { ephemeral: { channel, event: { type, data: inner, timestamp } } }
  send(log, streamOf(sessionId), JSON.stringify(signal))
}

function send(log: Pick<Log, 'signal'>, stream: string, text: string): void {
  if (text.length <= maxChars) log.signal(stream, text)
}
