import { expect } from 'vitest'
import { isParleyError } from '../../errors/index.js'
import { type Log, rawJson, type UnitResult } from '../port.js'
import { ann, append, committed, draft, range, seqs } from './nodes.js'

const failing = { sql: 'select name from streams where name is null', params: [], atLeast: 1 }
const passing = { sql: 'select 1', params: [], atLeast: 1 }

export const commitCases = {
  'fifty concurrent appenders leave no gap': async (log: Log) => {
    await Promise.all(range(1, 50).map((n) => append(log, 'room:1', { n })))

    const { events, head, first } = await log.read('room:1', { after: 0 })
    expect(events.map(({ seq }) => seq)).toEqual(range(1, 50))
    expect([head, first]).toEqual([50, 1])
    expect(new Set(events.map(({ id }) => id)).size).toBe(50)
  },

  'time strictly increases in a stream': async (log: Log) => {
    await Promise.all(range(1, 30).map((n) => append(log, 'room:1', n, n)))

    const { events } = await log.read('room:1', { after: 0 })
    const times = events.map(({ at }) => at)
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
    expect(times).toHaveLength(60)
  },

  'a commit answers with the events as they are read later': async (log: Log) => {
    const cause = { stream: 'room:0', seq: 7 }
    const full = { ...draft({ text: 'hello' }, 'message.posted'), id: 'evt_given', cause, origin: 'bridge' }

    const appended = committed(
      await log.commit({ ops: [], appends: [{ stream: 'room:1', drafts: [full, draft(2)] }] }),
    )

    const { events } = await log.read('room:1', { after: 0 })
    expect(appended).toEqual([{ stream: 'room:1', firstSeq: 1, events }])
    expect(events[0]).toMatchObject({
      id: 'evt_given',
      type: 'message.posted',
      actor: ann,
      cause,
      origin: 'bridge',
    })
    expect(events[1]).not.toHaveProperty('cause')
    expect(events[1]).not.toHaveProperty('origin')
  },

  'a body keeps its exact bytes': async (log: Log) => {
    const text = '{ "b":1.50,  "a":"\\u00e9 é 🎈 \\\\ \\" \' $1 ?" , "n": 12345678901234567890 }'

    const [stored] = await append(log, 'room:1', rawJson(text), 'plain', null)

    const { events } = await log.read('room:1', { after: 0 })
    expect(stored?.body).toBe(text)
    expect(events.map(({ body }) => body)).toEqual([text, '"plain"', 'null'])
  },

  'one unit appends to several streams': async (log: Log) => {
    const appends = ['room:b', 'room:a', 'room:b'].map((stream, n) => ({ stream, drafts: [draft(n)] }))

    const appended = committed(await log.commit({ ops: [], appends }))

    expect(appended.map(({ stream, firstSeq }) => [stream, firstSeq])).toEqual([
      ['room:b', 1],
      ['room:a', 1],
      ['room:b', 2],
    ])
    expect((await log.read('room:b', { after: 0 })).events.map(({ body }) => body)).toEqual(['0', '2'])
  },

  'a unit whose guard fails in a full group fails alone': async (log: Log) => {
    const commit = (n: number): Promise<UnitResult> => {
      const ops = n % 10 === 3 ? [passing, failing] : n % 2 === 0 ? [passing] : []
      return log.commit({ ops, appends: [{ stream: `room:${n % 4}`, drafts: [draft(n)] }] })
    }

    const results = await Promise.all(range(0, 99).map(commit))

    expect(results.filter(({ outcome }) => outcome === 'committed')).toHaveLength(90)
    expect(results.filter((_, n) => n % 10 === 3)).toEqual(
      range(1, 10).map(() => ({ outcome: 'refused', op: 1 })),
    )
    const pages = await Promise.all(range(0, 3).map((n) => log.read(`room:${n}`, { after: 0 })))
    const stored = pages.flatMap(({ events }) => events.map(({ body }) => Number(body)))
    expect(stored.sort((a, b) => a - b)).toEqual(range(0, 99).filter((n) => n % 10 !== 3))
    for (const { events, head } of pages) expect(seqs(events)).toEqual(range(1, head))
  },

  'a statement that the database does not take fails its unit alone': async (log: Log) => {
    const broken = {
      ops: [{ sql: 'no such statement', params: [] }],
      appends: [{ stream: 'room:1', drafts: [draft(0)] }],
    }

    const results = await Promise.allSettled([
      append(log, 'room:1', 1),
      log.commit(broken),
      append(log, 'room:1', 2),
    ])

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect((await log.read('room:1', { after: 0 })).events.map(({ body }) => body).sort()).toEqual(['1', '2'])
  },

  'the same key answers with the first result and does nothing': async (log: Log) => {
    const unit = { ops: [], appends: [{ stream: 'room:1', drafts: [draft('a'), draft('b')], key: 'k' }] }
    const first = committed(await log.commit(unit))
    await append(log, 'room:1', 'later')

    const again = await log.commit(unit)

    expect(again).toEqual({ outcome: 'replayed', same: true, appended: first })
    expect((await log.read('room:1', { after: 0 })).head).toBe(3)
  },

  'the same key with other content says so': async (log: Log) => {
    const unit = (body: string) => ({
      ops: [],
      appends: [{ stream: 'room:1', drafts: [draft(body)], key: 'k' }],
    })
    const first = committed(await log.commit(unit('a')))

    expect(await log.commit(unit('b'))).toEqual({ outcome: 'replayed', same: false, appended: first })
  },

  'a key belongs to its stream and its actor': async (log: Log) => {
    const unit = (stream: string, id: string) => ({
      ops: [],
      appends: [{ stream, drafts: [{ ...draft(1), actor: { kind: 'user' as const, id } }], key: 'k' }],
    })

    const results = await Promise.all([
      log.commit(unit('room:1', 'ann')),
      log.commit(unit('room:1', 'bob')),
      log.commit(unit('room:2', 'ann')),
    ])

    expect(results.map(({ outcome }) => outcome)).toEqual(['committed', 'committed', 'committed'])
  },

  'a key that twenty callers use at once counts once': async (log: Log) => {
    const unit = { ops: [], appends: [{ stream: 'room:1', drafts: [draft('once')], key: 'k' }] }

    const results = await Promise.all(range(1, 20).map(() => log.commit(unit)))

    expect(results.filter(({ outcome }) => outcome === 'committed')).toHaveLength(1)
    expect((await log.read('room:1', { after: 0 })).head).toBe(1)
  },

  'a closed log refuses': async (log: Log) => {
    await append(log, 'room:1', 1)

    await log.close()
    await log.close()

    const refusals = await Promise.allSettled([append(log, 'room:1', 2), log.read('room:1', { after: 0 })])
    expect(
      refusals.map(
        (refusal) => refusal.status === 'rejected' && isParleyError(refusal.reason, 'kernel.closed'),
      ),
    ).toEqual([true, true])
  },
}
