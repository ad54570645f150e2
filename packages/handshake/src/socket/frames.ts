import type { StoredEvent } from '@parley/kernel/log'
import type { HandshakeEvents } from '../service/events.js'

/** Which frames a socket gets: the page's own, or one that only watches; with numbers when it asked for them. */
export type Audience = 'browser' | 'browser+seq' | 'plain' | 'plain+seq'

export function audienceOf(isBrowser: boolean, hasCursor: boolean): Audience {
  const side = isBrowser ? 'browser' : 'plain'
  return hasCursor ? `${side}+seq` : side
}

type Body<T extends keyof HandshakeEvents> = HandshakeEvents[T]

/** The frame of an event as JSON text; undefined for events that sockets are not told of (contract 4.1). */
export function toFrame({ type, body, seq }: StoredEvent, audience: Audience): string | undefined {
  const frame = frameOf(type, body, audience.startsWith('browser'))
  if (!frame) return undefined
  return JSON.stringify(audience.endsWith('+seq') ? { ...frame, seq } : frame)
}

function frameOf(type: string, text: string, isBrowser: boolean): object | undefined {
  switch (type as keyof HandshakeEvents) {
    case 'field.set': {
      const { key, value, quiet } = JSON.parse(text) as Body<'field.set'>
      return quiet ? undefined : { type: 'action', key, value }
    }
    case 'batch.done': {
      const { applied, rejected, missing, values } = JSON.parse(text) as Body<'batch.done'>
      return { type: 'done', applied, rejected, missing, ...(values && { values }) }
    }
    case 'frame.pushed':
      return (JSON.parse(text) as Body<'frame.pushed'>).frame
    case 'handshake.extended':
      return { type: 'extended', expiresIn: (JSON.parse(text) as Body<'handshake.extended'>).expiresIn }
    case 'handshake.claimed': {
      if (!isBrowser) return undefined
      const { claimId, label, agent, at } = JSON.parse(text) as Body<'handshake.claimed'>
      return { type: 'claimed', claimId, label, agent, at }
    }
    default:
      // The user's own edits are never pushed; ends are told by whoever closes the socket.
      return undefined
  }
}
