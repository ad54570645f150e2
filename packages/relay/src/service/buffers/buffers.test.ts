import { fakeClock, fakeIds, testGrounds } from '@parley/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { key, startNode } from '../deliveries/deliveries.test.support.js'
import { fitFrame } from './fit-frame.js'

const half = 512 * 1024

describe('a frame', () => {
  it('gets its buffer id behind its type', () => {
    const frame = { type: 'inbound', event: { text: 'hé' } } as const

    expect(fitFrame(frame, 'buf_1')).toEqual({
      text: '{"type":"inbound","bufferId":"buf_1","event":{"text":"hé"}}',
      bytes: 60,
    })
  })

  // proves: relay.p4
  it('loses its context when it is larger than 512 KiB, and nothing else', () => {
    const event = { text: 'hi', context: [{ text: 'x'.repeat(half), source: {} }], message_id: '1' }

    const { text, bytes } = fitFrame({ type: 'inbound', event }, 'buf_1')!

    expect(JSON.parse(text)).toEqual({
      type: 'inbound',
      bufferId: 'buf_1',
      event: { text: 'hi', message_id: '1' },
    })
    expect(bytes).toBeLessThan(half)
  })

  it.each([
    ['an event', { type: 'inbound', event: { text: 'x'.repeat(half), context: [] } }],
    ['a forward', { type: 'passthrough_forward', forward: { bodyB64: 'x'.repeat(half) } }],
  ] as const)('is refused when %s does not fit without', (_, frame) => {
    expect(fitFrame(frame, 'buf_1')).toBeUndefined()
  })

  it('fits to the last byte, with its newline', () => {
    const frameOf = (text: string) => ({ type: 'inbound', event: { text } }) as const
    const room = half - 1 - fitFrame(frameOf(''), 'b')!.bytes

    expect(fitFrame(frameOf('x'.repeat(room)), 'b')?.bytes).toBe(half - 1)
    expect(fitFrame(frameOf('x'.repeat(room + 1)), 'b')).toBeUndefined()
  })

  it('is one line, whatever the text holds', () => {
    const { text } = fitFrame({ type: 'inbound', event: { text: 'a\nb\r\n\u0000\ud800' } }, 'b')!

    expect(text).not.toMatch(/[\r\n\0]/)
    expect(JSON.parse(text).event.text).toBe('a\nb\r\n\u0000\ud800')
  })
})

describe.each(await testGrounds())('the buffer on $name', (kind) => {
  const open = async (limits = {}) => {
    const clock = fakeClock()
    const { ground, close } = await kind.open({ clock, ids: fakeIds() })
    onTestFinished(close)
    const node = await startNode(ground, { limits })
    await node.addInstance(key)
    return { node, clock, ground }
  }

  it('keeps the exact text at the position of its entry', async () => {
    const { node, ground } = await open()
    const ids = await node.receive(key, 'a', 'b\n\u0000')

    const { events } = await ground.log.read('relay-buffer:org-17/i1', { after: 0 })

    expect((await node.pending(key)).map(({ position, bufferId }) => [position, bufferId])).toEqual([
      [1, ids[0]],
      [2, ids[1]],
    ])
    expect(events.map(({ seq, id }) => [seq, id])).toEqual([
      [1, ids[0]],
      [2, ids[1]],
    ])
    expect(JSON.parse(events[1]!.body)).toEqual({
      type: 'inbound',
      bufferId: ids[1],
      event: { text: 'b\n\u0000' },
    })
  })

  it('gives events a week and forwards a quarter of an hour', async () => {
    const { node, clock } = await open()
    await node.receive(key, 'a')
    await node.receiveForward(key, 'b')

    const days = (await node.pending(key)).map(({ expiresAt }) => expiresAt - clock.micros())

    expect(days).toEqual([7 * 86_400_000_000, 900_000_000])
  })

  it('drops the oldest beyond its limit and counts it', async () => {
    const { node } = await open({ bufferEntries: 2 })
    const ids = await node.receive(key, 'a', 'b', 'c')

    expect((await node.pending(key)).map(({ bufferId }) => bufferId)).toEqual(ids.slice(1))
    expect((await node.deps.store.instances.find(key))?.dropped).toBe(1)
  })

  it('takes nothing for an instance that is gone', async () => {
    const { node, ground } = await open()
    const gone = { ...key, instanceId: 'gone' }
    const entry = { kind: 'inbound', frame: { type: 'inbound', event: {} } } as const
    const { ops, append } = node.buffers.append({ key: gone, stream: 'relay-buffer:gone' }, entry)!

    expect((await ground.log.commit({ ops, appends: [append] })).outcome).toBe('refused')
  })
})
