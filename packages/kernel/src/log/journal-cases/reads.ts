import { expect } from 'vitest'
import { appending, type Case, draft, seqsOf } from './fixtures.js'

/** Pages, newest events, heads. */
export const readCases: Record<string, Case> = {
  'a page begins after its cursor and ends at its limit': async (open) => {
    const { journal } = await open()
    await journal.commit(appending('x:1', ...[1, 2, 3, 4, 5].map(draft)))

    const page = await journal.read('x:1', { after: 1, limit: 3 })

    expect(page.events.map(({ seq }) => seq)).toEqual([2, 3, 4])
    expect({ head: page.head, first: page.first }).toEqual({ head: 5, first: 1 })
    expect(await journal.read('x:1', { after: 9, limit: 3 })).toEqual({ events: [], head: 5, first: 1 })
  },

  'an unknown stream is empty': async (open) => {
    const { journal } = await open()

    expect(await journal.read('x:none', { after: 0, limit: 3 })).toEqual({ events: [], head: 0, first: 1 })
    expect(await journal.last('x:none', { limit: 3 })).toEqual([])
  },

  'the newest events come oldest first': async (open) => {
    const { journal } = await open()
    await journal.commit(appending('x:1', ...[1, 2, 3, 4, 5].map(draft)))

    const seqs = async (options: { limit: number; before?: number }) =>
      (await journal.last('x:1', options)).map(({ seq }) => seq)
    expect(await seqs({ limit: 2 })).toEqual([4, 5])
    expect(await seqs({ limit: 2, before: 4 })).toEqual([2, 3])
    expect(await seqs({ limit: 9, before: 1 })).toEqual([])
  },

  'what a promise resolved with can be read': async (open) => {
    const { journal } = await open()
    const check = async (n: number) => {
      await journal.commit(appending(`x:${n}`, draft(n)))
      return seqsOf(journal, `x:${n}`)
    }

    const seen = await Promise.all(Array.from({ length: 40 }, (_, n) => check(n)))

    expect(seen).toEqual(Array.from({ length: 40 }, () => [1]))
  },
}
