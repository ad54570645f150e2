import { expect } from 'vitest'
import type { CommitGroup } from '../journal.js'
import { addThing, appending, type Case, draft, moveThing, thingsOf } from './fixtures.js'

/** Listeners, and the end. */
export const lifeCases: Record<string, Case> = {
  'listeners hear of each committed event once and in order, before its promise resolves': async (open) => {
    const { db, journal } = await open()
    const heard = new Map<string, number[]>()
    const note = (group: CommitGroup) => {
      for (const { stream, events } of group)
        heard.set(stream, [...(heard.get(stream) ?? []), ...events.map(({ seq }) => seq)])
    }
    journal.onCommit(note)
    const commit = async (n: number) => {
      const result = await journal.commit(appending(`x:${n % 2}`, draft(n)))
      const seq = result.outcome === 'committed' ? result.appended[0]?.firstSeq : undefined
      return heard.get(`x:${n % 2}`)?.includes(seq ?? 0)
    }

    const heardInTime = await Promise.all(Array.from({ length: 40 }, (_, n) => commit(n)))
    await journal.commit({ ...appending('x:0', draft('no')), ops: [moveThing(db, 'nothing', 1)] })

    expect(heardInTime).toEqual(Array.from({ length: 40 }, () => true))
    const all = Array.from({ length: 20 }, (_, n) => n + 1)
    expect(Object.fromEntries(heard)).toEqual({ 'x:0': all, 'x:1': all })
  },

  'a stopped listener hears nothing, and a throwing one disturbs nobody': async (open) => {
    const { journal } = await open()
    let calls = 0
    const stop = journal.onCommit(() => {
      calls += 1
    })
    journal.onCommit(() => {
      throw new Error('a listener failed')
    })
    stop()

    const result = await journal.commit(appending('x:1', draft(1)))

    expect(result.outcome).toBe('committed')
    expect(calls).toBe(0)
  },

  'closing commits what was accepted and refuses the rest': async (open) => {
    const { db, journal } = await open()
    const accepted = Array.from({ length: 50 }, (_, n) =>
      journal.commit({ ops: [addThing(db, `t${n}`)], appends: [{ stream: 'x:1', drafts: [draft(n)] }] }),
    )

    const closed = journal.close()
    await expect(journal.commit(appending('x:1', draft('late')))).rejects.toMatchObject({
      code: 'kernel.closed',
    })
    await closed

    const results = await Promise.all(accepted)
    expect(results.every(({ outcome }) => outcome === 'committed')).toBe(true)
    expect(await thingsOf(db)).toHaveLength(50)
  },
}
