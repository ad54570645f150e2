import {
  appendFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { eventually, settle } from '@parley/testkit'
import { expect, test } from 'vitest'
import { allAfter, anEvent, tempDirectory, testSpool, textOf } from './spool.test.support.js'

const segmentsIn = (directory: string) =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.seg'))
    .map((name) => join(directory, name))

test('events are numbered in the order of the calls, and are read back in it', async () => {
  const spool = await testSpool()

  for (let n = 1; n <= 500; n++) spool.append(anEvent(`e${n}`))
  await spool.synced()

  expect([spool.n, spool.oldest]).toEqual([500, 1])
  expect(await allAfter(spool, 0)).toEqual(Array.from({ length: 500 }, (_, at) => [at + 1, `e${at + 1}`]))
  expect(await allAfter(spool, 498)).toEqual([
    [499, 'e499'],
    [500, 'e500'],
  ])
  expect(await allAfter(spool, 500)).toEqual([])
})

test('a frame is the frame of the contract, and the same bytes each time it is read', async () => {
  const spool = await testSpool()
  spool.append({ type: 'error', data: { message: 'ü"' }, timestamp: '2026-11-21T07:42:16.223Z' })
  await spool.synced()

  const [record] = await spool.read(0).next(1_000)
  const [again] = await spool.read(0).next(1_000)

  expect(JSON.parse(record!.frame.toString())).toEqual({
    type: 'event',
    epoch: spool.epoch,
    n: 1,
    at: expect.stringMatching(/^\d{4}-.*Z$/),
    event: { type: 'error', data: { message: 'ü"' }, timestamp: '2026-11-21T07:42:16.223Z' },
  })
  expect(again!.frame.equals(record!.frame)).toBe(true)
})

test('numbers go on after a restart, under the same epoch', async () => {
  const directory = tempDirectory()
  const first = await testSpool({ directory })
  first.append(anEvent('a'))
  await first.close()

  const second = await testSpool({ directory })
  second.append(anEvent('b'))
  await second.synced()

  expect(second.epoch).toBe(first.epoch)
  expect(await allAfter(second, 0)).toEqual([
    [1, 'a'],
    [2, 'b'],
  ])
})

test('numbers go on although everything was acknowledged and deleted', async () => {
  const directory = tempDirectory()
  const first = await testSpool({ directory, segmentBytes: 1_000 })
  for (let n = 0; n < 50; n++) {
    first.append(anEvent('x'.repeat(300)))
    await first.synced()
  }
  first.ack({ epoch: first.epoch, n: 50 })
  await eventually(() => segmentsIn(directory).length === 1)
  await first.close()

  const second = await testSpool({ directory, segmentBytes: 1_000 })
  second.append(anEvent('next'))
  await second.synced()

  expect([second.n, second.acked]).toEqual([51, 50])
})

// proves: sessions.s79
test.each([
  ['cut in its header', (path: string) => truncateSync(path, statSync(path).size - 270)],
  ['cut in its text', (path: string) => truncateSync(path, statSync(path).size - 3)],
  [
    'with a wrong checksum',
    (path: string) => {
      const bytes = readFileSync(path)
      bytes[bytes.length - 3] = 1
      writeFileSync(path, bytes)
    },
  ],
])('a torn last record (%s) is cut off, and numbering goes on behind it', async (_, tear) => {
  const directory = tempDirectory()
  const first = await testSpool({ directory })
  for (const text of ['a', 'b', 'x'.repeat(120)]) first.append(anEvent(text))
  await first.close()
  tear(segmentsIn(directory)[0]!)

  const second = await testSpool({ directory })
  expect(second.n).toBe(2)
  second.append(anEvent('c'))
  await second.synced()

  expect(second.epoch).toBe(first.epoch)
  expect((await allAfter(second, 0)).map(([, text]) => text)).toEqual(['a', 'b', 'c'])
})

test.each([
  ['zeros that a file system left', Buffer.alloc(5_000)],
  ['a length that is absurd', Buffer.from('ffffffffffffffffffffffffffffffffff', 'hex')],
])('%s behind the last record are cut off', async (_, rubbish) => {
  const directory = tempDirectory()
  const first = await testSpool({ directory })
  first.append(anEvent('a'))
  await first.close()
  appendFileSync(segmentsIn(directory)[0]!, rubbish)

  const second = await testSpool({ directory })
  second.append(anEvent('b'))
  await second.close()

  const third = await testSpool({ directory })
  expect((await allAfter(third, 0)).map(([, text]) => text)).toEqual(['a', 'b'])
})

test('a damaged record among older ones means a new epoch with everything that can be read', async () => {
  const directory = tempDirectory()
  const first = await testSpool({ directory, segmentBytes: 1_000 })
  for (let n = 1; n <= 30; n++) {
    first.append(anEvent(`e${n}`))
    await first.synced()
  }
  await first.close()
  const second = segmentsIn(directory)[1]!
  const bytes = readFileSync(second)
  bytes[bytes.length - 3] = 1
  writeFileSync(second, bytes)

  const again = await testSpool({ directory, segmentBytes: 1_000 })
  await again.synced()

  expect(again.epoch).not.toBe(first.epoch)
  const texts = (await allAfter(again, 0)).map(([, text]) => text)
  expect(texts.length).toBe(30)
  expect(texts.at(-1)).toBe(undefined)
  const [last] = await again.read(29).next(1_000)
  expect(JSON.parse(last!.frame.toString()).event).toMatchObject({
    type: 'error',
    data: { message: expect.stringContaining('spool damaged') },
  })
  expect(segmentsIn(directory).every((path) => path.includes(again.epoch))).toBe(true)
})

test('a segment that is missing in the middle means a new epoch', async () => {
  const directory = tempDirectory()
  const first = await testSpool({ directory, segmentBytes: 1_000 })
  for (let n = 1; n <= 30; n++) {
    first.append(anEvent(`e${n}`))
    await first.synced()
  }
  await first.close()
  rmSync(segmentsIn(directory)[2]!)

  const again = await testSpool({ directory })

  expect(again.epoch).not.toBe(first.epoch)
  expect((await allAfter(again, 0))[0]).toEqual([1, 'e1'])
})

test('a deleted spool begins anew', async () => {
  const directory = tempDirectory()
  const first = await testSpool({ directory })
  first.append(anEvent('a'))
  await first.close()
  rmSync(directory, { recursive: true })

  const second = await testSpool({ directory })

  expect(second.epoch).not.toBe(first.epoch)
  expect([second.n, second.oldest]).toEqual([0, 1])
})

test('without its epoch file a spool keeps its events under a new one', async () => {
  const directory = tempDirectory()
  const first = await testSpool({ directory })
  first.append(anEvent('a'))
  await first.close()
  writeFileSync(join(directory, 'epoch'), 'no')

  const second = await testSpool({ directory })

  expect(second.epoch).not.toBe(first.epoch)
  expect((await allAfter(second, 0))[0]).toEqual([1, 'a'])
})

test('a new epoch numbers what is not acknowledged anew, also what comes in the middle', async () => {
  const spool = await testSpool({ segmentBytes: 1_000 })
  for (let n = 1; n <= 30; n++) spool.append(anEvent(`e${n}`))
  await spool.synced()
  const old = spool.epoch
  spool.ack({ epoch: old, n: 20 })

  spool.append(anEvent('before'))
  const moved = spool.startEpoch()
  spool.append(anEvent('during'))
  await moved
  spool.append(anEvent('after'))
  await spool.synced()

  expect(spool.epoch).not.toBe(old)
  expect(spool.oldest).toBe(1)
  const texts = [...Array.from({ length: 10 }, (_, at) => `e${at + 21}`), 'before', 'during', 'after']
  const found = await allAfter(spool, 0)
  expect(found.map(([n]) => n)).toEqual(texts.map((_, at) => at + 1))
  expect(found.map(([, text]) => text).toSorted()).toEqual(texts.toSorted())
  const [record] = await spool.read(0).next(1)
  expect(JSON.parse(record!.frame.toString())).toMatchObject({ epoch: spool.epoch, n: 1 })
})

test('a reader of an earlier epoch ends', async () => {
  const spool = await testSpool()
  spool.append(anEvent('a'))
  await spool.synced()
  const reader = spool.read(0)

  await spool.startEpoch()

  expect(await reader.next(1_000)).toEqual([])
})

test('whole segments go when they are acknowledged, and a reader behind goes on from disk', async () => {
  const directory = tempDirectory()
  const spool = await testSpool({ directory, segmentBytes: 2_000, recentBytes: 500 })
  for (let n = 1; n <= 200; n++) {
    spool.append(anEvent(`e${n}`))
    if (n % 5 === 0) await spool.synced()
  }
  const before = segmentsIn(directory).length

  spool.ack({ epoch: spool.epoch, n: 100 })
  await eventually(() => segmentsIn(directory).length < before)

  expect(spool.oldest).toBeGreaterThan(1)
  expect(spool.oldest).toBeLessThanOrEqual(101)
  expect(await allAfter(spool, 100, 300)).toEqual(
    Array.from({ length: 100 }, (_, at) => [at + 101, `e${at + 101}`]),
  )
})

test('an acknowledgement of another epoch deletes nothing', async () => {
  const spool = await testSpool()
  spool.append(anEvent('a'))
  await spool.synced()

  spool.ack({ epoch: 'deadbeef', n: 1 })

  expect(spool.acked).toBe(0)
})

test('a full spool has no room until the server acknowledges, and says once that it is nearly full', async () => {
  const spool = await testSpool({ segmentBytes: 4_000, limitBytes: 16_000 })
  let appended = 0
  for (; !spool.room(); appended++) {
    spool.append(anEvent('x'.repeat(500)))
    await spool.synced()
  }
  const room = spool.room()
  let hasRoom = false
  void room?.then(() => {
    hasRoom = true
  })
  await settle()
  expect(hasRoom).toBe(false)

  // What must be written although it is full is written.
  spool.append(anEvent('last'))
  await spool.synced()
  const texts = (await allAfter(spool, 0)).map(([, text]) => text)
  expect(texts.filter((text) => text === undefined)).toHaveLength(1)
  expect(texts).toHaveLength(appended + 2)

  spool.ack({ epoch: spool.epoch, n: spool.n })
  await room
  expect(spool.room()).toBe(undefined)
})

test('data over the limit has its texts cut, and says so', async () => {
  const spool = await testSpool()
  const long = 'ü'.repeat(700_000)
  spool.append({ type: 'rpc', data: { method: 'session/update', payload: { list: [{ text: long }], n: 7 } } })
  await spool.synced()

  const [record] = await spool.read(0).next(1)
  const { data } = JSON.parse(record!.frame.toString()).event
  expect(record!.frame.length).toBeLessThan(513 * 1024)
  expect(data).toMatchObject({ method: 'session/update', truncated: true, payload: { n: 7 } })
  expect(data.originalBytes).toBeGreaterThan(1_400_000)
  expect(long.startsWith(data.payload.list[0].text)).toBe(true)
  expect(data.payload.list[0].text.length).toBeGreaterThan(100_000)
})

test('data that no cut makes small enough, or that can not be written, leaves a mark', async () => {
  const spool = await testSpool()
  let deep: unknown = 1
  for (let n = 0; n < 200_000; n++) deep = [deep]
  spool.append({ type: 'rpc', data: { method: 'm', list: Array.from({ length: 200_000 }, (_, n) => n) } })
  spool.append({ type: 'rpc', data: { deep } })
  await spool.synced()

  const records = await spool.read(0).next(1_000_000)

  expect(records.map(({ frame }) => JSON.parse(frame.toString()).event.data)).toEqual([
    { method: 'm', truncated: true, originalBytes: expect.any(Number) },
    { truncated: true },
  ])
})

test('a text is never cut inside a character', async () => {
  const spool = await testSpool()
  spool.append(anEvent('😀'.repeat(300_000)))
  await spool.synced()

  const [record] = await spool.read(0).next(1)

  expect(textOf(record!.frame)).toMatch(/^(😀)+$/u)
})

test('a reader is never ahead of what the spool says it has, also while a long batch is written', async () => {
  const spool = await testSpool({ segmentBytes: 2_000, recentBytes: 500 })
  for (let n = 1; n <= 3_000; n++) spool.append(anEvent(`e${n}`))
  const all = spool.synced()
  const reader = spool.read(0)
  let read = 0
  let ahead = 0
  while (read < 3_000) {
    const records = await reader.next(1_000)
    read += records.length
    if ((records.at(-1)?.n ?? 0) > spool.n) ahead++
    await new Promise(setImmediate)
  }
  await all

  expect(ahead).toBe(0)
})
