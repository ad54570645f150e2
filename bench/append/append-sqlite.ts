import { setImmediate as nextTurn } from 'node:timers/promises'
import { openGround } from '@parley/kernel/ground'
import { sized } from '../lib/budget.js'
import { closedLoop, type LoopResult } from '../lib/closed-loop.js'
import type { Benchmark, Context } from '../lib/context.js'
import { compare, type Measured } from '../lib/measured.js'
import { takeTurns } from '../lib/rounds.js'
import { openBareSqlite } from './bare-sqlite.js'
import { appendOne, streamTurns } from './drafts.js'
import { latencyNote } from './latency-note.js'

const aims: Record<number, number> = { 1: 0.4, 32: 5, 256: 10 }

export const appendSqlite: Benchmark = {
  name: 'append-sqlite',
  about:
    'durable append to a SQLite file, against the bare driver with one insert a transaction (synchronous=FULL)',
  run: async (context) => {
    const ground = await openGround({ database: await context.folder() })
    context.atEnd(() => ground.close())
    const insert = await openBareSqlite(context)
    const nextStream = streamTurns()
    const sides = {
      ours: () => appendOne(ground.log, nextStream()),
      // A server's callers come in turns of the event loop, not in one endless loop of their own.
      bare: async () => {
        insert()
        await nextTurn()
      },
    }

    const lines: Measured[] = []
    for (const writers of sized(context.budget, [1, 8, 32, 256], [1, 32, 256], [1, 8]))
      lines.push(await measure(context, sides, writers))
    return lines
  },
}

type Calls = Record<'ours' | 'bare', () => Promise<unknown>>

async function measure({ budget }: Context, calls: Calls, writers: number): Promise<Measured> {
  const run = (call: Calls['ours'], ms: number = budget.roundMs) => closedLoop({ writers, ms, call })
  await run(calls.ours, budget.warmUpMs)
  await run(calls.bare, budget.warmUpMs)
  const { ours, bare } = await takeTurns<LoopResult, 'ours' | 'bare'>(budget.rounds, {
    ours: () => run(calls.ours),
    bare: () => run(calls.bare),
  })
  return compare({
    what: writers === 1 ? '1 writer' : `${writers} writers`,
    unit: '/s',
    ours: ours.map(({ perSecond }) => perSecond),
    baseline: { name: 'bare driver', values: bare.map(({ perSecond }) => perSecond) },
    aim: aims[writers] === undefined ? undefined : { of: 'ratio', atLeast: aims[writers] },
    note: latencyNote(ours),
  })
}
