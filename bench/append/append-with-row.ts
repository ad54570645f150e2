import type { Op } from '@parley/kernel/db'
import { type Ground, openGround } from '@parley/kernel/ground'
import { sized } from '../lib/budget.js'
import { closedLoop } from '../lib/closed-loop.js'
import type { Benchmark, Context } from '../lib/context.js'
import { compare, type Measured } from '../lib/measured.js'
import { startPostgres } from '../lib/postgres.js'
import { takeTurns } from '../lib/rounds.js'
import { appendOne, streamTurns, toAppend } from './drafts.js'

const aims: Record<number, number> = { 32: 0.4, 256: 0.3 }
const rows = 1_000

// A plane's table, made through a unit: the log carries any statement.
const createTable: Op = {
  sql: 'create table bench_rows (id bigint primary key, value text not null, version bigint not null)',
  params: [],
}

const upsert = {
  sqlite: `insert into bench_rows values (?, ?, 1)
    on conflict (id) do update set value = excluded.value, version = bench_rows.version + 1`,
  postgres: `insert into bench_rows values ($1, $2, 1)
    on conflict (id) do update set value = excluded.value, version = bench_rows.version + 1`,
}

export const appendWithRow: Benchmark = {
  name: 'append-with-row',
  about: "append together with one upsert of a plane's own row, against the plain append",
  run: async (context) => {
    const lines = await measureOn(context, 'SQLite', await context.folder())
    const url = await startPostgres(context)
    return url ? [...lines, ...(await measureOn(context, 'Postgres', url))] : lines
  },
}

async function measureOn(context: Context, engine: string, database: string): Promise<Measured[]> {
  const ground = await openGround({ database })
  context.atEnd(() => ground.close())
  await ground.log.commit({ ops: [createTable], appends: [] })
  const lines: Measured[] = []
  for (const writers of sized(context.budget, [32, 256], [32, 256], [8]))
    lines.push(await measure(context, ground, { what: `${engine}, ${writers} writers`, writers }))
  return lines
}

type Measuring = { what: string; writers: number }

async function measure(
  { budget }: Context,
  { db, log }: Ground,
  { what, writers }: Measuring,
): Promise<Measured> {
  const nextStream = streamTurns()
  let count = 0
  const withRow = () => {
    const op = { sql: upsert[db.engine], params: [count++ % rows, 'x'.repeat(60)], atLeast: 1 }
    return log.commit({ ops: [op], appends: [toAppend(nextStream())] })
  }
  const plain = () => appendOne(log, nextStream())
  const run = (call: () => Promise<unknown>, ms: number = budget.roundMs) => closedLoop({ writers, ms, call })
  await run(withRow, budget.warmUpMs)
  await run(plain, budget.warmUpMs)
  const sides = await takeTurns(budget.rounds, { withRow: () => run(withRow), plain: () => run(plain) })
  return compare({
    what,
    unit: '/s',
    ours: sides.withRow.map(({ perSecond }) => perSecond),
    baseline: { name: 'plain append', values: sides.plain.map(({ perSecond }) => perSecond) },
    aim: aims[writers] === undefined ? undefined : { of: 'ratio', atLeast: aims[writers] },
  })
}
