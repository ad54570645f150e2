import { getEventListeners } from 'node:events'
import { eventually, settle } from '@parley/testkit'
import { expect, it } from 'vitest'
import { createLog } from './log.js'
import { append, draft, seqs } from './log-cases/nodes.js'
import type { StoredEvent } from './port.js'
import { splitJournal } from './split-journal.js'
import { forever, twoNodes } from './two-nodes.test.support.js'

function tapped(log: ReturnType<typeof twoNodes>['log'], stream = 'room:1') {
  const events: StoredEvent[] = []
  const stop = log.tap(stream, { events: (more) => void events.push(...more) })
  return { events, stop }
}

it('tells the other nodes of a group in one call, after the taps of this one', async () => {
  const { log, bus } = twoNodes()
  const order: string[] = []
  bus.moved = (heads) => void order.push(`moved ${JSON.stringify(heads)}`)
  log.tap('room:1', { events: () => void order.push('tap') })

  const appends = [
    { stream: 'room:1', drafts: [draft(1), draft(2)] },
    { stream: 'room:2', drafts: [draft(1)] },
  ]
  await log.commit({ ops: [], appends })

  expect(order).toEqual(['tap', 'moved [{"stream":"room:1","seq":2},{"stream":"room:2","seq":1}]'])
})

it('gives every tap the same array', async () => {
  const { log } = twoNodes()
  const arrays: unknown[] = []
  for (let n = 0; n < 3; n++) log.tap('room:1', { events: (events) => void arrays.push(events) })

  await append(log, 'room:1', 'a')

  expect(arrays).toHaveLength(3)
  expect(new Set(arrays).size).toBe(1)
})

it('reports a tap that throws and tells the others all the same', async () => {
  const { log, faults } = twoNodes()
  log.tap('room:1', {
    events: () => {
      throw new Error('a broken tap')
    },
  })
  const { events } = tapped(log)

  await append(log, 'room:1', 'a')

  expect(seqs(events)).toEqual([1])
  expect(faults).toEqual([['log.tap', 'Error: a broken tap']])
})

it('publishes events of both nodes in order, however late the hint comes', async () => {
  const { log, neighbour, bus } = twoNodes()
  const { events } = tapped(log)
  await append(log, 'room:1', 1)
  await append(neighbour, 'room:1', 2, 3)

  await append(log, 'room:1', 4)
  bus.hint('room:1', 3)
  bus.hint('room:1', 2)

  await eventually(() => events.length >= 4)
  await settle()
  expect(seqs(events)).toEqual([1, 2, 3, 4])
})

it('reads nothing for hints of streams that nobody here listens to', async () => {
  const { log, neighbour, journal, bus } = twoNodes()
  const { stop } = tapped(log)
  stop()
  await append(neighbour, 'room:1', 1)

  bus.hint('room:1', 1)
  await settle()

  expect(journal.reads).toBe(0)
  expect(log.stats()).toEqual({ streams: 0, taps: 0, followers: 0 })
})

it('finds what a lost hint hid, at the next repair', async () => {
  const { log, neighbour, clock } = twoNodes({ repairMs: 2000 })
  const follower = log.follow('room:1', { signal: forever() })[Symbol.asyncIterator]()
  expect((await follower.next()).value).toEqual({ mark: 'caught_up', seq: 0 })
  await append(neighbour, 'room:1', 1, 2)
  const items = [follower.next(), follower.next()]

  await clock.advance(1999)
  const before = await Promise.race([items[0], settle()])
  await clock.advance(1)

  expect(before).toBeUndefined()
  expect((await Promise.all(items)).map(({ value }) => value.seq)).toEqual([1, 2])
})

it('repairs at once when the bus says that it may have missed something', async () => {
  const { log, neighbour, bus } = twoNodes()
  const { events } = tapped(log)
  await append(log, 'room:1', 1)
  await append(neighbour, 'room:1', 2)

  bus.gap()

  await eventually(() => events.length === 2)
})

it('finds out at the repair that a stream was dropped', async () => {
  const { log, neighbour, clock } = twoNodes({ repairMs: 2000 })
  await append(log, 'room:1', 1)
  const follower = log.follow('room:1', { after: 1, signal: forever() })[Symbol.asyncIterator]()
  await follower.next()

  await neighbour.drop('room:1')
  await clock.advance(2000)

  expect((await follower.next()).value).toEqual({ mark: 'gone' })
})

it('reports a repair that fails, and tries again', async () => {
  const { journal, bus, clock, faults } = twoNodes()
  let rounds = 0
  const failing = {
    ...splitJournal(journal),
    heads: async () => Promise.reject(new Error(`round ${++rounds}`)),
  }
  const onFault = (error: unknown, where: string) => void faults.push([where, String(error)])
  createLog({ journal: failing, bus, clock, exclusive: false, onFault }).tap('room:1', {})

  await clock.advance(4000)

  expect(faults).toEqual([
    ['log.repair', 'Error: round 1'],
    ['log.repair', 'Error: round 2'],
  ])
})

it('leaves no listener and no timer behind when it closes', async () => {
  const { log, neighbour, bus, clock } = twoNodes()
  const { signal } = new AbortController()
  log.follow('room:1', { signal })[Symbol.asyncIterator]()
  log.followKind('room', { signal })

  await Promise.all([log.close(), neighbour.close()])

  expect([bus.listeners(), clock.pending]).toEqual([0, 0])
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})
