// What comes in, outside of the reader (contract 2.11, 4.7, 7.3): in order per chat, each once, acked when it was taken.

import { type JsonObject, jsonBytes } from '@parley/kernel/wire'
import { decodePassthrough, type MessageEvent, readMessageEvent } from '../protocol/index.js'
import { createLanes } from './lanes.js'
import { eventKey, Seen } from './seen.js'
import type { Delivery, InboundHandler, InterruptHandler, PassthroughHandler } from './transport.js'

export type DeliveriesOptions = {
  /** Writes an acknowledgement, or drops it. */
  ack(bufferId: string): void
  /** Names of platforms besides the well-known ones. */
  platforms(): readonly string[]
  /** An event was taken in. */
  noticed(event: MessageEvent): void
  report(message: string): void
}

export interface Deliveries {
  inbound?: InboundHandler
  passthrough?: PassthroughHandler
  interrupt?: InterruptHandler
  takeInbound(frame: JsonObject): void
  takePassthrough(frame: JsonObject): void
  takeInterrupt(frame: JsonObject): void
}

export function createDeliveries(options: DeliveriesOptions): Deliveries {
  const { report } = options
  const lanes = createLanes()
  const seen = new Seen()
  /** Events that a handler works on; true when it has taken it. */
  const underWay = new Map<string, Promise<boolean>>()

  const deliveryOf = (frame: JsonObject, release: () => void): Delivery => {
    const bufferId = typeof frame.bufferId === 'string' && frame.bufferId ? frame.bufferId : undefined
    return {
      ...(bufferId && { bufferId }),
      ack: async () => {
        if (bufferId) options.ack(bufferId)
      },
      release,
    }
  }

  const hand = async (event: MessageEvent, delivery: Delivery): Promise<boolean> => {
    if (!self.inbound) return dropped('an event came and there is no handler')
    try {
      await self.inbound(event, delivery)
      await delivery.ack()
      return true
    } catch (error) {
      return dropped(`the handler of an event failed: ${messageOf(error)}`)
    }
  }
  const dropped = (message: string): false => {
    report(message)
    return false
  }

  const once = async (event: MessageEvent, delivery: Delivery): Promise<void> => {
    const key = eventKey(event)
    if (!key) return void (await hand(event, delivery))
    if (seen.has(key)) return delivery.ack()
    const before = underWay.get(key)
    // A repeat of what is not finished waits beside the lane: what comes after it may be what the first one waits for.
    if (before) return void before.then((isTaken) => (isTaken ? delivery.ack() : once(event, delivery)))
    const taken = hand(event, delivery)
    underWay.set(key, taken)
    if (await taken) seen.add(key)
    underWay.delete(key)
  }

  const self: Deliveries = {
    takeInbound: (frame) => {
      const event = readMessageEvent(frame.event, { platforms: options.platforms() })
      if (!event) {
        report('an event without a source was dropped')
        // It will never be one: left alone, it would hold up what waits behind it.
        return void deliveryOf(frame, () => {}).ack()
      }
      options.noticed(event)
      const lane = `${event.source.platform}:${event.source.chat_id}`
      const isTaken = lanes.add(lane, jsonBytes(frame.event), (release) =>
        once(event, deliveryOf(frame, release)),
      )
      if (!isTaken) report('an event was dropped: too many wait')
    },
    takePassthrough: (frame) => {
      const forward = decodePassthrough(frame.forward)
      const handle = self.passthrough
      if (!handle) return report('a forward was dropped: there is no handler')
      const isTaken = lanes.add(
        `forward:${forward.platform}:${forward.botId}`,
        forward.body.length,
        async (release) => {
          const delivery = deliveryOf(frame, release)
          await handle(forward, delivery.bufferId, delivery).catch((error: unknown) =>
            report(`the handler of a forward failed: ${messageOf(error)}`),
          )
        },
      )
      if (!isTaken) report('a forward was dropped: too many wait')
    },
    takeInterrupt: ({ session_key: key, chat_id: chatId }) => {
      if (typeof key !== 'string') return
      // Not in a lane: it is about the work that the lane waits for.
      Promise.resolve()
        .then(() => self.interrupt?.(key, typeof chatId === 'string' ? chatId : ''))
        .catch((error: unknown) => report(`the handler of an interrupt failed: ${messageOf(error)}`))
    },
  }
  return self
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
