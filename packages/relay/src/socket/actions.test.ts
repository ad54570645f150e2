import { eventually } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import type { OutboundResult } from '../protocol/index.js'
import { discord, greeted, openDoor, outbound } from './sockets.test.support.js'

describe('actions', () => {
  // proves: relay.f8 relay.p15
  it('are answered once each, in whatever order they are done', async () => {
    const waiting = new Map<string, (result: OutboundResult) => void>()
    const door = await openDoor({
      perform: (_, { requestId }) => new Promise((resolve) => waiting.set(requestId, resolve)),
    })
    const peer = await greeted(door)
    const ids = Array.from({ length: 100 }, (_, index) => `r${index}`)
    for (const id of ids) peer.send(outbound(id))
    await eventually(() => waiting.size === 100)

    const order = ids.toSorted((a, b) =>
      a.split('').toReversed().join('').localeCompare(b.split('').toReversed().join('')),
    )
    for (const id of order) waiting.get(id)!({ success: true, message_id: `m-${id}` })

    const results = await peer.got('outbound_result', 100)
    expect(results).toEqual(
      order.map((requestId) => ({
        type: 'outbound_result',
        requestId,
        result: { success: true, message_id: `m-${requestId}` },
      })),
    )
  })

  it('carry the bot that the frame names, and a wrong name is never the default', async () => {
    const door = await openDoor()
    const peer = await greeted(door)
    peer.send(
      outbound('1'),
      outbound('2', discord),
      outbound('3', { platform: 5, botId: null }),
      outbound('4', { platform: null }),
    )
    await peer.got('outbound_result', 4)

    expect(door.performed.map(({ target }) => target)).toEqual([{}, discord, { platform: '' }, {}])
  })

  it('without a request id that is a text are ignored and counted', async () => {
    const door = await openDoor()
    const peer = await greeted(door)
    for (const id of [undefined, null, 5, {}]) peer.send(outbound(id))
    peer.send(outbound('ok'))
    await peer.got('outbound_result')

    expect(door.performed.map(({ requestId }) => requestId)).toEqual(['ok'])
    expect(door.node.deps.tally.read()['frames.malformed']).toBe(4)
  })

  it('with a request id that is too long to be remembered are answered, and not done', async () => {
    const door = await openDoor()
    const peer = await greeted(door)
    const requestId = 'x'.repeat(2_000)
    peer.send(outbound(requestId))

    expect((await peer.got('outbound_result'))[0]).toMatchObject({
      requestId,
      result: { success: false, error: 'invalid action: requestId' },
    })
    expect(door.performed).toEqual([])
  })

  it('beyond the limit wait for those before them, and acknowledgements that came earlier do not', async () => {
    const waiting: ((result: OutboundResult) => void)[] = []
    const door = await openDoor({
      options: { limits: { openActions: 2 } },
      perform: () => new Promise((resolve) => waiting.push(resolve)),
    })
    const peer = await greeted(door)
    peer.send(outbound('1'), outbound('2'), outbound('3'), outbound('4'))
    await eventually(() => waiting.length === 2)

    waiting[0]!({ success: true })
    await eventually(() => waiting.length === 3)
    expect(door.performed.map(({ requestId }) => requestId)).toEqual(['1', '2', '3'])
    waiting[1]!({ success: true })
    waiting[2]!({ success: true })
    await eventually(() => waiting.length === 4)
  })

  it('that fail by a fault of ours are answered all the same', async () => {
    const door = await openDoor({ perform: () => Promise.reject(new Error('secret detail')) })
    const peer = await greeted(door)
    peer.send(outbound('1'))

    const [result] = await peer.got('outbound_result')
    expect(result?.result).toEqual({ success: false, error: 'internal error', ambiguous: true })
    expect(door.node.deps.faults.map(String)).toEqual(['Error: secret detail'])
  })

  it('whose answer does not fit the wire are answered so', async () => {
    const door = await openDoor({
      perform: async () => ({ success: true, chat_info: { name: 'x'.repeat(600_000), type: 'dm' } }),
    })
    const peer = await greeted(door)
    peer.send(outbound('1'))

    const [result] = await peer.got('outbound_result')
    expect(result?.result).toEqual({ success: false, error: 'result too large', ambiguous: true })
  })
})
