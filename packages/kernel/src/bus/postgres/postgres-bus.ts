import type { Clock, Ids, NodeId } from '../../ids/index.js'
import { type Link, type LinkEvents, linkedBus } from '../linked-bus.js'
import type { Packet } from '../outbox.js'
import { readPacket } from '../packet.js'
import type { Bus } from '../port.js'
import { channelOf, listen } from './connection.js'
import { readFrame, toFrames } from './frames.js'
import { Reassembly } from './reassembly.js'

export type PostgresBusOptions = {
  /** The database over which the nodes meet. */
  url: string
  /** Default: a new id. */
  node?: NodeId
  clock: Clock
  ids: Ids
  /** Told of broken connections and of listeners that throw. */
  onFault?(error: unknown, where: string): void
}

/**
 * A bus over LISTEN and NOTIFY with one connection of its own. Connects in the background and again whenever the
 * connection breaks: hints wait meanwhile, signals are lost, and listeners of `onGap` here and on the other nodes
 * hear of it. What is said while a notification is under way travels together in the next one.
 */
export function postgresBus(options: PostgresBusOptions): Bus {
  const { url, clock, ids, node = ids.next('node'), onFault = () => {} } = options
  let packet = 0

  const toNotifications = (packets: readonly Packet[]) =>
    packets.flatMap(({ to, messages }) => {
      packet += 1
      return toFrames(node, packet, messages).map((payload) => ({ channel: channelOf(to), payload }))
    })
  const connect = async ({ onMessage, onFault }: LinkEvents): Promise<Link> => {
    const reassembly = new Reassembly(clock)
    const onPayload = (payload: string) => {
      const frame = readFrame(payload)
      const text = frame && reassembly.add(frame)
      if (frame && text !== undefined) for (const message of readPacket(text)) onMessage(message, frame.node)
    }
    const { notify, ended, end } = await listen({ url, node, clock, onPayload, onFault })
    return { send: (packets) => notify(toNotifications(packets)), ended, end }
  }
  return linkedBus({ node, clock, ids, name: 'postgres bus', onFault, connect })
}
