import { expect, test } from 'vitest'
import type { PassthroughForward } from '../../protocol/index.js'
import { anEvent, type Openings, until } from './subject.js'

const aForward = (): PassthroughForward => ({
  platform: 'discord',
  botId: '1',
  method: 'POST',
  path: '/interactions/discord/1',
  headers: [['content-type', 'application/json']],
  body: new Uint8Array([0, 255, 128]),
})

/** Members that a transport may lack. */
export function optionalCases({ open, connected }: Openings): void {
  test('a forward goes to its handler, which acks it; without one it is dropped', async (context) => {
    const { transport, forward, deliver, acks } = await connected()
    transport.setInboundHandler(async () => {})
    forward(aForward(), 'b-1')
    deliver(anEvent('after'), 'b-2')
    await until(() => acks().length === 1)
    expect(acks()).toEqual(['b-2'])
    if (!transport.setPassthroughHandler) return context.skip('it takes no forwards')
    const taken: unknown[] = []
    transport.setPassthroughHandler(async (given, bufferId, delivery) => {
      taken.push(given, bufferId)
      await delivery.ack()
    })

    forward(aForward(), 'b-3')

    await until(() => acks().length === 2)
    expect(taken).toEqual([aForward(), 'b-3'])
  })

  test('an interrupt goes to its handler, past what is being handled', async (context) => {
    const { transport, deliver, interrupt } = await connected()
    if (!transport.setInterruptHandler) return context.skip('it takes no interrupts')
    const told: string[] = []
    transport.setInterruptHandler((sessionKey, chatId) => void told.push(sessionKey, chatId))
    transport.setInboundHandler(() => new Promise(() => {}))

    deliver(anEvent('long'))
    interrupt('key', 'C1')

    await until(() => told.length > 0)
    expect(told).toEqual(['key', 'C1'])
  })

  test('it goes idle when the connector says so, and never without a connection', async (context) => {
    const { transport } = await open()
    if (!transport.goIdle) return context.skip('it does not go idle')

    expect(await transport.goIdle()).toBe(false)
    await transport.connect()
    await transport.handshake()
    expect(await transport.goIdle()).toBe(true)
  })

  test('descriptors are known by platform', async (context) => {
    const { transport } = await connected()
    if (!transport.descriptors) return context.skip('it keeps no descriptors')

    const first = await transport.handshake()
    expect(transport.descriptors().get(first.platform)).toEqual(first)
  })

  test('its state is told', async (context) => {
    const { transport } = await open()
    if (!transport.onState) return context.skip('it tells no state')
    const states: string[] = []
    const stop = transport.onState(({ state }) => void states.push(state))

    await transport.connect()
    await transport.handshake()
    await transport.disconnect()
    stop()

    expect(states).toContain('connected')
    expect(states.at(-1)).toBe('closed')
  })
}
