import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Ground, openGround } from '@parley/kernel/ground'
import { eventually } from '@parley/testkit'
import { testPostgres } from '@parley/testkit/services'
import { randomFrom } from '../../fuzz/random.js'
import { readBack } from './read-back.js'
import { retryAll } from './retry.js'
import { type Acknowledged, writeAndKill } from './round.js'
import { chaosTables } from './tables.js'
import { assertNumbered, assertReceipts, assertRows, assertWritten } from './verify.js'

/** Empty data that outlives the processes on it. */
export type Place = { database: string; remove(): Promise<void> }

export type Engine = { name: string; place(): Promise<Place> }

/** What a loop proved. */
export type Figures = { rounds: number; units: number; events: number; seconds: number }

type LoopOptions = { rounds: number; seed: number; maxAcknowledged: number }

/** Writes, kills, reads and retries on the same data, `rounds` times. Throws what did not hold. */
export async function killLoop(
  { place }: Engine,
  { rounds, seed, maxAcknowledged }: LoopOptions,
): Promise<Figures> {
  const random = randomFrom(seed)
  const began = performance.now()
  const { database, remove } = await place()
  const history: Acknowledged[] = []
  let events = 0
  try {
    for (let round = 1; round <= rounds; round++) {
      const killAfter = random.below(maxAcknowledged)
      history.push(await writeAndKill({ database: named(database, round), seed, round, killAfter }))
      events = await inspect({ database, seed, history })
    }
  } finally {
    await remove()
  }
  const units = history
    .flatMap((acknowledged) => [...acknowledged.values()])
    .reduce((sum, { length }) => sum + length, 0)
  return { rounds, units, events, seconds: Math.round((performance.now() - began) / 100) / 10 }
}

type Inspection = { database: string; seed: number; history: readonly Acknowledged[] }

/** Opens the data anew and holds all rounds so far against it. Answers how many acknowledged events were found. */
async function inspect({ database, seed, history }: Inspection): Promise<number> {
  const ground = await openGround({ database })
  try {
    await untilQuiet(ground, history.length)
    const tables = chaosTables(ground.db)
    const events = await check(ground, seed, history)
    await retryAll(ground, tables, { seed, round: history.length, acknowledged: history.at(-1)! })
    await check(ground, seed, history)
    return events
  } finally {
    await ground.close()
  }
}

async function check(ground: Ground, seed: number, history: readonly Acknowledged[]): Promise<number> {
  const tables = chaosTables(ground.db)
  const streams = await readBack(ground)
  assertNumbered(streams)
  await assertRows(streams, tables)
  await assertReceipts(streams, seed, tables)
  return history.reduce(
    (sum, acknowledged, index) => sum + assertWritten(streams, { seed, round: index + 1, acknowledged }),
    0,
  )
}

const applicationOf = (round: number): string => `chaos-${round}`

/** On Postgres: under a name that tells the connections of one round from others. */
function named(database: string, round: number): string {
  if (!database.startsWith('postgres')) return database
  const url = new URL(database)
  url.searchParams.set('application_name', applicationOf(round))
  return url.href
}

/** Waits until Postgres, too, knows that the writer is dead: a commit that it had begun may still end well. */
async function untilQuiet({ db }: Ground, round: number): Promise<void> {
  if (db.engine !== 'postgres') return
  const sessions = db
    .tables<{ pg_stat_activity: { application_name: string } }>()
    .selectFrom('pg_stat_activity')
    .select('application_name')
  await eventually(
    async () => (await sessions.where('application_name', '=', applicationOf(round)).execute()).length === 0,
  )
}

const onSqlite: Engine = {
  name: 'SQLite file',
  async place() {
    const database = await mkdtemp(join(tmpdir(), 'parley-chaos-'))
    return { database, remove: () => rm(database, { recursive: true, force: true }) }
  },
}

/** The engines whose data outlives a process. Where no Postgres can be had it is left out, with a line on stderr. */
export async function engines(): Promise<Engine[]> {
  const postgres = await testPostgres()
  if (!postgres) {
    if (process.env.CI === 'true') throw new Error('CI needs a Postgres for its tests.')
    return [onSqlite]
  }
  const onPostgres: Engine = {
    name: 'Postgres',
    async place() {
      const { url, drop } = await postgres.newDatabase()
      return { database: url, remove: drop }
    },
  }
  return [onSqlite, onPostgres]
}
