// What every store of handshakes promises: the doc comments of `port.ts` as cases.
import type { Database, Op } from '@parley/kernel/db'
import type { Log, UnitResult } from '@parley/kernel/log'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HandshakeRow, HandshakeStore, ListQuery } from './port.js'

/** A store on an empty ground with its tables; the suite closes it. */
export type HandshakeStoreSubject = {
  open(): Promise<{ store: HandshakeStore; log: Log; db: Database; close(): Promise<void> }>
}

const second = 1_000_000
const start = 1_767_225_600 * second
const idOf = (n: number): string => n.toString(16).padStart(32, '0')

function rowOf(n: number, over: Partial<HandshakeRow> = {}): HandshakeRow {
  return {
    id: idOf(n),
    mode: 'form-fill',
    handler: 'form-fill',
    schema: [{ key: 'name', type: 'string', label: 'Ñame “é” 🙂' }],
    meta: { title: 'A form', nested: { deep: [1, 2.5, null, true] } },
    owner: { id: 'user-1', name: 'Ann' },
    tenantKey: '[]',
    endReason: null,
    endedAt: null,
    ttlSeconds: 60,
    createdAt: start,
    touchedAt: start,
    expiresAt: start + 60 * second,
    version: 1,
    changes: 0,
    lastAt: start,
    tokenHash: 'token-hash',
    agentTokenHash: null,
    claim: null,
    browserKeyHash: 'key-hash',
    ...over,
  }
}

