// Two connections, one that publishes and one that listens, as the way to the other nodes.
import type { Redis } from 'ioredis'
import type { Clock, NodeId } from '../../ids/index.js'
import type { Link, LinkEvents } from '../linked-bus.js'
import type { Packet } from '../outbox.js'
import { movedTo } from './address.js'
import { channelOf } from './channels.js'
import { type Connection, connectionTo } from './connection.js'
import { readPayload, toPayload } from './payload.js'
import { watchOver } from './watch-over.js'

const maxHops = 3

export type RedisLinkOptions = LinkEvents & { url: string; prefix: string; node: NodeId; clock: Clock }

/** Opens a link, at the node of a cluster that has our channels if that is another one. */
export async function openRedisLink(options: RedisLinkOptions): Promise<Link> {
  let { url } = options
  for (let hops = 0; ; hops++) {
    try {
      return await openLinkAt({ ...options, url })
    } catch (error) {
      const elsewhere = movedTo(error, url)
      if (elsewhere === undefined || hops === maxHops) throw error
      url = elsewhere
    }
  }
}

async function openLinkAt(options: RedisLinkOptions): Promise<Link> {
  const { url, prefix, node, clock, onFault, signal } = options
  const publisher = await connectionTo(url, onFault)
  const subscriber = await connectionTo(url, onFault)
  const both = [publisher, subscriber]
  const end = async () => void (await Promise.all(both.map((connection) => connection.end())))
  const onAbort = () => void end()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    signal.throwIfAborted()
    await Promise.all(both.map((connection) => connection.open()))
    hear(subscriber, options)
    const verb = await subscribe(subscriber.redis, [channelOf(prefix, undefined), channelOf(prefix, node)])
    const stop = watchOver([publisher.redis, subscriber.redis], clock, () => {
      onFault(new Error('No answer in time.'))
      void end()
    })
    const ended = eitherEnded(both, end, onFault).finally(() => {
      stop()
      signal.removeEventListener('abort', onAbort)
    })
    return { send: (packets) => publish(publisher.redis, verb, options, packets), ended, end }
  } catch (error) {
    signal.removeEventListener('abort', onAbort)
    await end()
    throw error
  }
}

/** What a server knows: sharded channels, or those of before Redis 7. */
type Publish = 'spublish' | 'publish'

/**
 * Sharded channels spare a cluster to tell every message to all of its nodes. WHY: the server decides, once a link:
 * nodes hear each other only on the same kind of channel, and a server that is replaced by one of another version
 * breaks the links of all of them, so all of them ask the new one.
 */
async function subscribe(redis: Redis, channels: readonly string[]): Promise<Publish> {
  try {
    await redis.ssubscribe(...channels)
    return 'spublish'
  } catch (error) {
    if (!/unknown command/i.test(String(error))) throw error
    await redis.subscribe(...channels)
    return 'publish'
  }
}

function hear({ redis, end }: Connection, { node, onMessage }: RedisLinkOptions): void {
  const onPayload = (_channel: string, payload: string) => {
    const packet = readPayload(payload)
    // What goes to everybody comes back, too.
    if (!packet || packet.from === node) return
    for (const message of packet.messages) onMessage(message, packet.from)
  }
  redis.on('message', onPayload)
  redis.on('smessage', onPayload)
  // A cluster moves our channels to another node; the next link finds it.
  redis.on('moved', () => void end())
}

async function publish(
  redis: Redis,
  verb: Publish,
  { prefix, node }: RedisLinkOptions,
  packets: readonly Packet[],
): Promise<void> {
  await Promise.all(
    packets.map(({ to, messages }) => redis[verb](channelOf(prefix, to), toPayload(node, messages))),
  )
}

/** Resolves when both have ended: the end of one ends the other. */
async function eitherEnded(
  both: readonly Connection[],
  end: () => Promise<void>,
  onFault: (e: unknown) => void,
) {
  await Promise.race(both.map(({ ended }) => ended))
  onFault(new Error('The connection was closed.'))
  await end()
}
