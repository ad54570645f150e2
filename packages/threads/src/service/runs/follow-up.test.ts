// The run that follows another is in the unit that ends it: whoever ends it, and whatever happens to that node after it.

import { openGround } from '@parley/kernel/ground'
import { eventually, fakeClock } from '@parley/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openPlane, people } from '../../plane.test.support.js'
import { sqlThreadStore } from '../../store/index.js'
import type { RunRow } from '../../store/port.js'
import { leaseMs } from './lease.js'
import { held, helper, quick, roomWith } from './room.test.support.js'

/** A row as a node leaves it that died right after writing it. */
const leftBehind = (threadId: string, over: Partial<RunRow>): RunRow => ({
  id: 'run_left',
  threadId,
  assistant: helper('slow'),
  triggeredBy: people.alice!,
  status: 'pending',
  startedAt: 1,
  runningAt: null,
  completedAt: null,
  error: null,
  idempotencyKey: null,
  metadata: {},
  depth: 0,
  queuedBy: null,
  leaseExpiresAt: 1,
  ...over,
})

describe('a run that was asked for while another was active', () => {
  test('is there when that one is over, also when it was ended by a node without the handler', async () => {
    const { handler, release } = held()
    const room = await roomWith({ slow: handler })
    const other = await openPlane({ ground: room.ground })
    const store = sqlThreadStore(room.ground.db)
    const { body } = await room.invoke(['slow'])
    await room.invoke(['slow'], { if_active: 'queue' })

    await other.call('bob', 'DELETE', `/runs/${body.runs[0].id}`)
    const next = await store.findActiveRun(room.id, 'slow')
    await room.clock.advance(leaseMs / 2)
    release()

    expect(next).toMatchObject({ status: 'pending', triggeredBy: { id: 'u_alice' } })
    expect(await room.over(next!.id)).toMatchObject({ status: 'completed' })
  })

  test('waits for another node when its own goes away', async () => {
    const { handler, release } = held()
    const room = await roomWith({ slow: handler })
    await room.invoke(['slow'])
    await eventually(async () => (await room.ofRuns()).length === 2)
    await room.invoke(['slow'], { if_active: 'queue' })

    await room.threads.stop()
    release()
    const next = await openPlane({ ground: room.ground })
    next.threads.assistant('slow', quick)
    // The database answers in turn: the first pass of the sweep is over then, and the next one waits for its time.
    await next.call('alice', 'GET', '/threads')
    await room.clock.advance(leaseMs / 2)

    const store = sqlThreadStore(room.ground.db)
    const statuses = async () => (await store.listRuns(room.id, { limit: 9 })).map(({ status }) => status)
    await eventually(async () => (await statuses()).includes('completed'))
    expect((await statuses()).toSorted()).toEqual(['completed', 'failed'])
  })

  test('does not come when its assistant was removed, nor when the thread was', async () => {
    const { handler, release } = held()
    const room = await roomWith({ slow: handler, other: handler })
    const store = sqlThreadStore(room.ground.db)
    for (const assistant of ['slow', 'other']) {
      await room.invoke([assistant])
      await room.invoke([assistant], { if_active: 'queue' })
    }

    await room.call('alice', 'DELETE', `/threads/${room.id}/members/slow`)
    const afterRemoval = await store.listRuns(room.id, { activeOnly: true, limit: 9 })
    await room.call('alice', 'DELETE', `/threads/${room.id}`)
    release()

    expect(afterRemoval.map(({ assistant }) => assistant.id)).toEqual(['other'])
    expect(await store.listRuns(room.id, { limit: 9 })).toEqual([])
  })
})

describe('the sweep', () => {
  const roomWithLeft = async (over: Partial<RunRow>) => {
    const room = await roomWith({})
    await room.call('alice', 'POST', `/threads/${room.id}/members`, { identity: helper('slow') })
    const store = sqlThreadStore(room.ground.db)
    const at = room.ground.clock.micros()
    const run = leftBehind(room.id, { startedAt: at, leaseExpiresAt: at, ...over })
    await room.ground.log.commit({ ops: [store.insertRun(run)], appends: [] })
    return { ...room, run }
  }

  test('takes a run that has not begun, when its handler is here', async () => {
    const room = await roomWithLeft({})
    room.threads.assistant('slow', quick)

    await room.clock.advance(leaseMs / 2)

    expect(await room.over(room.run.id)).toMatchObject({ status: 'completed' })
  })

  // proves: threads.t30
  test('fails it when nobody took it within three leases', async () => {
    const room = await roomWithLeft({})
    const read = async () => (await room.call('alice', 'GET', `/runs/${room.run.id}`)).body

    await room.clock.advance(3 * leaseMs)
    const before = await read()
    await room.clock.advance(leaseMs / 2)

    expect(before.status).toBe('pending')
    expect(await room.over(room.run.id)).toMatchObject({
      status: 'failed',
      error: { code: 'orphaned', message: 'no process began it in time' },
    })
  })

  // proves: threads.t30
  test('spares a run whose node renewed its lease after the look', async () => {
    const clock = fakeClock()
    const ground = await openGround({ clock })
    onTestFinished(() => ground.close())
    const real = sqlThreadStore(ground.db)
    let passes = 0
    let seen = 0
    const orphans: typeof real.orphans = async (now, limit) => {
      const found = await real.orphans(now, limit)
      for (const { id } of found)
        await ground.log.commit({ ops: [real.renewRun(id, now + 1e12)], appends: [] })
      passes += 1
      seen += found.length
      return found
    }
    const { room } = await openPlane({ ground, store: { ...real, orphans } })
    const threadId = await room()
    const run = leftBehind(threadId, { status: 'running', runningAt: 1 })
    await ground.log.commit({ ops: [real.insertRun(run)], appends: [] })

    // A pass begins when the one before is done.
    const before = passes
    await eventually(async () => {
      await clock.advance(leaseMs / 2)
      return passes >= before + 2
    })

    expect(seen).toBe(1)
    expect(await real.findRun(run.id)).toMatchObject({ status: 'running', error: null })
  })
})
