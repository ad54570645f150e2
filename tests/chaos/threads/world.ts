import { type Ground, openGround } from '@parley/kernel/ground'
import type { OwnPostgres, OwnRedis } from '@parley/testkit/services'
import { createThreads } from '@parley/threads'
import { type Random, randomFrom } from '../../fuzz/random.js'
import type { Nodes } from '../nodes.js'
import { openFollowers, openRoom, type Room } from './drivers.js'
import type { Follower } from './follower.js'
import { servers } from './nodes.js'
import { openReceiver, type Receiver } from './receiver.js'

/** Servers that this test breaks. */
export type Services = { postgres: OwnPostgres; redis: OwnRedis }

/** Everything that one run has at hand. */
export type World = {
  services: Services
  nodes: Nodes
  random: Random
  /** The test's own look into the database. */
  ground: Ground
  receiver: Receiver
  rooms: readonly Room[]
  followers: readonly Follower[]
}

/** Longest wait for anything: only a failing test gets there. */
export const patience = { deadlineMs: 300_000, everyMs: 100 }

/** Small, so that whoever comes back late has to ask more than once. */
const replayCap = 40

/** Two nodes, and rooms with their people. What was opened is added to `closers` on the way. */
export async function openWorld(
  services: Services,
  { random, rooms: count }: { random: Random; rooms: number },
  closers: (() => Promise<unknown>)[],
): Promise<World> {
  const { postgres, redis } = services
  const ground = await openGround({ database: postgres.url })
  closers.push(() => ground.close())
  const receiver = await openReceiver(randomFrom(random.below(2 ** 31)))
  closers.push(receiver.close)
  await addEndpoint(ground, receiver.url)
  const nodes = servers({ database: postgres.url, redisUrl: redis.url, replayCap })
  closers.push(() => nodes.end('kill'))
  await nodes.start()
  const rooms: Room[] = []
  for (let index = 0; index < count; index++) rooms.push(await openRoom({ nodes, random }, index))
  return { services, nodes, random, ground, receiver, rooms, followers: openFollowers(nodes, rooms) }
}

/** The plane of the test itself only adds the endpoint: nothing that is tested runs in a process that survives. */
async function addEndpoint(ground: Ground, url: string): Promise<void> {
  const threads = createThreads({
    ground,
    authenticate: () => null,
    webhooks: { allowPrivateAddresses: true },
  })
  await (await threads.webhooks()).create({ url })
  await threads.stop()
}

/** Messages that were acknowledged so far. */
export const messagesOf = ({ rooms }: World): number =>
  rooms.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0)
