import { randomBytes } from 'node:crypto'
import { type Ground, openGround } from '@parley/kernel/ground'
import type { OwnPostgres, OwnRedis } from '@parley/testkit/services'
import { type Random, randomFrom } from '../../fuzz/random.js'
import type { Nodes } from '../nodes.js'
import { type Cast, castOf, directChatOf, type Member } from './cast.js'
import { openFront } from './front.js'
import { Gateway } from './gateway.js'
import { connectors } from './nodes.js'
import { setUp } from './setup.js'

/** Servers that this test breaks. */
export type Services = { postgres: OwnPostgres; redis: OwnRedis }

/** Everything that one run has at hand. */
export type World = {
  services: Services
  nodes: Nodes
  random: Random
  /** The test's own look into the database. */
  ground: Ground
  cast: Cast
  gateways: readonly Gateway[]
}

export type Size = { gateways: number; tenants: number; stayMs: number }

/** Two connectors with their bots, and gateways that have not dialled yet. What was opened is added to `closers` on the way. */
export async function openWorld(
  services: Services,
  { random, size }: { random: Random; size: Size },
  closers: (() => Promise<unknown>)[],
): Promise<World> {
  const { postgres, redis } = services
  const cast = castOf(size)
  const key = randomBytes(32).toString('hex')
  const ground = await openGround({ database: postgres.url })
  closers.push(() => ground.close())
  const secrets = await setUp(ground, key, cast)
  const nodes = connectors({ database: postgres.url, redisUrl: redis.url, key })
  closers.push(() => nodes.end('kill'))
  await nodes.start()
  const front = await openFront(nodes, randomFrom(random.below(2 ** 31)))
  closers.push(() => front.close())
  const gateways = cast.members.map(
    (member, index) =>
      new Gateway({
        member,
        secret: secrets.get(member.gatewayId)!,
        url: front.url,
        random: randomFrom(random.below(2 ** 31)),
        isOnLibrary: index % 2 === 1,
        foreign: foreignTo(cast.members, member),
        stayMs: size.stayMs,
      }),
  )
  return { services, nodes, random, ground, cast, gateways }
}

function foreignTo(members: readonly Member[], { tenant, bot }: Member) {
  const other = members.find((one) => one.tenant !== tenant && one.bot === bot)!
  return { bot, chatId: directChatOf(other) }
}
