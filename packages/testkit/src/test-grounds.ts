import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine } from '@parley/kernel/db'
import { type Ground, type GroundOptions, openGround } from '@parley/kernel/ground'
import { type TestPostgres, testPostgres } from './services/index.js'

/** What a test may choose of a ground. */
export type TestGroundOptions = Omit<GroundOptions, 'database' | 'bus'>

/** An empty ground for one test. */
export type OpenedTestGround = {
  ground: Ground
  /** As `openGround` takes it: to open the same data again after `ground.close()`. Memory forgets. */
  database: string
  /** One more node on the same data, over a bus. Absent where a ground has one node. */
  another?(options?: TestGroundOptions): Promise<Ground>
  /** Closes every node that was opened here and removes the data. */
  close(): Promise<void>
}

/** A kind of ground that every suite runs on. */
export type TestGround = {
  name: string
  engine: Engine
  open(options?: TestGroundOptions): Promise<OpenedTestGround>
}

/**
 * Every kind of ground there is: `for (const ground of await testGrounds()) suite(ground.name, …)`. Where no Postgres
 * can be had its ground is left out with a line on stderr, and with `CI=true` this throws instead.
 */
export async function testGrounds(): Promise<TestGround[]> {
  const postgres = await sharedPostgres()
  if (!postgres && process.env.CI === 'true') throw new Error('CI needs a Postgres for its tests.')
  return [sqliteInMemory, sqliteInFile, ...(postgres ? [onPostgres(postgres)] : [])]
}

let shared: Promise<TestPostgres | undefined> | undefined

/** One server for all grounds of this process; a private one ends with the process. */
function sharedPostgres(): Promise<TestPostgres | undefined> {
  shared ??= testPostgres()
  return shared
}

const sqliteInMemory: TestGround = {
  name: 'SQLite in memory',
  engine: 'sqlite',
  open: (options) => opened({ ...options, database: ':memory:' }, async () => {}),
}

const sqliteInFile: TestGround = {
  name: 'SQLite file',
  engine: 'sqlite',
  open: async (options) => {
    const database = await mkdtemp(join(tmpdir(), 'parley-ground-'))
    return opened({ ...options, database }, () => rm(database, { recursive: true, force: true }))
  },
}

const onPostgres = (postgres: TestPostgres): TestGround => ({
  name: 'Postgres',
  engine: 'postgres',
  open: async (options) => {
    const { url, drop } = await postgres.newDatabase()
    return opened({ ...options, database: url, bus: 'postgres' }, drop)
  },
})

async function opened(options: GroundOptions, remove: () => Promise<void>): Promise<OpenedTestGround> {
  const { database = ':memory:', bus } = options
  const ground = await openGround(options)
  const grounds = [ground]
  const another = async (more: TestGroundOptions = {}): Promise<Ground> => {
    const node = await openGround({ ...more, database, bus })
    grounds.push(node)
    return node
  }
  const close = async (): Promise<void> => {
    await Promise.all(grounds.map((node) => node.close()))
    await remove()
  }
  return { ground, database, close, ...(bus === 'postgres' && { another }) }
}
