import { expect, it } from 'vitest'
import { append, range } from './log-cases/nodes.js'
import type { StoredEvent } from './port.js'
import { forever, twoNodes } from './two-nodes.test.support.js'

it('follows streams of a kind that other nodes write to, from the first event that is new', async () => {
  const { log, neighbour, bus, clock } = twoNodes()
  await append(neighbour, 'room:old', ...range(1, 250))
  await clock.advance(1)
  const ofKind = log.followKind('room', { signal: forever() })

  await append(neighbour, 'room:old', 251, 252)
  bus.hint('room:old', 252)
  expect(await taken(ofKind, 2)).toEqual(['room:old 251', 'room:old 252'])
  await append(neighbour, 'room:new', ...range(1, 3))
  await append(log, 'room:new', 4)
  bus.hint('room:new', 3)
  expect(await taken(ofKind, 4)).toEqual(['room:new 1', 'room:new 2', 'room:new 3', 'room:new 4'])
})

it('repeats nothing of a stream whose position it had to forget', async () => {
  const { log, neighbour, bus } = twoNodes({ trackedStreams: 2 })
  const ofKind = log.followKind('room', { signal: forever() })
  const hear = async (stream: string, ...bodies: number[]) => {
    await append(neighbour, stream, ...bodies)
    bus.hint(stream, bodies.at(-1) ?? 0)
    return taken(ofKind, bodies.length)
  }

  expect(await hear('room:a', 1, 2)).toEqual(['room:a 1', 'room:a 2'])
  for (const stream of ['room:b', 'room:c']) expect(await hear(stream, 1)).toEqual([`${stream} 1`])
  expect(log.stats().streams).toBe(2)
  expect(await hear('room:a', 3)).toEqual(['room:a 3'])
})

it('gives a slow follower of a kind everything, and fails one that misses too many streams', async () => {
  const { log } = twoNodes({ followerEvents: 4, missedStreams: 5 })
  const [slow, slower] = [1, 2].map(() =>
    log.followKind('room', { signal: forever() })[Symbol.asyncIterator](),
  )
  for (const n of range(1, 12)) await append(log, `room:${n % 3}`, n)

  const streams = await taken(slow!, 12)
  for (const n of range(1, 20)) await append(log, `room:${n}`, n)

  expect(streams.sort()).toEqual(range(0, 2).flatMap((n) => range(1, 4).map((seq) => `room:${n} ${seq}`)))
  await taken(slower!, 4)
  await expect(slower!.next()).rejects.toMatchObject({ code: 'kernel.unavailable' })
})

async function taken(source: AsyncIterable<StoredEvent> | AsyncIterator<StoredEvent>, count: number) {
  const follower = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source
  const names: string[] = []
  while (names.length < count) {
    const { value } = await follower.next()
    names.push(`${value.stream} ${value.seq}`)
  }
  return names
}
