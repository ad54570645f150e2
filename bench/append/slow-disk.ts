import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { memoryBus } from '@parley/kernel/bus'
import { type CommitLatch, createCommitLatch, kernelMigrations, openSqlite } from '@parley/kernel/db'
import { systemClock as clock, systemIds as ids } from '@parley/kernel/ids'
import { createLog, type Log, sqliteJournal } from '@parley/kernel/log'
import { sized } from '../lib/budget.js'
import { closedLoop } from '../lib/closed-loop.js'
import type { Benchmark, Context } from '../lib/context.js'
import { compare, type Measured } from '../lib/measured.js'
import { takeTurns } from '../lib/rounds.js'
import { appendOne, streamTurns } from './drafts.js'

const heldMs = 50

export const slowDisk: Benchmark = {
  name: 'slow-disk',
  about: `delay of the event loop while every commit is held for ${heldMs} ms, against the same process doing nothing`,
  run: async (context) => {
    const latch = createCommitLatch()
    const log = await openLog(context, latch)
    const lines: Measured[] = []
    for (const writers of sized(context.budget, [32, 256], [32, 256], [4]))
      lines.push(await measure(context, { log, latch, writers }))
    return lines
  },
}

async function openLog(context: Context, latch: CommitLatch): Promise<Log> {
  const db = await openSqlite({ path: await context.folder(), clock, ids, commitLatch: latch.buffer })
  context.atEnd(() => db.close())
  await db.migrate([kernelMigrations])
  const onFault = (error: unknown) => context.say(`fault: ${String(error)}`)
  const journal = sqliteJournal(db, { clock, ids, onFault })
  const log = createLog({ journal, bus: memoryBus(), clock, exclusive: true, onFault })
  context.atEnd(() => log.close())
  return log
}

type Measuring = { log: Log; latch: CommitLatch; writers: number }

async function measure({ budget }: Context, { log, latch, writers }: Measuring): Promise<Measured> {
  const nextStream = streamTurns()
  const append = () => closedLoop({ writers, ms: budget.roundMs, call: () => appendOne(log, nextStream()) })
  await append()
  const rates: number[] = []
  const { held, idle } = await takeTurns(budget.rounds, {
    held: () =>
      loopDelay(async () => {
        const stop = holdCommits(latch)
        rates.push((await append()).perSecond)
        await stop()
      }),
    idle: () => loopDelay(() => sleep(budget.roundMs)),
  })
  return compare({
    what: `${writers} writers, delay p99`,
    unit: 'ms',
    ours: held,
    baseline: { name: 'idle process', values: idle },
    aim: { of: 'ours', atMost: 10 },
    note: `${rates.map((rate) => Math.round(rate)).join(', ')} appends/s meanwhile; 1 ms is the timer's own`,
  })
}

/** p99 of the event loop's delay during `work`, in milliseconds. */
async function loopDelay(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  await work()
  delay.disable()
  return delay.percentile(99) / 1e6
}

/** From now on every commit waits `heldMs` at the latch. The answer ends that and lets the last one through. */
function holdCommits(latch: CommitLatch): () => Promise<void> {
  let isOn = true
  const running = (async () => {
    while (isOn) {
      latch.hold()
      await nextArrival(latch)
      await sleep(heldMs)
      latch.release()
      await sleep(1)
    }
  })()
  return async () => {
    isOn = false
    await running
  }
}

/**
 * Gives up after a while: on a busy machine the writer may not have woken up in the millisecond in which the latch was
 * open. Then it still waits there, nobody else will arrive, and it is only held longer.
 */
async function nextArrival(latch: CommitLatch): Promise<void> {
  const seen = latch.arrivals()
  const until = performance.now() + heldMs
  while (latch.arrivals() === seen && performance.now() < until) await sleep(1)
}
