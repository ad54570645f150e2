import { expect } from 'vitest'
import { toOp } from '../../db/index.js'
import type { Unit } from '../port.js'
import { addThing, appending, type Case, draft, moveThing, seqsOf, tables, thingsOf } from './fixtures.js'

/** Statements and appends, together or not at all. */
export const unitCases: Record<string, Case> = {
  'statements and appends of a unit commit together': async (open) => {
    const { db, journal } = await open()

    await journal.commit({ ops: [addThing(db, 'a')], appends: [{ stream: 'x:1', drafts: [draft(1)] }] })

    expect(await thingsOf(db)).toEqual([{ name: 'a', version: 1 }])
    expect(await seqsOf(journal, 'x:1')).toEqual([1])
  },

  'a unit of statements alone commits': async (open) => {
    const { db, journal } = await open()

    const result = await journal.commit({ ops: [addThing(db, 'a'), addThing(db, 'b')], appends: [] })

    expect(result).toEqual({ outcome: 'committed', appended: [] })
    expect(await thingsOf(db)).toHaveLength(2)
  },

  'a guard that changes too few rows fails alone in a full group': async (open) => {
    const { db, journal } = await open()
    await journal.commit({ ops: [addThing(db, 'a')], appends: [] })
    const good = (n: number) => ({ ...appending('x:1', draft(n)), ops: [addThing(db, `good-${n}`)] })
    const stale = { ...appending('x:1', draft('stale')), ops: [addThing(db, 'stale'), moveThing(db, 'a', 7)] }

    const results = await Promise.all(
      [good(1), stale, good(2), appending('x:1', draft(3))].map((unit) => journal.commit(unit)),
    )

    expect(results.map(({ outcome }) => outcome)).toEqual(['committed', 'refused', 'committed', 'committed'])
    expect(results[1]).toEqual({ outcome: 'refused', op: 1 })
    expect((await journal.last('x:1', { limit: 9 })).map(({ seq, body }) => [seq, body])).toEqual([
      [1, '1'],
      [2, '2'],
      [3, '3'],
    ])
    expect((await thingsOf(db)).map((thing) => thing.name)).toEqual(['a', 'good-1', 'good-2'])
  },

  'a guard that changes enough rows lets its unit pass': async (open) => {
    const { db, journal } = await open()
    await journal.commit({ ops: [addThing(db, 'a')], appends: [] })

    const result = await journal.commit({ ...appending('x:1', draft(1)), ops: [moveThing(db, 'a', 1)] })

    expect(result.outcome).toBe('committed')
    expect(await thingsOf(db)).toEqual([{ name: 'a', version: 2 }])
  },

  'a guard may count rows that a statement returns': async (open) => {
    const { db, journal } = await open()
    await journal.commit({ ops: [addThing(db, 'a')], appends: [] })
    const exists = (name: string): Unit => ({
      ...appending('x:1', draft(name)),
      ops: [toOp(tables(db).selectFrom('things').select('name').where('name', '=', name), 1)],
    })
    const returning = tables(db)
      .updateTable('things')
      .set({ version: 9 })
      .where('name', '=', 'b')
      .returning('name')

    const results = await Promise.all([
      journal.commit(exists('a')),
      journal.commit(exists('b')),
      journal.commit({ ...appending('x:1', draft('c')), ops: [toOp(returning, 1)] }),
    ])

    expect(results.map(({ outcome }) => outcome)).toEqual(['committed', 'refused', 'refused'])
    expect(await seqsOf(journal, 'x:1')).toEqual([1])
  },

  'a statement that raises rejects its own unit alone': async (open) => {
    const { db, journal } = await open()
    await journal.commit({ ops: [addThing(db, 'a')], appends: [] })
    const twice = { ...appending('x:1', draft('twice')), ops: [addThing(db, 'new'), addThing(db, 'a')] }

    const results = await Promise.allSettled(
      [appending('x:1', draft(1)), twice, appending('x:1', draft(2))].map((unit) => journal.commit(unit)),
    )

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await seqsOf(journal, 'x:1')).toEqual([1, 2])
    expect(await thingsOf(db)).toHaveLength(1)
  },

  'a unit that is undone leaves no trace in a stream it would have begun': async (open) => {
    const { db, journal } = await open()
    const stale = { ...appending('x:new', draft(1), draft(2)), ops: [moveThing(db, 'nothing', 1)] }

    const [refused, later] = await Promise.all(
      [stale, appending('x:new', draft(3))].map((unit) => journal.commit(unit)),
    )

    expect(refused).toEqual({ outcome: 'refused', op: 0 })
    expect(later).toMatchObject({ outcome: 'committed', appended: [{ firstSeq: 1 }] })
    expect(await seqsOf(journal, 'x:new')).toEqual([1])
  },
}
