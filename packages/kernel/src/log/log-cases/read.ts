import { expect } from 'vitest'
import type { Log } from '../port.js'
import { append, range, seqs } from './nodes.js'

const ten = range(1, 10)

export const readCases = {
  'an unknown stream is empty': async (log: Log) => {
    expect(await log.read('room:none', { after: 0 })).toEqual({ events: [], head: 0, first: 1 })
    expect(await log.last('room:none', { limit: 5 })).toEqual([])
  },

  'a page starts after the cursor and keeps to its limit': async (log: Log) => {
    await append(log, 'room:1', ...ten)

    const pages = await Promise.all([
      log.read('room:1', { after: 0, limit: 4 }),
      log.read('room:1', { after: 4, limit: 4 }),
      log.read('room:1', { after: 8, limit: 4 }),
      log.read('room:1', { after: 10, limit: 4 }),
      log.read('room:1', { after: 99 }),
    ])

    expect(pages.map(({ events }) => seqs(events))).toEqual([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10], [], []])
    expect(pages.map(({ head, first }) => [head, first])).toEqual(pages.map(() => [10, 1]))
  },

  'the last events come oldest first, page before page': async (log: Log) => {
    await append(log, 'room:1', ...ten)

    expect(seqs(await log.last('room:1', { limit: 3 }))).toEqual([8, 9, 10])
    expect(seqs(await log.last('room:1', { limit: 3, before: 8 }))).toEqual([5, 6, 7])
    expect(seqs(await log.last('room:1', { limit: 3, before: 2 }))).toEqual([1])
    expect(seqs(await log.last('room:1', { limit: 3, before: 1 }))).toEqual([])
  },

  'an event is found by its id, in its own stream only': async (log: Log) => {
    await append(log, 'room:1', ...ten)
    await append(log, 'room:2', 1)
    const [, second] = (await log.read('room:1', { after: 0 })).events

    expect(await log.find('room:1', second!.id)).toEqual(second)
    expect(await log.find('room:2', second!.id)).toBeUndefined()
    expect(await log.find('room:none', second!.id)).toBeUndefined()
    expect(await log.find('room:1', 'evt_none')).toBeUndefined()
  },
}
