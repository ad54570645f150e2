import { beforeEach, describe, expect, it } from 'vitest'
import type { RunListing, RunState } from '../port.js'
import { type Bench, machine, queuedBy, runOf, second, start, threadOf } from './fixtures.js'

/** Cases of runs. There are two threads, `th_1` and `th_2`. */
export function runCases(bench: Bench): void {
  beforeEach(() =>
    bench.commit(bench.store.insertThread(threadOf('th_1')), bench.store.insertThread(threadOf('th_2'))),
  )
  const put = (...runs: ReturnType<typeof runOf>[]) =>
    bench.commit(...runs.map((run) => bench.store.insertRun(run)))
  const over = (id: string, startedAt = start) => runOf('th_1', id, { status: 'completed', startedAt })
  const active = ['pending', 'running'] as const satisfies RunState[]

  describe('finding', () => {
    it('answers a run exactly as it was inserted', async () => {
      const whole = runOf('th_1', 'run_1', {
        status: 'failed',
        runningAt: start + 1,
        completedAt: start + 2,
        error: { code: 'handler_error', message: 'Ñ 🙂 \u0000' },
        idempotencyKey: 'k',
        metadata: { deep: [1, null] },
        depth: 3,
        queuedBy: queuedBy('bob', 2),
      })
      await put(whole, runOf('th_1', 'run_2'))

      expect(await bench.store.findRun('run_1')).toEqual(whole)
      expect(await bench.store.findRun('run_2')).toEqual(runOf('th_1', 'run_2'))
      expect(await bench.store.findRun('run_9')).toBeUndefined()
    })

    it('answers the ones that there are of several', async () => {
      await put(over('run_1'), over('run_2'), over('run_3'))

      const found = await bench.store.findRuns(['run_3', 'run_9', 'run_1'])
      expect(found.map(({ id }) => id).sort()).toEqual(['run_1', 'run_3'])
      expect(await bench.store.findRuns([])).toEqual([])
    })

    it('lists the runs of a thread newest first, or the active ones', async () => {
      await put(over('a'), over('b'), over('c', start + 1), over('d', start - 1), runOf('th_2', 'x'))
      await put(
        runOf('th_1', 'p', { startedAt: start - 2 }),
        runOf('th_1', 'r', { startedAt: start - 3, assistant: machine('other'), status: 'running' }),
      )
      const ids = async (listing: RunListing) =>
        (await bench.store.listRuns('th_1', listing)).map(({ id }) => id)

      expect(await ids({ limit: 10 })).toEqual(['c', 'b', 'a', 'd', 'p', 'r'])
      expect(await ids({ limit: 2 })).toEqual(['c', 'b'])
      expect(await ids({ activeOnly: true, limit: 10 })).toEqual(['p', 'r'])
      expect(await ids({ limit: 2, after: { startedAt: start, id: 'b' } })).toEqual(['a', 'd'])
      expect(await ids({ limit: 10, after: { startedAt: start - 2, id: 'p' } })).toEqual(['r'])
      const after = { startedAt: start - 2, id: 'p' }
      expect(await ids({ activeOnly: true, after, limit: 10 })).toEqual(['r'])
    })

    it('finds the active run of an assistant in a thread', async () => {
      await put(over('run_1'), runOf('th_1', 'run_2', { status: 'running' }), runOf('th_2', 'run_3'))

      expect(await bench.store.findActiveRun('th_1', 'bot')).toMatchObject({ id: 'run_2' })
      expect(await bench.store.findActiveRun('th_2', 'bot')).toMatchObject({ id: 'run_3' })
      expect(await bench.store.findActiveRun('th_1', 'other')).toBeUndefined()
    })

    it('finds active runs whose lease has passed, oldest first', async () => {
      const leased = (id: string, seconds: number, status: RunState = 'running') =>
        runOf(id === 'c' ? 'th_2' : 'th_1', id, {
          assistant: machine(id),
          leaseExpiresAt: start + seconds * second,
          status,
        })
      await put(leased('a', 3), leased('b', 1, 'pending'), leased('c', 2), leased('d', 1, 'completed'))
      const ids = async (now: number, limit = 10) =>
        (await bench.store.orphans(now, limit)).map(({ id }) => id)

      expect(await ids(start + 3 * second)).toEqual(['b', 'c'])
      expect(await ids(start + 3 * second + 1)).toEqual(['b', 'c', 'a'])
      expect(await ids(start + 9 * second, 1)).toEqual(['b'])
    })
  })

  describe('starting', () => {
    it.each(active)('refuses an assistant that has a %s run in the thread', async (status) => {
      await put(runOf('th_1', 'run_1', { status }))

      expect(await bench.outcome(bench.store.insertRun(runOf('th_1', 'run_2')))).toBe('refused')
      expect(await bench.outcome(bench.store.insertRun(runOf('th_2', 'run_3')))).toBe('committed')
      const other = runOf('th_1', 'run_4', { assistant: machine('other') })
      expect(await bench.outcome(bench.store.insertRun(other))).toBe('committed')
    })

    it('starts one of fifty at once', async () => {
      const ops = Array.from({ length: 50 }, (_, n) => bench.store.insertRun(runOf('th_1', `run_${n}`)))

      expect(await bench.winners(ops)).toBe(1)
      expect(await bench.store.listRuns('th_1', { limit: 50 })).toHaveLength(1)
    })

    it('lets an assistant start again once its run is over', async () => {
      await put(runOf('th_1', 'run_1'))
      const end = bench.store.moveRun('run_1', active, 'cancelled', {})

      expect(await bench.outcome(end, bench.store.insertRun(runOf('th_1', 'run_2')))).toBe('committed')
    })

    it('refuses a run of a thread that is gone', async () => {
      await bench.commit(...bench.store.removeThread('th_1'))

      expect(await bench.outcome(bench.store.insertRun(runOf('th_1', 'run_1')))).toBe('refused')
      expect(await bench.store.findRun('run_1')).toBeUndefined()
    })

    it('refuses a second run of an assistant for one key in a thread', async () => {
      await put({ ...over('run_1'), idempotencyKey: 'k' })
      const keyed = { idempotencyKey: 'k' }

      expect(await bench.outcome(bench.store.insertRun(runOf('th_1', 'run_2', keyed)))).toBe('refused')
      const other = runOf('th_1', 'run_3', { ...keyed, assistant: machine('other') })
      expect(await bench.outcome(bench.store.insertRun(other))).toBe('committed')
      expect(await bench.outcome(bench.store.insertRun(runOf('th_2', 'run_4', keyed)))).toBe('committed')
    })
  })

  describe('changing', () => {
    it('moves on and sets what the change names', async () => {
      await put(runOf('th_1', 'run_1'))

      await bench.commit(
        bench.store.moveRun('run_1', ['pending'], 'running', {
          runningAt: start + 1,
          leaseExpiresAt: start + 99,
        }),
      )
      const running = runOf('th_1', 'run_1', {
        status: 'running',
        runningAt: start + 1,
        leaseExpiresAt: start + 99,
      })
      expect(await bench.store.findRun('run_1')).toEqual(running)

      const end = { completedAt: start + 2, error: { code: 'timeout', message: 'run exceeded 1s' } }
      await bench.commit(bench.store.moveRun('run_1', active, 'failed', end))
      expect(await bench.store.findRun('run_1')).toEqual({ ...running, ...end, status: 'failed' })
    })

    it('refuses a run that is in another state, or unknown', async () => {
      await put(runOf('th_1', 'run_1'))

      expect(await bench.outcome(bench.store.moveRun('run_1', ['running'], 'completed', {}))).toBe('refused')
      expect(await bench.outcome(bench.store.moveRun('run_9', active, 'completed', {}))).toBe('refused')
      expect(await bench.store.findRun('run_1')).toMatchObject({ status: 'pending' })
    })

    it('refuses a run whose queue is not as expected', async () => {
      const { store } = bench
      const move = (isQueued: boolean) => store.moveRun('run_1', active, 'running', {}, { isQueued })
      await put(runOf('th_1', 'run_1'))

      expect(await bench.outcome(move(true))).toBe('refused')
      expect(await bench.outcome(move(false))).toBe('committed')
      await bench.commit(store.queueAfter('run_1', queuedBy('bob')))
      expect(await bench.outcome(move(false))).toBe('refused')
      expect(await bench.outcome(move(true))).toBe('committed')
    })

    it('refuses a run whose lease is not as expected', async () => {
      const { store } = bench
      const end = (leaseExpiresAt: number) => store.moveRun('run_1', active, 'failed', {}, { leaseExpiresAt })
      await put(runOf('th_1', 'run_1', { leaseExpiresAt: start }))
      await bench.commit(store.renewRun('run_1', start + 1))

      expect(await bench.outcome(end(start))).toBe('refused')
      expect(await bench.outcome(end(start + 1))).toBe('committed')
    })

    it('ends a run and starts the one that follows it in one unit', async () => {
      const { store } = bench
      await put(runOf('th_1', 'run_1', { status: 'running' }))
      const end = store.moveRun('run_1', ['running'], 'completed', {}, { isQueued: false })

      expect(await bench.outcome(end, store.insertRun(runOf('th_1', 'run_2')))).toBe('committed')
      expect(await store.findActiveRun('th_1', 'bot')).toMatchObject({ id: 'run_2' })
    })

    it('lets one of many ends win', async () => {
      await put(runOf('th_1', 'run_1'))
      const ends = ['completed', 'failed', 'cancelled', 'completed'] as const

      expect(await bench.winners(ends.map((to) => bench.store.moveRun('run_1', active, to, {})))).toBe(1)
    })

    it('never changes what is over', async () => {
      const { store } = bench
      const ended = { ...over('run_1'), completedAt: start }
      await put(ended)

      expect(await bench.outcome(store.moveRun('run_1', ['completed'], 'failed', {}))).toBe('refused')
      expect(await bench.outcome(store.renewRun('run_1', start + 99))).toBe('refused')
      expect(await bench.outcome(store.queueAfter('run_1', queuedBy('bob')))).toBe('refused')
      expect(await store.findRun('run_1')).toEqual(ended)
    })

    it('prolongs a lease', async () => {
      await put(runOf('th_1', 'run_1'))

      await bench.commit(bench.store.renewRun('run_1', start + 99 * second))

      expect(await bench.store.findRun('run_1')).toEqual(
        runOf('th_1', 'run_1', { leaseExpiresAt: start + 99 * second }),
      )
    })

    it('keeps who asked first for one more run', async () => {
      await put(runOf('th_1', 'run_1'))

      await bench.commit(bench.store.queueAfter('run_1', queuedBy('bob', 2)))
      expect(await bench.outcome(bench.store.queueAfter('run_1', queuedBy('eve')))).toBe('committed')

      expect(await bench.store.findRun('run_1')).toMatchObject({ queuedBy: queuedBy('bob', 2) })
    })

    it('guards a run that is running and no other', async () => {
      await put(runOf('th_1', 'run_1', { status: 'running' }), runOf('th_2', 'run_2'), over('run_3'))

      expect(await bench.outcome(bench.store.runGuard('run_1'))).toBe('committed')
      for (const id of ['run_2', 'run_3', 'run_9'])
        expect(await bench.outcome(bench.store.runGuard(id))).toBe('refused')
    })
  })

  describe('invocations', () => {
    const invocation = { threadId: 'th_1', key: 'k', assistantIds: ['a', 'b'], runIds: ['run_2', 'run_1'] }

    it('are answered as they were inserted, by thread and key', async () => {
      await bench.commit(bench.store.insertInvocation(invocation))

      expect(await bench.store.findInvocation('th_1', 'k')).toEqual(invocation)
      expect(await bench.store.findInvocation('th_1', 'other')).toBeUndefined()
      expect(await bench.store.findInvocation('th_2', 'k')).toBeUndefined()
    })

    it('take a key once, however many try at once', async () => {
      const ops = Array.from({ length: 50 }, (_, n) =>
        bench.store.insertInvocation({ ...invocation, runIds: [`run_${n}`] }),
      )

      expect(await bench.winners(ops)).toBe(1)
      const elsewhere = { ...invocation, threadId: 'th_2' }
      expect(await bench.outcome(bench.store.insertInvocation(elsewhere))).toBe('committed')
    })

    it('undo the runs of their unit when the key is taken', async () => {
      await bench.commit(bench.store.insertInvocation(invocation))
      const run = bench.store.insertRun(runOf('th_1', 'run_1'))

      expect(await bench.outcome(run, bench.store.insertInvocation(invocation))).toBe('refused')
      expect(await bench.store.findRun('run_1')).toBeUndefined()
    })

    it('are refused for a thread that is gone', async () => {
      await bench.commit(...bench.store.removeThread('th_1'))

      expect(await bench.outcome(bench.store.insertInvocation(invocation))).toBe('refused')
    })
  })
}