/** Checks every promise of a store of handshakes. */
export function handshakeStoreConformance(name: string, subject: HandshakeStoreSubject): void {
  describe(`${name} keeps the promises of the handshake store`, () => {
    let opened: Awaited<ReturnType<HandshakeStoreSubject['open']>>
    let store: HandshakeStore
    beforeEach(async () => {
      opened = await subject.open()
      store = opened.store
    })
    afterEach(() => opened.close())

    const commit = (...ops: Op[]): Promise<UnitResult> => opened.log.commit({ ops, appends: [] })
    const put = (...rows: HandshakeRow[]) => commit(...rows.flatMap((row) => store.insert(row, [])))
    const outcome = async (...ops: Op[]) => (await commit(...ops)).outcome
    const list = async (query: Partial<ListQuery>) => {
      const rows = await store.list({ state: 'all', limit: 10, tenantKeys: ['[]'], now: start, ...query })
      return rows.map(({ id }) => Number.parseInt(id, 16))
    }

    describe('finding', () => {
      it('answers a row exactly as it was inserted, claimed and ended ones included', async () => {
        const claim = { claimId: 'clm_1', label: 'Agent', agent: null, at: '2026-01-01T00:00:00.000000Z' }
        const ended = rowOf(2, {
          mode: null,
          owner: null,
          endReason: 'revoked',
          endedAt: start + 5,
          agentTokenHash: 'agent-hash',
          claim,
        })
        await put(rowOf(1), ended)

        expect(await store.find(idOf(1))).toEqual(rowOf(1))
        expect(await store.find(idOf(2))).toEqual(ended)
      })

      it('answers nothing for an unknown handshake', async () => {
        expect(await store.find(idOf(1))).toBeUndefined()
        expect(await store.version(idOf(1))).toBeUndefined()
        expect(await store.fields(idOf(1))).toEqual([])
      })

      it('tells version and touch without the rest', async () => {
        await put(rowOf(1, { version: 7, touchedAt: start + 3 }))

        expect(await store.version(idOf(1))).toEqual({ version: 7, touchedAt: start + 3 })
      })

      it('refuses a second handshake with the same id', async () => {
        await put(rowOf(1))

        await expect(put(rowOf(1))).rejects.toThrow()
      })
    })

    describe('values', () => {
      const field = (key: string, value: unknown, at = start) => ({ key, value, by: 'ai', at })

      it('come in the order in which they were first written', async () => {
        await commit(...store.insert(rowOf(1), [field('z', 1), field('a', 2)]))
        await commit(store.update(idOf(1), 1, {}), store.put(idOf(1), field('m', 3, start + 1)))
        await commit(store.update(idOf(1), 2, {}), store.put(idOf(1), field('b', 4, start + 2)))
        await commit(store.update(idOf(1), 3, {}), store.put(idOf(1), field('z', 5, start + 3)))

        expect(await store.fields(idOf(1))).toEqual([
          field('z', 5, start + 3),
          field('a', 2),
          field('m', 3, start + 1),
          field('b', 4, start + 2),
        ])
      })

      it('are any JSON', async () => {
        const values = [
          '',
          null,
          0,
          false,
          [],
          {},
          { ä: ['🙂', { x: -1.5e300 }] },
          'a\u0001b',
          9007199254740991,
        ]
        await commit(
          ...store.insert(
            rowOf(1),
            values.map((value, n) => field(`k${n}`, value)),
          ),
        )

        expect((await store.fields(idOf(1))).map(({ value }) => value)).toEqual(values)
      })

      it('belong to one handshake', async () => {
        await commit(...store.insert(rowOf(1), [field('a', 1)]), ...store.insert(rowOf(2), [field('a', 2)]))

        expect(await store.fields(idOf(2))).toEqual([field('a', 2)])
      })
    })

    describe('changing', () => {
      it('sets what the patch says, keeps the rest, and counts the version up', async () => {
        await put(rowOf(1))
        const claim = { claimId: 'clm_1', label: null, agent: 'x', at: 'now' }
        const patch = { changes: 3, lastAt: start + 9, claim, agentTokenHash: 'agent-hash', ttlSeconds: 90 }

        expect(await outcome(store.update(idOf(1), 1, patch))).toBe('committed')

        expect(await store.find(idOf(1))).toEqual(rowOf(1, { ...patch, version: 2 }))
      })

      it('refuses its whole unit when the version has moved on', async () => {
        await put(rowOf(1))
        await commit(store.update(idOf(1), 1, { changes: 1 }))

        const late = store.put(idOf(1), { key: 'late', value: 1, by: 'ai', at: start })
        expect(await outcome(store.update(idOf(1), 1, { changes: 9 }), late)).toBe('refused')

        expect(await store.find(idOf(1))).toMatchObject({ version: 2, changes: 1 })
        expect(await store.fields(idOf(1))).toEqual([])
      })

      it('lets one of many changes of the same version win', async () => {
        await put(rowOf(1))

        const outcomes = await Promise.all(
          Array.from({ length: 8 }, (_, n) => outcome(store.update(idOf(1), 1, { changes: n }))),
        )

        expect(outcomes.filter((one) => one === 'committed')).toHaveLength(1)
      })

      it('refuses an unknown handshake', async () => {
        expect(await outcome(store.update(idOf(1), 1, { changes: 1 }))).toBe('refused')
      })
    })

    describe('touching', () => {
      it('moves the end by the time to live as it is stored, and leaves the version alone', async () => {
        await put(rowOf(1))
        await commit(store.update(idOf(1), 1, { ttlSeconds: 100 }))

        await commit(store.touch(idOf(1), start + 10 * second))

        expect(await store.find(idOf(1))).toMatchObject({
          touchedAt: start + 10 * second,
          expiresAt: start + 110 * second,
          version: 2,
        })
      })

      it('never replaces a newer touch by an older one', async () => {
        await put(rowOf(1))
        await commit(store.touch(idOf(1), start + 10 * second))

        expect(await outcome(store.touch(idOf(1), start + 5 * second))).toBe('committed')

        expect(await store.find(idOf(1))).toMatchObject({ touchedAt: start + 10 * second })
      })

      it('does not touch what has ended', async () => {
        const ended = rowOf(1, { endReason: 'revoked', endedAt: start + 1 })
        await put(ended)

        await commit(store.touch(idOf(1), start + 10 * second))

        expect(await store.find(idOf(1))).toEqual(ended)
      })
    })

    describe('ending', () => {
      it('counts open ones and finds those that are due, oldest first', async () => {
        const endsAt = (n: number, seconds: number) => rowOf(n, { expiresAt: start + seconds * second })
        await put(
          endsAt(1, 30),
          endsAt(2, 10),
          endsAt(3, 20),
          rowOf(4, { endReason: 'expired', endedAt: start }),
        )

        expect(await store.countOpen(start)).toBe(3)
        expect(await store.countOpen(start + 15 * second)).toBe(2)
        expect(await store.due(start + 25 * second, 10)).toEqual([idOf(2), idOf(3)])
        expect(await store.due(start + 25 * second, 1)).toEqual([idOf(2)])
      })

      it('is due strictly after its end', async () => {
        await put(rowOf(1))

        expect(await store.due(start + 60 * second, 10)).toEqual([])
        expect(await store.countOpen(start + 60 * second)).toBe(1)
        expect(await store.due(start + 60 * second + 1, 10)).toEqual([idOf(1)])
      })

      it('expires once, with a new version', async () => {
        await put(rowOf(1))
        const now = start + 61 * second

        const outcomes = [
          await outcome(store.expire(idOf(1), now)),
          await outcome(store.expire(idOf(1), now)),
        ]

        expect(outcomes).toEqual(['committed', 'refused'])
        expect(await store.find(idOf(1))).toMatchObject({ endReason: 'expired', endedAt: now, version: 2 })
      })

      it('refuses to expire what was touched meanwhile', async () => {
        await put(rowOf(1))
        await commit(store.touch(idOf(1), start + 30 * second))

        expect(await outcome(store.expire(idOf(1), start + 61 * second))).toBe('refused')
      })

      it('finds what ended before, oldest first, and forgets it with its values', async () => {
        const endedAt = (n: number, at: number) => rowOf(n, { endReason: 'expired', endedAt: at })
        await put(endedAt(1, start + 3), endedAt(2, start + 1), endedAt(3, start + 9), rowOf(4))
        await commit(store.put(idOf(2), { key: 'a', value: 1, by: 'ai', at: start }))

        expect(await store.endedBefore(start + 9, 10)).toEqual([idOf(2), idOf(1)])
        expect(await store.endedBefore(start + 9, 1)).toEqual([idOf(2)])

        await commit(...store.remove(idOf(2)))
        expect(await store.find(idOf(2))).toBeUndefined()
        expect(await store.fields(idOf(2))).toEqual([])
        expect(await store.find(idOf(1))).toBeDefined()
      })
    })

    describe('listing', () => {
      it('goes newest first, page by page, also through those of one moment', async () => {
        await put(rowOf(1), rowOf(2), rowOf(3, { createdAt: start + 1 }), rowOf(4, { createdAt: start - 1 }))

        expect(await list({})).toEqual([3, 2, 1, 4])
        expect(await list({ limit: 2 })).toEqual([3, 2])
        expect(await list({ before: { createdAt: start, id: idOf(2) } })).toEqual([1, 4])
      })

      it('tells open ones from those that ended or are past their end', async () => {
        await put(
          rowOf(1),
          rowOf(2, { endReason: 'revoked', endedAt: start }),
          rowOf(3, { expiresAt: start - 1, createdAt: start - 5 }),
        )

        expect(await list({ state: 'open' })).toEqual([1])
        expect(await list({ state: 'ended' })).toEqual([2, 3])
        expect(await list({ state: 'all' })).toEqual([2, 1, 3])
      })

      it('shows the tenants that were asked for and no others', async () => {
        await put(
          rowOf(1, { tenantKey: '[["org","a"]]' }),
          rowOf(2, { tenantKey: '[["org","b"]]' }),
          rowOf(3),
        )

        expect(await list({ tenantKeys: ['[]', '[["org","a"]]'] })).toEqual([3, 1])
      })
    })
  })
}
