import { getEventListeners } from 'node:events'
import { collect } from '@parley/testkit'
import { expect, it } from 'vitest'
import { append, range, seqs } from './log-cases/nodes.js'
import type { FollowItem } from './port.js'
import { forever, twoNodes } from './two-nodes.test.support.js'

it('holds no more than its limit for a follower that stalls, and feeds it from the log', async () => {
  const { log, journal } = twoNodes({ followerEvents: 10 })
  const follower = log.follow('room:1', { signal: forever() })[Symbol.asyncIterator]()
  await follower.next()
  for (const n of range(1, 35)) await append(log, 'room:1', n)
  const readsBefore = journal.reads

  const items: FollowItem[] = []
  while (items.length < 35) items.push((await follower.next()).value)

  expect(seqs(items)).toEqual(range(1, 35))
  expect(journal.reads - readsBefore).toBe(3)
  await append(log, 'room:1', 'live again')
  expect((await follower.next()).value.seq).toBe(36)
  expect(journal.reads - readsBefore).toBe(3)
})

it('counts characters as well, and shortens the pages of large events', async () => {
  const { log, journal } = twoNodes({ followerChars: 1000 })
  const limits: number[] = []
  const { read } = journal
  journal.read = (stream, options) => {
    limits.push(options.limit)
    return read(stream, options)
  }
  const follower = log.follow('room:1', { signal: forever() })[Symbol.asyncIterator]()
  await follower.next()
  for (let n = 0; n < 30; n++) await append(log, 'room:1', 'x'.repeat(298))

  const items: FollowItem[] = []
  while (items.length < 30) items.push((await follower.next()).value)
  await append(log, 'room:1', 'x')
  await follower.next()
  for (let n = 0; n < 5; n++) await append(log, 'room:1', 'x'.repeat(298))
  while (items.length < 35) items.push((await follower.next()).value)

  expect(seqs(items)).toEqual([...range(1, 30), ...range(32, 36)])
  expect(limits).toEqual([256, 256, 3])
})

it('tells a follower with a cursor past the end where the stream ends', async () => {
  const { log } = twoNodes()
  await append(log, 'room:1', 1, 2)

  const items = await collect(log.follow('room:1', { after: 9, signal: forever() }), 1)

  expect(items).toEqual([{ mark: 'caught_up', seq: 2 }])
})

it('drops signals for a follower that stalls', async () => {
  const { log } = twoNodes({ followerEvents: 2 })
  const follower = log.follow('room:1', { signal: forever() })[Symbol.asyncIterator]()
  await follower.next()

  for (const n of range(1, 5)) log.signal('room:1', `typing ${n}`)
  await append(log, 'room:1', 'said')

  const values = [await follower.next(), await follower.next(), await follower.next()].map(
    ({ value }) => value,
  )
  expect(values).toMatchObject([{ payload: 'typing 1' }, { payload: 'typing 2' }, { seq: 1 }])
})

it('hands the error of a failed read to its follower and forgets it', async () => {
  const { log, journal } = twoNodes()
  journal.read = async () => Promise.reject(new Error('the disk is gone'))
  const follower = log.follow('room:1', { signal: forever() })[Symbol.asyncIterator]()

  await expect(follower.next()).rejects.toThrow('the disk is gone')

  expect((await follower.next()).done).toBe(true)
  expect(log.stats().followers).toBe(0)
})

it('forgets a follower that returned, aborted or never began', async () => {
  const { log } = twoNodes()
  const controller = new AbortController()
  const options = { signal: controller.signal }
  const returned = log.follow('room:1', options)[Symbol.asyncIterator]()
  const aborted = log.follow('room:1', options)[Symbol.asyncIterator]()
  const ofKind = log.followKind('room', options)
  await Promise.all([returned.next(), aborted.next()])
  expect(log.stats()).toEqual({ streams: 1, taps: 2, followers: 3 })

  await returned.return?.()
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(2)
  controller.abort()
  await collect(ofKind, 1)
  await collect(log.follow('room:1', options), 1)

  expect(log.stats()).toEqual({ streams: 0, taps: 0, followers: 0 })
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
})
