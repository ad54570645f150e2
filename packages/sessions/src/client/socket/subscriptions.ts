// Who follows which channel of one connection.
import {
  channelsOfEvent,
  channelsOfLifecycle,
  channelsOfTerminal,
  type WsChannelControlMessage,
} from '../../protocol/index.js'
import type { Stop } from '../edge.js'
import type { EventFrame, LifecycleFrame, ServerFrame } from './frames.js'
import { type ChannelHandler, Subscription } from './subscription.js'

type Entry = {
  followers: Set<Subscription>
  /** Asked for and not answered yet, oldest first. */
  asked: Subscription[][]
}

export class Subscriptions {
  readonly #send: (message: WsChannelControlMessage) => boolean
  readonly #entries = new Map<string, Entry>()

  /** `send` answers false while there is no connection. */
  constructor(send: (message: WsChannelControlMessage) => boolean) {
    this.#send = send
  }

  add(channel: string, handler: ChannelHandler, since: number | undefined): Stop {
    const subscription = new Subscription(channel, handler, since)
    const entry = this.#entries.get(channel) ?? { followers: new Set(), asked: [] }
    this.#entries.set(channel, entry)
    entry.followers.add(subscription)
    this.#ask(channel, entry, [subscription])
    return () => this.#remove(entry, subscription)
  }

  /** Connected, also once more: everything is asked for after what is there. */
  connected(): void {
    for (const [channel, entry] of this.#entries) {
      entry.asked = []
      this.#ask(channel, entry, [...entry.followers])
    }
  }

  take(frame: ServerFrame): void {
    if (frame.type === 'event') this.#deliver(frame)
    else if (frame.type === 'subscribed') {
      const about = { truncated: frame.truncated ?? false }
      for (const one of this.#answered(frame.channel)) one.finish(about)
    } else if (frame.type === 'error' && frame.channel !== undefined)
      for (const one of this.#answered(frame.channel)) one.refuse(frame.message)
    else if (frame.type === 'session.created' || frame.type === 'session.terminated') this.#tell(frame)
  }

  #ask(channel: string, entry: Entry, who: Subscription[]): void {
    if (who.length === 0) return
    const since = oldestOf(who)
    const message = { action: 'subscribe', channel, ...(since && { since }) } as const
    if (!this.#send(message)) return
    entry.asked.push(who)
    for (const one of who) one.begin()
  }

  #answered(channel: string): readonly Subscription[] {
    const entry = this.#entries.get(channel)
    return (entry?.asked.shift() ?? []).filter((one) => entry?.followers.has(one))
  }

  #remove(entry: Entry, subscription: Subscription): void {
    const { channel } = subscription
    if (!entry.followers.delete(subscription) || entry.followers.size > 0) return
    if (this.#entries.get(channel) !== entry) return
    this.#entries.delete(channel)
    this.#send({ action: 'unsubscribe', channel })
  }

  /** WHY not by the tag: it is the most specific channel of all that are subscribed to, and each follower is to have it. */
  #deliver(frame: EventFrame): void {
    for (const channel of channelsOf(frame)) {
      const entry = this.#entries.get(channel)
      if (entry) for (const one of Array.from(entry.followers)) one.take(frame)
    }
  }

  #tell(frame: LifecycleFrame): void {
    for (const channel of channelsOfLifecycle(frame.sessionId)) {
      const entry = this.#entries.get(channel)
      if (entry) for (const one of Array.from(entry.followers)) one.tell(frame)
    }
  }
}

function channelsOf({ channel, sessionId, event }: EventFrame): ReadonlySet<string> {
  const { terminalId } = event.data
  if (sessionId !== undefined) return new Set([...channelsOfEvent(sessionId, event), channel])
  return new Set([...(typeof terminalId === 'string' ? channelsOfTerminal(terminalId) : []), channel])
}

function oldestOf(who: readonly Subscription[]): number | undefined {
  const numbers = who.map(({ since }) => since ?? 0)
  return Math.min(...numbers) || undefined
}
