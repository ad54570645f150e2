import { randomUUID } from 'node:crypto'
import { type Ground, openGround } from '@parley/kernel/ground'
import { type TestRedis, testRedis } from './services/index.js'
import { type TestGround, type TestGroundOptions, testGrounds } from './test-grounds.js'

/** Two nodes on one empty database. */
export type OpenedNodePair = {
  nodes: [Ground, Ground]
  /** One more node beside them. */
  another(): Promise<Ground>
  /** Closes every node and removes the data. */
  close(): Promise<void>
}

/** A kind of bus that two nodes on one Postgres may have between them. */
export type NodePair = {
  bus: 'postgres' | 'redis'
  open(options?: TestGroundOptions): Promise<OpenedNodePair>
}

/** Every kind of pair there can be here, and how to end what was started for them. */
export type NodePairs = { pairs: readonly NodePair[]; close(): Promise<void> }

/** Two nodes on one Postgres over each bus; without Postgres or Redis a line on stderr says what is left out. */
export async function nodePairs(): Promise<NodePairs> {
  const postgres = (await testGrounds()).find(({ engine }) => engine === 'postgres')
  const redis = await testRedis()
  const pairs: NodePair[] = []
  if (postgres) pairs.push({ bus: 'postgres', open: (options) => overPostgres(postgres, options) })
  if (postgres && redis) pairs.push({ bus: 'redis', open: (options) => overRedis(postgres, redis, options) })
  return { pairs, close: async () => redis?.close() }
}

async function overPostgres(postgres: TestGround, options?: TestGroundOptions): Promise<OpenedNodePair> {
  const { ground, another, close } = await postgres.open(options)
  const more = () => another!(options)
  return { nodes: [ground, await more()], another: more, close }
}

async function overRedis(
  postgres: TestGround,
  redis: TestRedis,
  options?: TestGroundOptions,
): Promise<OpenedNodePair> {
  const opened = await postgres.open(options)
  const redisPrefix = `test-${randomUUID()}`
  const grounds: Ground[] = []
  const another = async () => {
    const { database } = opened
    const ground = await openGround({ ...options, database, bus: 'redis', redisUrl: redis.url, redisPrefix })
    grounds.push(ground)
    return ground
  }
  const close = async () => {
    await Promise.all(grounds.map((ground) => ground.close()))
    await opened.close()
  }
  return { nodes: [await another(), await another()], another, close }
}
