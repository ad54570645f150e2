import { eventually, settle } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { anEvent } from './conformance/subject.js'
import { createDeliveries } from './deliveries.js'

function opened() {
  const acks: string[] = []
  const reports: string[] = []
  const deliveries = createDeliveries({
    ack: (bufferId) => acks.push(bufferId),
    platforms: () => [],
    noticed: () => {},
    report: (message) => reports.push(message),
  })
  const seen: string[] = []
  deliveries.inbound = async ({ text }) => void seen.push(text)
  return { acks, reports, deliveries, seen }
}
const inbound = (text: string, bufferId?: string, messageId?: string) => ({
  type: 'inbound',
  event: anEvent(text, 'C1', messageId),
  bufferId,
})

// proves: relay.f19
describe('an event that comes again', () => {
  test('is not handed on, but acked', async () => {
    const { deliveries, seen, acks } = opened()

    deliveries.takeInbound(inbound('a', 'b-1'))
    deliveries.takeInbound(inbound('a', 'b-1'))
    deliveries.takeInbound(inbound('b', 'b-2'))

    await eventually(() => acks.length === 3)
    expect(seen).toEqual(['a', 'b'])
    expect(acks.toSorted()).toEqual(['b-1', 'b-1', 'b-2'])
  })

  test('while the first is being handled is acked after it, never before', async () => {
    const { deliveries, acks } = opened()
    let finish = () => {}
    deliveries.inbound = () =>
      new Promise((resolve) => {
        finish = resolve
      })

    deliveries.takeInbound(inbound('a', 'b-1'))
    await settle()
    deliveries.takeInbound(inbound('a', 'b-1'))
    await settle()
    expect(acks).toEqual([])
    finish()

    await eventually(() => acks.length === 2)
  })

  test('after its handler failed is handed on again', async () => {
    const { deliveries, seen, acks, reports } = opened()
    deliveries.inbound = async ({ text }) => {
      seen.push(text)
      if (seen.length === 1) throw new Error('not today')
    }

    deliveries.takeInbound(inbound('a', 'b-1'))
    deliveries.takeInbound(inbound('a', 'b-1'))

    await eventually(() => acks.length === 1)
    expect(seen).toEqual(['a', 'a'])
    expect(reports.join()).toContain('not today')
  })

  test('is forgotten after 512 others', async () => {
    const { deliveries, seen } = opened()
    for (let nr = 0; nr <= 512; nr++) deliveries.takeInbound(inbound(`m${nr}`))
    await eventually(() => seen.length === 513)

    deliveries.takeInbound(inbound('m1'))
    deliveries.takeInbound(inbound('m0'))

    await eventually(() => seen.length === 514)
    expect(seen.at(-1)).toBe('m0')
  })

  test('without a message id or a chat id is another one', async () => {
    const { deliveries, seen } = opened()
    const event = { ...anEvent('x'), message_id: null }
    const nowhere = anEvent('x', '')

    for (const one of [event, event, nowhere, nowhere])
      deliveries.takeInbound({ type: 'inbound', event: one })

    await eventually(() => seen.length === 4)
  })
})

describe('what can not be handed on', () => {
  test('an event without a source is acked: it would hold up what waits behind it', async () => {
    const { deliveries, acks, reports } = opened()

    deliveries.takeInbound({ type: 'inbound', event: { text: 'x' }, bufferId: 'b-1' })

    await eventually(() => acks.length === 1)
    expect(reports).toEqual(['an event without a source was dropped'])
  })

  test('an event without a handler is not acked', async () => {
    const { deliveries, acks, reports } = opened()
    deliveries.inbound = undefined

    deliveries.takeInbound(inbound('a', 'b-1'))

    await eventually(() => reports.length === 1)
    expect(acks).toEqual([])
  })

  test('what comes faster than it is handled is dropped at a limit, and not acked', async () => {
    const { deliveries, reports, seen, acks } = opened()
    let finish = () => {}
    const held = new Promise<void>((resolve) => {
      finish = resolve
    })
    deliveries.inbound = async ({ text }) => {
      await held
      seen.push(text)
    }

    for (let nr = 0; nr < 10_005; nr++) deliveries.takeInbound(inbound(`m${nr}`, `b-${nr}`))

    expect(reports).toHaveLength(5)
    finish()
    await eventually(() => acks.length === 10_000)
    expect(acks).not.toContain('b-10000')
  })

  test('handlers of forwards and interrupts that fail end nothing', async () => {
    const { deliveries, reports } = opened()
    deliveries.passthrough = async () => {
      throw new Error('one')
    }
    deliveries.interrupt = () => {
      throw new Error('two')
    }

    deliveries.takePassthrough({ forward: 'nonsense', bufferId: 'b-1' })
    deliveries.takeInterrupt({ session_key: 'key' })
    deliveries.takeInterrupt({ session_key: 5 })

    await eventually(() => reports.length === 2)
    expect(reports.toSorted()).toEqual([
      'the handler of a forward failed: one',
      'the handler of an interrupt failed: two',
    ])
  })
})

test('a handler never runs in the reader', () => {
  const { deliveries, seen } = opened()

  deliveries.takeInbound(inbound('a'))

  expect(seen).toEqual([])
})
