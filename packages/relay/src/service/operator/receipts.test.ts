import { expect, test } from 'vitest'
import type { ReceiptRow, ReceiptState } from '../../store/port.js'
import { conversationOf, receiptOf } from '../../store/store-cases/fixtures.js'
import { a, b, everywhere, grounds, openRoom, type Room, shared } from './operator.test.support.js'

for (const kind of grounds) {
  const base = 1_767_225_600_000_000
  const action = { op: 'send', chat_id: 'c1', content: `Hello ${'x'.repeat(300)}` }
  const insert = async ({ store, log }: Room, id: string, over: Partial<ReceiptRow>) => {
    const row = receiptOf(id, {
      ...shared,
      tenant: 'a',
      instanceId: 'i1',
      gatewayId: 'gw-1',
      requestId: 'r',
      chatId: 'c1',
      createdAt: base,
      updatedAt: base,
      action: JSON.stringify(action),
      ...over,
    })
    await log.commit({ ops: [store.receipts.insert(row)], appends: [] })
  }

  test(`receipts are listed page by page (${kind.name})`, async () => {
    const room = await openRoom(kind)
    const states: ReceiptState[] = ['sent', 'dead', 'parked', 'dead', 'sent']
    for (const [n, state] of states.entries())
      await insert(room, `r${n}`, { state, createdAt: base + Math.floor(n / 2) })
    await insert(room, 'r9', { tenant: 'b', state: 'dead' })

    const pages: string[][] = []
    let before: string | undefined
    for (;;) {
      const page = await room.operator.listReceipts(a, { limit: 2, before })
      pages.push(page.receipts.map(({ id }) => id))
      if (page.next === null) break
      before = page.next
    }
    expect(pages).toEqual([['r4', 'r3'], ['r2', 'r1'], ['r0']])
    const dead = await room.operator.listReceipts(everywhere, { state: 'dead' })
    expect(dead.receipts.map(({ id }) => id)).toEqual(['r3', 'r9', 'r1'])
    expect(await room.operator.listReceipts(a, { state: 'queued' })).toEqual({ receipts: [], next: null })
    expect(await room.operator.countReceipts(a)).toEqual({
      queued: 0,
      sent: 2,
      confirmed: 0,
      parked: 1,
      dead: 2,
    })
    expect(await room.operator.countReceipts(b)).toMatchObject({ dead: 1, sent: 0 })
  })

  test(`a receipt shows the beginning of its text, and nothing when it is forgotten (${kind.name})`, async () => {
    const room = await openRoom(kind)
    await insert(room, 'r1', { state: 'sent', messageId: 'm1', rung: 'native' })
    await insert(room, 'r2', { action: '', createdAt: base + 1 })
    await insert(room, 'r3', { action: JSON.stringify({ op: 'react', emoji: '👍' }), createdAt: base + 2 })

    const { receipts } = await room.operator.listReceipts(a, {})
    expect(receipts.map(({ preview }) => preview)).toEqual(['', '', action.content.slice(0, 200)])
    expect(receipts[2]).toEqual({
      ...shared,
      id: 'r1',
      tenant: 'a',
      instanceId: 'i1',
      gatewayId: 'gw-1',
      op: 'send',
      chatId: 'c1',
      preview: action.content.slice(0, 200),
      state: 'sent',
      attempts: 0,
      messageId: 'm1',
      rung: 'native',
      error: null,
      createdAt: '2026-01-01T00:00:00.000000Z',
      updatedAt: '2026-01-01T00:00:00.000000Z',
    })
  })

  test(`a query that makes no sense is refused (${kind.name})`, async () => {
    const { operator } = await openRoom(kind)
    const queries = [
      { limit: 0 },
      { limit: 201 },
      { limit: 1.5 },
      { limit: Number.NaN },
      { before: 'x' },
      { before: '99999999999999999.r' },
      { before: `1.${'r'.repeat(201)}` },
      { state: 'lost' },
    ]
    for (const query of queries)
      await expect(operator.listReceipts(a, query as never)).rejects.toMatchObject({
        code: 'relay.invalid_request',
      })
    for (const limit of [0, 501, Number.POSITIVE_INFINITY]) {
      await expect(operator.listDecisions(a, { limit })).rejects.toMatchObject({
        code: 'relay.invalid_request',
      })
      await expect(operator.listChanges(a, { limit })).rejects.toMatchObject({
        code: 'relay.invalid_request',
      })
      await expect(operator.listConversations(a, { limit })).rejects.toMatchObject({
        code: 'relay.invalid_request',
      })
    }
  })

  test(`a dead one is sent again, by its own tenant only (${kind.name})`, async () => {
    const room = await openRoom(kind)
    await insert(room, 'r1', { state: 'dead', error: 'refused' })
    const absent = { code: 'relay.receipt_not_found' }
    await expect(room.operator.retryReceipt(b, 'r1')).rejects.toMatchObject(absent)
    await expect(room.operator.retryReceipt(a, 'r9')).rejects.toMatchObject(absent)
    expect(room.driver.bot('b1').performed).toEqual([])

    const chat = conversationOf({ ...shared, tenant: 'a', instanceId: 'i1', chatId: 'c1' })
    await room.log.commit({ ops: room.store.routing.remember(chat), appends: [] })
    const by = { kind: 'user' as const, id: 'ann' }
    expect(await room.operator.retryReceipt({ ...a, by }, 'r1')).toMatchObject({
      id: 'r1',
      state: 'sent',
      attempts: 1,
      error: null,
    })
    expect(room.driver.bot('b1').performed).toMatchObject([{ op: 'send', chat_id: 'c1' }])
    await expect(room.operator.retryReceipt(a, 'r1')).rejects.toMatchObject({ code: 'relay.not_retryable' })
    expect(await room.operator.listChanges(a, { limit: 1 })).toMatchObject([
      { type: 'relay.receipt.retried', by: 'user:ann' },
    ])
  })
}
