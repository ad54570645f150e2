// Which frames a socket gets, as a text: sockets with the same text share every frame.
import type { StoredEvent } from '@parley/kernel/log'
import { type Channel, channelsOfEvent, kindOfEvent, parseChannel, tagOfEvent } from '../protocol/index.js'
import { eventFrame, sessionSocketFrame } from '../protocol/ws/frames.js'

/** The channels of one session that a connection has, or `perSession`. */
export type Audience = string

/** A per-session socket: it gets everything, without channels and numbers. */
export const perSession: Audience = '*'

/** The audience of a connection with these channels, whichever came first. */
export const audienceOf = (channels: Iterable<Channel>): Audience => [...channels].sort().join(' ')

/** What is needed of a stored event to find its channels. */
export type Tagged = Pick<StoredEvent, 'stream' | 'seq' | 'type' | 'body'>

/** The session of a stream of `streamOf`. */
export const sessionOf = (stream: string): string => stream.slice(stream.indexOf(':') + 1)

/** The most specific channel of an event among those of a connection. */
export class Tagger {
  readonly #channels: ReadonlySet<Channel>
  /** True when there are channels that carry only a part of a session. */
  readonly #hasParts: boolean
  readonly #whole = new Map<string, Channel | undefined>()

  constructor(channels: Iterable<Channel>) {
    this.#channels = new Set(channels)
    this.#hasParts = [...this.#channels].some(isPart)
  }

  tagOf({ stream, type, body }: Tagged): Channel | undefined {
    const sessionId = sessionOf(stream)
    // WHY: reading the body of every event would cost more than sending it; only few types say more in it.
    if (!this.#hasParts) return this.#wholeOf(sessionId)
    const data = isTelling(type) ? dataOf(body) : {}
    if (kindOfEvent({ type, data }) === undefined) return this.#wholeOf(sessionId)
    return tagOfEvent(channelsOfEvent(sessionId, { type, data }), this.#channels)
  }

  #wholeOf(sessionId: string): Channel | undefined {
    if (this.#whole.has(sessionId)) return this.#whole.get(sessionId)
    const tag = tagOfEvent(channelsOfEvent(sessionId, { type: '', data: {} }), this.#channels)
    // One that is subscribed to `agents` sees many sessions.
    if (this.#whole.size >= 100) this.#whole.clear()
    this.#whole.set(sessionId, tag)
    return tag
  }
}

function isPart(channel: Channel): boolean {
  const parsed = parseChannel(channel)
  return parsed !== undefined && 'only' in parsed && parsed.only !== undefined
}

const isTelling = (type: string): boolean => type === 'rpc' || type.startsWith('terminal.')

function dataOf(body: string): Record<string, unknown> {
  // The cast: a stored event is what the intake wrote; whatever else it is has no data.
  const { data } = (JSON.parse(body) ?? {}) as { data?: Record<string, unknown> | null }
  return data ?? {}
}

/** Bodies that were erased. */
const isErased = ({ body }: Pick<StoredEvent, 'body'>): boolean => body === 'null'

const maxTaggers = 1_000

/** Makes the frames of events for audiences. */
export class Frames {
  readonly #taggers = new Map<Audience, Tagger>()

  frameOf(event: Tagged, audience: Audience): string | undefined {
    if (isErased(event)) return undefined
    if (audience === perSession) return sessionSocketFrame(event.body)
    const tag = this.taggerOf(audience).tagOf(event)
    return tag && eventFrame(tag, sessionOf(event.stream), event.seq, event.body)
  }

  taggerOf(audience: Audience): Tagger {
    const known = this.#taggers.get(audience)
    if (known) return known
    const tagger = new Tagger(audience === '' ? [] : audience.split(' '))
    if (this.#taggers.size >= maxTaggers) this.#taggers.clear()
    this.#taggers.set(audience, tagger)
    return tagger
  }
}
