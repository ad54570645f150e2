import { expect } from 'vitest'
import type { Unit } from '../port.js'
import { addThing, appending, type Case, draft, keyed, moveThing, seqsOf } from './fixtures.js'

/** Retry keys. */
export const keyCases: Record<string, Case> = {
  'the same key with the same content answers the first result and stores nothing': async (open) => {
    const { db, journal } = await open()
    const unit = (): Unit => ({ ops: [addThing(db, 'a')], appends: [keyed('x:1', 'k', draft(1), draft(2))] })
    const first = await journal.commit(unit())

    const second = await journal.commit(unit())

    expect(first.outcome).toBe('committed')
    expect(second).toEqual({ ...first, outcome: 'replayed', same: true })
    expect(await seqsOf(journal, 'x:1')).toEqual([1, 2])
  },

  'the same key with other content is told apart': async (open) => {
    const { journal } = await open()
    await journal.commit({ ops: [], appends: [keyed('x:1', 'k', draft(1))] })

    const other = await journal.commit({ ops: [], appends: [keyed('x:1', 'k', draft('other'))] })

    expect(other).toMatchObject({ outcome: 'replayed', same: false, appended: [{ firstSeq: 1 }] })
    expect(await seqsOf(journal, 'x:1')).toEqual([1])
  },

  'a key belongs to its stream and its actor': async (open) => {
    const { journal } = await open()
    const somebody = { ...draft(1), actor: { kind: 'user' as const, id: 'somebody-else' } }
    const renamed = { ...draft(1), actor: { ...draft(1).actor, name: 'New name' } }

    const outcomes = []
    for (const append of [
      keyed('x:1', 'k', draft(1)),
      keyed('x:2', 'k', draft(1)),
      keyed('x:1', 'k', somebody),
      keyed('x:1', 'k', renamed),
    ])
      outcomes.push((await journal.commit({ ops: [], appends: [append] })).outcome)

    expect(outcomes).toEqual(['committed', 'committed', 'committed', 'replayed'])
  },

  'the same key twice in one group is stored once': async (open) => {
    const { journal } = await open()
    const same = { ops: [], appends: [keyed('x:1', 'k', draft(1))] }
    const other = { ops: [], appends: [keyed('x:1', 'k', draft(2))] }

    const results = await Promise.all(
      [appending('x:1', draft(0)), same, same, other].map((unit) => journal.commit(unit)),
    )

    expect(results).toMatchObject([
      { outcome: 'committed', appended: [{ firstSeq: 1 }] },
      { outcome: 'committed', appended: [{ firstSeq: 2 }] },
      { outcome: 'replayed', same: true, appended: [{ firstSeq: 2, events: [{ body: '1' }] }] },
      { outcome: 'replayed', same: false, appended: [{ firstSeq: 2, events: [{ body: '1' }] }] },
    ])
    expect(await seqsOf(journal, 'x:1')).toEqual([1, 2])
  },

  'one known key makes the whole unit a replay': async (open) => {
    const { journal } = await open()
    await journal.commit({ ops: [], appends: [keyed('x:1', 'k', draft(1))] })

    const result = await journal.commit({
      ops: [],
      appends: [keyed('x:2', 'new', draft(2)), keyed('x:1', 'k', draft(1))],
    })

    expect(result).toMatchObject({
      outcome: 'replayed',
      same: false,
      appended: [{ stream: 'x:1', firstSeq: 1 }],
    })
    expect(await journal.heads(['x:2'])).toEqual(new Map())
  },

  'the key of a refused unit is free': async (open) => {
    const { db, journal } = await open()
    const unit = (): Unit => ({ ops: [moveThing(db, 'a', 1)], appends: [keyed('x:1', 'k', draft(1))] })
    const refused = await journal.commit(unit())
    await journal.commit({ ops: [addThing(db, 'a')], appends: [] })

    const retried = await journal.commit(unit())

    expect([refused.outcome, retried.outcome]).toEqual(['refused', 'committed'])
  },

  'a name with a NUL character, which no engine keeps whole, is refused': async (open) => {
    const { journal } = await open()
    const invalid = { code: 'kernel.invalid_request' }

    await expect(journal.commit(appending('x:\0', draft(1)))).rejects.toMatchObject(invalid)
    await expect(journal.commit({ ops: [], appends: [keyed('x:1', 'k\0', draft(1))] })).rejects.toMatchObject(
      invalid,
    )
    await expect(journal.commit(appending('x:1', { ...draft(1), type: '\0' }))).rejects.toMatchObject(invalid)
  },

  'a unit that uses a key twice is refused': async (open) => {
    const { journal } = await open()
    const appends = [keyed('x:1', 'k', draft(1)), keyed('x:1', 'k', draft(2))]

    await expect(journal.commit({ ops: [], appends })).rejects.toMatchObject({
      code: 'kernel.invalid_request',
    })
  },

  'trimming forgets events and keeps their keys': async (open) => {
    const { journal } = await open()
    const unit = { ops: [], appends: [keyed('x:1', 'k', draft(1), draft(2), draft(3))] }
    await journal.commit(unit)
    await journal.commit(appending('x:1', draft(4)))
    await journal.trim('x:1', 3)

    const replay = await journal.commit(unit)

    expect(replay).toMatchObject({ outcome: 'replayed', same: true, appended: [{ firstSeq: 1 }] })
    expect(replay.outcome === 'replayed' && replay.appended[0]?.events.map(({ seq }) => seq)).toEqual([3])
  },
}
