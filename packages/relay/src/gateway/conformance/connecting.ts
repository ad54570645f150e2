import { expect, test } from 'vitest'
import { followUp, type Openings, sending, until } from './subject.js'

export function connectingCases({ open, connected }: Openings): void {
  test('there is no descriptor before there is a connection', async () => {
    const { transport } = await open()

    await expect(transport.handshake()).rejects.toThrow('relay transport not connected')
  })

  test('connecting twice is connecting once, and the descriptor stays the same', async () => {
    const { transport } = await connected()

    expect(await transport.connect()).toBe(true)
    expect(await transport.handshake()).toBe(await transport.handshake())
    expect((await transport.handshake()).contract_version).toBe(1)
  })

  test('what is not connected resolves with a definite failure', async () => {
    const { transport } = await open()

    const failure = { success: false, error: 'relay transport not connected' }
    expect(await transport.sendOutbound(sending('x'))).toEqual(failure)
    expect(await transport.sendFollowUp(followUp)).toEqual(failure)
    expect(await transport.getChatInfo('C9')).toEqual({ name: 'C9', type: 'dm' })
    await transport.sendInterrupt('key')
    await transport.disconnect()
  })

  test('a lost connection makes what waits ambiguous', async () => {
    const { transport, answer, lose, actions } = await connected()
    answer(() => undefined)
    const waiting = transport.sendOutbound(sending('x'))
    await until(() => actions().length === 1)

    await lose()

    expect(await waiting).toEqual({
      success: false,
      error: 'relay transport connection lost',
      ambiguous: true,
    })
  })

  test('disconnecting settles what waits, is for good, and may be done twice', async () => {
    const { transport, answer, actions } = await connected()
    answer(() => undefined)
    const waiting = transport.sendOutbound(sending('x'))
    await until(() => actions().length === 1)

    await Promise.all([transport.disconnect({ graceMs: 0 }), transport.disconnect()])

    expect(await waiting).toEqual({ success: false, error: 'relay transport closed', ambiguous: true })
    expect(await transport.sendOutbound(sending('y'))).toEqual({
      success: false,
      error: 'relay transport closed',
    })
    expect(await transport.connect()).toBe(false)
  })
}
