import { tenantKey } from '@parley/kernel/principal'
import { expect, it } from 'vitest'
import type { MessageRow } from '../port.js'
import { type Bench, messageOf, odd, start } from './fixtures.js'

const ids = (rows: readonly MessageRow[]) => rows.map(({ id }) => id)

/** Cases of the global message queue. */
export function messageCases(bench: Bench): void {
  const put = (...rows: MessageRow[]) => bench.commit(...rows.map((row) => bench.store.messages.insert(row)))

  it('answers a message exactly as it was inserted', async () => {
    const row = messageOf(7, {
      tenant: { org: odd },
      sessionId: null,
      runtime: odd,
      agent: odd,
      agentTemplateId: 't',
      directory: odd,
      status: 'sent',
      sentAt: start + 1,
    })
    await put(row, messageOf(8))

    expect(await bench.store.messages.find(7)).toEqual(row)
    expect(await bench.store.messages.find(8)).toEqual(messageOf(8))
    expect(await bench.store.messages.find(9)).toBeUndefined()
    expect(await bench.outcome(bench.store.messages.insert(messageOf(7)))).toBe('refused')
  })

  it('never gives an id twice, also when several ask and the newest messages are gone', async () => {
    const { store, again } = bench
    const asked = [store, again, store, again, store].map(({ messages }) => messages.nextId())
    const given = await Promise.all(asked)
    const newest = Math.max(...given)
    await put(messageOf(newest))
    await bench.commit(store.messages.remove(newest))

    const next = await again.messages.nextId()

    expect(new Set(given).size).toBe(5)
    expect(given.every((id) => Number.isSafeInteger(id) && id > 0)).toBe(true)
    expect(next).toBeGreaterThan(newest)
  })

  it('changes a status once, from one that was named', async () => {
    const { messages } = bench.store
    await put(messageOf(1))
    const send = () => messages.change(1, { status: 'sending', sentAt: null }, ['pending'])

    expect(await bench.winners([send(), send(), send()])).toBe(1)
    const sent = { status: 'sent', sentAt: start + 9 } as const
    expect(await bench.outcome(messages.change(1, sent, ['pending']))).toBe('refused')
    expect(await bench.outcome(messages.change(1, sent, ['pending', 'sending']))).toBe('committed')
    expect(await messages.find(1)).toMatchObject(sent)
  })

  it('lists what tenants see, the oldest first', async () => {
    const a = { org: 'A' }
    await put(
      messageOf(3, { tenant: a }),
      messageOf(2),
      messageOf(1, { createdAt: start + 1, status: 'sent' }),
      messageOf(4, { tenant: { org: 'B' }, createdAt: start - 1 }),
    )
    const { messages } = bench.store

    expect(ids(await messages.list([tenantKey(a), tenantKey({})]))).toEqual([2, 3, 1])
    expect(ids(await messages.list('all'))).toEqual([4, 2, 3, 1])
    expect(await messages.list([])).toEqual([])
  })

  it('knows what waits, and what a server was sending', async () => {
    await put(
      messageOf(1, { status: 'sent' }),
      messageOf(2, { status: 'sending' }),
      messageOf(4),
      messageOf(3, { createdAt: start + 1 }),
      messageOf(5, { sessionId: 's2' }),
      messageOf(6, { sessionId: null }),
      messageOf(7, { sessionId: 's3', status: 'sent' }),
    )
    const { messages } = bench.store

    expect(await messages.next('s1')).toMatchObject({ id: 4 })
    expect(await messages.next('s3')).toBeUndefined()
    expect(ids(await messages.listSending())).toEqual([2])
    expect(await messages.sessionsWaiting()).toEqual(['s1', 's2'])
  })

  it('removes one, those of tenants, and all', async () => {
    const { messages } = bench.store
    const a = { org: 'A' }
    await put(messageOf(1), messageOf(2), messageOf(3, { tenant: a }), messageOf(4, { tenant: { org: 'B' } }))

    await bench.commit(messages.remove(1), messages.remove(99), messages.clear([]))
    expect(ids(await messages.list('all'))).toEqual([2, 3, 4])
    await bench.commit(messages.clear([tenantKey(a), tenantKey({})]))
    expect(ids(await messages.list('all'))).toEqual([4])
    await bench.commit(messages.clear('all'))
    expect(await messages.list('all')).toEqual([])
  })
}
