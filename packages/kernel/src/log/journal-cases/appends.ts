import { expect } from 'vitest'
import { rawJson } from '../port.js'
import { appending, type Case, clockAt, draft } from './fixtures.js'

/** Numbers, times and texts of events. */
export const appendCases: Record<string, Case> = {
  'the first event of a stream has number 1 and comes back as it was drafted': async (open) => {
    const { journal } = await open()
    const full = { ...draft({ a: 1 }), id: 'evt_mine', cause: { stream: 'x:0', seq: 4 }, origin: 'bridge' }

    const result = await journal.commit(appending('x:1', full))

    const { events, head, first } = await journal.read('x:1', { after: 0, limit: 10 })
    expect(events).toEqual([{ ...full, stream: 'x:1', seq: 1, at: events[0]?.at, body: '{"a":1}' }])
    expect(result).toEqual({ outcome: 'committed', appended: [{ stream: 'x:1', firstSeq: 1, events }] })
    expect({ head, first }).toEqual({ head: 1, first: 1 })
  },

  'an event without an id gets one': async (open) => {
    const { journal } = await open()

    await journal.commit(appending('x:1', draft(1), draft(2)))

    const ids = (await journal.last('x:1', { limit: 5 })).map((event) => event.id)
    expect(ids).toEqual([expect.stringMatching(/^evt_/), expect.stringMatching(/^evt_/)])
    expect(new Set(ids).size).toBe(2)
  },

  'JSON text passes byte for byte': async (open) => {
    const { journal } = await open()
    const text = '{ "b":1.0, "a":"\\u00e9 é \\u2028 \\\\ \\u0000 😀" }'

    await journal.commit(appending('x:1', draft(rawJson(text)), draft('text'), draft(undefined)))

    const bodies = (await journal.last('x:1', { limit: 5 })).map((event) => event.body)
    expect(bodies).toEqual([text, '"text"', 'null'])
  },

  'concurrent appenders leave no gap and repeat no number': async (open) => {
    const { journal } = await open()
    const units = Array.from({ length: 300 }, (_, n) => appending(`x:${n % 3}`, draft(n), draft(n)))

    const results = await Promise.all(units.map((unit) => journal.commit(unit)))

    expect(results.every((result) => result.outcome === 'committed')).toBe(true)
    for (const stream of ['x:0', 'x:1', 'x:2']) {
      const { events } = await journal.read(stream, { after: 0, limit: 1000 })
      expect(events.map((event) => event.seq)).toEqual(Array.from({ length: 200 }, (_, n) => n + 1))
    }
  },

  'time grows by at least a microsecond in a stream while the clock stands still': async (open) => {
    const { journal } = await open(clockAt(5_000))

    await Promise.all([1, 2, 3].map((n) => journal.commit(appending('x:1', draft(n), draft(n)))))
    await journal.commit(appending('x:2', draft(1)))

    const times = async (stream: string) =>
      (await journal.last(stream, { limit: 9 })).map((event) => event.at)
    expect(await times('x:1')).toEqual([5_000, 5_001, 5_002, 5_003, 5_004, 5_005])
    expect(await times('x:2')).toEqual([5_000])
  },

  'one unit appends to several streams, and twice to the same': async (open) => {
    const { journal } = await open()
    const appends = ['x:1', 'x:2', 'x:1'].map((stream) => ({ stream, drafts: [draft(stream)] }))

    const result = await journal.commit({ ops: [], appends })

    expect(result).toMatchObject({ appended: [{ firstSeq: 1 }, { firstSeq: 1 }, { firstSeq: 2 }] })
    expect(await journal.heads(['x:1', 'x:2', 'x:3'])).toEqual(
      new Map([
        ['x:1', 2],
        ['x:2', 1],
      ]),
    )
  },

  'an append without drafts is refused before it is stored': async (open) => {
    const { journal } = await open()

    await expect(journal.commit({ ops: [], appends: [{ stream: 'x:1', drafts: [] }] })).rejects.toMatchObject(
      { code: 'kernel.invalid_request' },
    )
    expect(await journal.heads(['x:1'])).toEqual(new Map())
  },
}
