import { expect, it } from 'vitest'
import type { ReceiptState } from '../port.js'
import { type Bench, bot, foreign, odd, otherBot, ours, receiptOf, start } from './fixtures.js'

/** Cases of what was asked for and what became of it. */
export function receiptCases(bench: Bench): void {
  const ids = async (query: Partial<Parameters<typeof bench.store.receipts.list>[0]>) =>
    (await bench.store.receipts.list({ limit: 99, ...query })).map(({ id }) => id)

  it('changes one only from the states that are named', async () => {
    const { receipts } = bench.store
    const row = receiptOf(odd)
    await bench.commit(receipts.insert(row), receipts.insert(receiptOf('r2', { chatId: 'c2' })))
    expect(await receipts.find(odd)).toEqual(row)
    expect(await bench.outcome(receipts.insert(row))).toBe('refused')

    const attempt = () => receipts.change(odd, { attempts: 1, updatedAt: start + 1 }, ['queued'])
    expect(await bench.outcome(attempt())).toBe('committed')
    const sent = { state: 'sent' as const, messageId: odd, rung: 'text', error: odd, node: null }
    const done = () => receipts.change(odd, sent, ['queued', 'dead'])
    expect(await bench.winners([done(), done(), done()])).toBe(1)
    expect(await receipts.find(odd)).toEqual({ ...row, ...sent, attempts: 1, updatedAt: start + 1 })
    expect(await bench.outcome(attempt())).toBe('refused')
    expect(await bench.outcome(receipts.change('r9', {}, ['queued']))).toBe('refused')
    expect(await receipts.find('r2')).toMatchObject({ state: 'queued', attempts: 0 })
  })

  it('confirms sent ones whose message was seen', async () => {
    const { receipts } = bench.store
    const seen = { messageId: odd, chatId: odd, state: 'sent' as const }
    await bench.commit(
      receipts.insert(receiptOf('r1', seen)),
      receipts.insert(receiptOf('r2', { ...seen, state: 'parked' })),
      receipts.insert(receiptOf('r3', { ...seen, ...otherBot })),
      receipts.insert(receiptOf('r4', { ...seen, messageId: 'm2' })),
    )
    await bench.commit(receipts.confirm(bot, odd, odd, start + 5))

    expect(await receipts.find('r1')).toMatchObject({ state: 'confirmed', updatedAt: start + 5 })
    expect(await ids({ state: 'confirmed' })).toEqual(['r1'])
  })

  it('tells whose message it is: of who sent it first', async () => {
    const { receipts } = bench.store
    const sent = { messageId: odd, chatId: odd, state: 'sent' as const }
    await bench.commit(
      receipts.insert(receiptOf('r1', { ...sent, ...foreign, state: 'parked' })),
      receipts.insert(receiptOf('r2', { ...sent, createdAt: start + 1, state: 'confirmed' })),
      receipts.insert(receiptOf('r3', { ...sent, ...foreign, createdAt: start + 2 })),
      receipts.insert(receiptOf('r4', { ...sent, ...foreign, ...otherBot })),
    )

    expect(await receipts.sender(bot, odd, odd)).toEqual(ours)
    expect(await receipts.sender(otherBot, odd, odd)).toEqual(foreign)
    expect(await receipts.sender(bot, 'c1', odd)).toBeUndefined()
    expect(await receipts.sender(bot, odd, 'm2')).toBeUndefined()

    // A follow-up names no chat.
    await bench.commit(receipts.insert(receiptOf('r5', { ...sent, chatId: '', messageId: 'm3' })))
    expect(await receipts.sender(bot, odd, 'm3')).toEqual(ours)
    expect(await receipts.sender(otherBot, odd, 'm3')).toBeUndefined()
  })

  it('lists the newest first, page by page, of a tenant or a state', async () => {
    const { receipts } = bench.store
    const states: ReceiptState[] = ['queued', 'sent', 'parked', 'dead', 'sent']
    const rows = states.map((state, n) =>
      receiptOf(`r${n}`, { state, createdAt: start + Math.floor(n / 2), ...(n === 3 && foreign) }),
    )
    await bench.commit(...rows.map((row) => receipts.insert(row)))

    expect(await ids({})).toEqual(['r4', 'r3', 'r2', 'r1', 'r0'])
    expect(await ids({ limit: 2, before: { createdAt: start + 1, id: 'r3' } })).toEqual(['r2', 'r1'])
    expect(await ids({ tenant: ours.tenant })).toEqual(['r4', 'r2', 'r1', 'r0'])
    expect(await ids({ state: 'sent' })).toEqual(['r4', 'r1'])
    expect(await ids({ tenant: ours.tenant, state: 'dead' })).toEqual([])
    expect(await ids({ state: 'parked', before: { createdAt: start + 2, id: 'r4' } })).toEqual(['r2'])
    expect(await receipts.counts({})).toEqual({ queued: 1, sent: 2, confirmed: 0, parked: 1, dead: 1 })
    expect(await receipts.counts({ tenant: foreign.tenant })).toEqual({
      queued: 0,
      sent: 0,
      confirmed: 0,
      parked: 0,
      dead: 1,
    })
  })

  it('tells what a node left behind, the oldest first', async () => {
    const { receipts } = bench.store
    await bench.commit(
      receipts.insert(receiptOf('r2', { createdAt: start + 1, node: odd })),
      receipts.insert(receiptOf('r1', { node: odd })),
      receipts.insert(receiptOf('r3', { node: 'n2' })),
      receipts.insert(receiptOf('r4', { node: odd, state: 'sent' })),
    )
    const left = async (node: string | null) => (await receipts.listQueued(node)).map(({ id }) => id)

    expect(await left(odd)).toEqual(['r1', 'r2'])
    expect(await left(null)).toEqual(['r1', 'r3', 'r2'])
    expect(await left('n9')).toEqual([])
  })

  it('forgets those of some states that were changed long ago', async () => {
    const { receipts } = bench.store
    const states: ReceiptState[] = ['queued', 'sent', 'confirmed', 'parked', 'dead']
    await bench.commit(
      ...states.map((state) => receipts.insert(receiptOf(state, { state }))),
      receipts.insert(receiptOf('late', { state: 'sent', updatedAt: start + 9 })),
    )
    await bench.commit(receipts.purge(['sent', 'confirmed'], start))
    expect((await ids({})).length).toBe(6)
    await bench.commit(receipts.purge(['sent', 'confirmed'], start + 9))

    expect((await ids({})).sort()).toEqual(['dead', 'late', 'parked', 'queued'])
  })
}
