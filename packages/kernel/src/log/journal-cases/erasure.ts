import { expect } from 'vitest'
import { appending, type Case, draft, keyed, seqsOf } from './fixtures.js'

/** Blanking, trimming and dropping. */
export const erasureCases: Record<string, Case> = {
  'blanking erases bodies and keeps rows': async (open) => {
    const { journal } = await open()
    await journal.commit(appending('x:1', draft('a'), draft('b'), draft('c')))
    const before = await journal.last('x:1', { limit: 9 })

    await journal.blank('x:1', [1, 3, 99])

    const after = await journal.last('x:1', { limit: 9 })
    expect(after.map(({ body }) => body)).toEqual(['null', '"b"', 'null'])
    expect(after).toEqual(before.map((event, n) => ({ ...event, body: after[n]?.body })))
  },

  'trimming moves the first number and never back': async (open) => {
    const { journal } = await open()
    await journal.commit(appending('x:1', ...[1, 2, 3, 4].map(draft)))

    await journal.trim('x:1', 3)
    await journal.trim('x:1', 2)

    const { events, head, first } = await journal.read('x:1', { after: 0, limit: 9 })
    expect({ seqs: events.map(({ seq }) => seq), head, first }).toEqual({ seqs: [3, 4], head: 4, first: 3 })
  },

  'a stream trimmed to its end goes on with the next number': async (open) => {
    const { journal } = await open()
    await journal.commit(appending('x:1', draft(1), draft(2)))

    await journal.trim('x:1', 1_000)

    expect(await journal.read('x:1', { after: 0, limit: 9 })).toEqual({ events: [], head: 2, first: 3 })
    await journal.commit(appending('x:1', draft(3)))
    expect(await seqsOf(journal, 'x:1')).toEqual([3])
  },

  'a dropped stream begins anew, its keys forgotten': async (open) => {
    const { journal } = await open()
    const unit = { ops: [], appends: [keyed('x:1', 'k', draft(1))] }
    await journal.commit(unit)
    await journal.commit(appending('x:1', draft(2)))

    await journal.drop('x:1')

    expect(await journal.read('x:1', { after: 0, limit: 9 })).toEqual({ events: [], head: 0, first: 1 })
    await journal.commit(appending('x:2', draft(1)))
    expect(await journal.commit(unit)).toMatchObject({ outcome: 'committed', appended: [{ firstSeq: 1 }] })
  },

  'erasing in an unknown stream does nothing': async (open) => {
    const { journal } = await open()

    await journal.blank('x:none', [1])
    await journal.trim('x:none', 5)
    await journal.drop('x:none')

    expect(await journal.heads(['x:none'])).toEqual(new Map())
  },
}
