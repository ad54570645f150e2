import { type Ground, openGround } from '@parley/kernel/ground'
import type { StreamId } from '@parley/kernel/ids'
import pg from 'pg'
import { draft } from '../append/drafts.js'
import { sized } from '../lib/budget.js'
import { closedLoop } from '../lib/closed-loop.js'
import type { Benchmark, Context } from '../lib/context.js'
import { compare, type Measured } from '../lib/measured.js'
import { startPostgres } from '../lib/postgres.js'
import { takeTurns } from '../lib/rounds.js'

const stream = 'bench:history' as StreamId
const fewEvents = 1_000

export const historyGrowth: Benchmark = {
  name: 'history-growth',
  about: 'the last 50 events of a long stream, against the last 50 of a short one in a database of its own',
  run: async (context) => {
    const many = sized(context.budget, 1_000_000, 100_000, 2_000)
    const small = await fill(context, await context.folder(), fewEvents)
    const large = await fill(context, await context.folder(), many)
    const lines = [await measure(context, { engine: 'SQLite', small, large, many })]

    const urls = [await startPostgres(context), await startPostgres(context)]
    if (!urls[0] || !urls[1]) return lines
    const grounds = {
      small: await fill(context, urls[0], fewEvents),
      large: await fill(context, urls[1], many),
    }
    await Promise.all([settle(urls[0]), settle(urls[1])])
    return [...lines, await measure(context, { engine: 'Postgres', ...grounds, many })]
  },
}

async function fill(context: Context, database: string, count: number): Promise<Ground> {
  const ground = await openGround({ database })
  context.atEnd(() => ground.close())
  const perUnit = 500
  for (let done = 0; done < count; done += perUnit) {
    const drafts = Array.from({ length: Math.min(perUnit, count - done) }, () => draft)
    await ground.log.commit({ ops: [], appends: [{ stream, drafts }] })
  }
  return ground
}

/** What Postgres does after many inserts, sooner or later; it must not happen in the middle of a turn. */
async function settle(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('vacuum analyze events')
  await client.query('checkpoint')
  await client.end()
}

type Measuring = { engine: string; small: Ground; large: Ground; many: number }

async function measure({ budget }: Context, { engine, small, large, many }: Measuring): Promise<Measured> {
  const read = ({ log }: Ground, ms: number = budget.roundMs) =>
    closedLoop({ writers: 1, ms, call: () => log.last(stream, { limit: 50 }) })
  await read(small, budget.warmUpMs)
  await read(large, budget.warmUpMs)
  const sides = await takeTurns(budget.rounds, { large: () => read(large), small: () => read(small) })
  return compare({
    what: `${engine}, ${many.toLocaleString('en')} events, p50`,
    unit: 'µs',
    ours: sides.large.map(({ p50 }) => p50 * 1000),
    baseline: {
      name: `of ${fewEvents.toLocaleString('en')} events`,
      values: sides.small.map(({ p50 }) => p50 * 1000),
    },
    aim: { of: 'ratio', atMost: 1.2 },
  })
}
