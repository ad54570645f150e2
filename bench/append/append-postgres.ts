import { openGround } from '@parley/kernel/ground'
import type { Log } from '@parley/kernel/log'
import { sized } from '../lib/budget.js'
import { closedLoop } from '../lib/closed-loop.js'
import type { Benchmark, Context } from '../lib/context.js'
import { compare, type Measured } from '../lib/measured.js'
import { findPgbench, startPostgres } from '../lib/postgres.js'
import { takeTurns } from '../lib/rounds.js'
import { appendOne, streamTurns } from './drafts.js'
import { openPgbench, type Pgbench } from './pgbench.js'

const rateAims: Record<number, number> = { 1: 0.45, 32: 2, 256: 4.5 }
const latencyAims: Record<number, number> = { 32: 0.7, 256: 0.7 }

export const appendPostgres: Benchmark = {
  name: 'append-postgres',
  about: 'durable append to Postgres, against the same rows by pgbench, one a transaction, prepared',
  run: async (context) => {
    const program = await findPgbench()
    if (!program) context.say('There is no pgbench here: append-postgres is left out.')
    const url = program && (await startPostgres(context))
    if (!program || !url) return []
    const ground = await openGround({ database: url })
    context.atEnd(() => ground.close())
    const pgbench = await openPgbench(context, program, url)

    const lines: Measured[] = []
    for (const writers of sized(context.budget, [1, 8, 32, 256], [1, 32, 256], [1, 8]))
      lines.push(...(await measure(context, { log: ground.log, pgbench, writers })))
    return lines
  },
}

type Measuring = { log: Log; pgbench: Pgbench; writers: number }

async function measure({ budget }: Context, { log, pgbench, writers }: Measuring): Promise<Measured[]> {
  const nextStream = streamTurns()
  const append = (ms: number = budget.roundMs) =>
    closedLoop({ writers, ms, call: () => appendOne(log, nextStream()) })
  await append(budget.warmUpMs)
  const { ours, bare } = await takeTurns(budget.rounds, {
    ours: () => append(),
    bare: () => pgbench({ writers, ms: budget.roundMs }),
  })
  const what = writers === 1 ? '1 writer' : `${writers} writers`
  const side = (of: 'perSecond' | 'p50') => ({
    ours: ours.map((round) => round[of]),
    baseline: { name: 'pgbench', values: bare.map((round) => round[of]) },
  })
  const [atLeast, atMost] = [rateAims[writers], latencyAims[writers]]
  return [
    compare({ what, unit: '/s', ...side('perSecond'), aim: atLeast ? { of: 'ratio', atLeast } : undefined }),
    compare({
      what: `${what}, p50`,
      unit: 'ms',
      ...side('p50'),
      aim: atMost ? { of: 'ratio', atMost } : undefined,
    }),
  ]
}
