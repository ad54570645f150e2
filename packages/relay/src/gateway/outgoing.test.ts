import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { limits, type OutboundResult } from '../protocol/index.js'
import { sending } from './conformance/subject.js'
import { descriptorOf } from './stub-connector.test.support.js'
import { openConnected, openTransport } from './transport.test.support.js'

// proves: relay.f9
describe('what became of an action', () => {
  const pending = async () => {
    const opened = await openConnected({}, (connector) => {
      connector.answer = () => undefined
    })
    const result = opened.transport.sendOutbound(sending('x'))
    await eventually(() => opened.connector.of('outbound').length === 1)
    return { ...opened, result }
  }

  test('not connected: definite', async () => {
    const { transport } = await openTransport()

    expect(await transport.sendOutbound(sending('x'))).toEqual({
      success: false,
      error: 'relay transport not connected',
    })
  })

  test('closing: definite', async () => {
    const { transport, result, clock } = await pending()
    const gone = transport.disconnect()

    expect(await transport.sendOutbound(sending('y'))).toEqual({
      success: false,
      error: 'relay transport closed',
    })
    await clock.advance(5_000)
    await gone
    expect(await result).toEqual({ success: false, error: 'relay transport closed', ambiguous: true })
  })

  test.each(['calls back', 'throws'])('a write that failed: definite (the socket %s)', async (how) => {
    const { transport } = await openConnected({
      dial: (events) => {
        queueMicrotask(() => {
          events.opened()
          events.message(`${JSON.stringify({ type: 'descriptor', descriptor: descriptorOf('telegram') })}\n`)
        })
        return {
          send: (text, onFailed) => {
            if (!text.includes('outbound')) return
            if (how === 'calls back') onFailed?.(new Error('broken pipe'))
            else throw new Error('broken pipe')
          },
          ping: () => {},
          close: () => events.closed(1000, ''),
          terminate: () => {},
          bufferedBytes: 0,
        }
      },
    })

    expect(await transport.sendOutbound(sending('x'))).toEqual({
      success: false,
      error: 'relay send failed: broken pipe',
    })
  })

  test('an action that no connector would take: definite, and the connection lives', async () => {
    const { transport } = await openConnected()

    const result = await transport.sendOutbound(sending('x'.repeat(limits.inboundMessageBytes)))

    expect(result).toEqual({ success: false, error: 'relay send failed: the action is too large' })
    expect(await transport.sendOutbound(sending('y'))).toMatchObject({ success: true })
  })

  test('no result in 30 s: ambiguous, and a late one is ignored', async () => {
    const { result, clock, connector, transport } = await pending()

    await clock.advance(30_000)

    expect(await result).toEqual({ success: false, error: 'relay outbound timed out', ambiguous: true })
    const { requestId } = connector.of('outbound')[0]!
    connector.answer = () => ({ success: true, message_id: '2' })
    connector.say({ type: 'outbound_result', requestId, result: { success: true } })
    expect(await transport.sendOutbound(sending('y'))).toEqual({ success: true, message_id: '2' })
  })

  test('disconnected while waiting: ambiguous', async () => {
    const { result, transport } = await pending()

    await transport.disconnect({ graceMs: 0 })

    expect(await result).toEqual({ success: false, error: 'relay transport closed', ambiguous: true })
  })

  test('disconnecting waits for results that come in time', async () => {
    const { result, transport, connector } = await pending()
    const gone = transport.disconnect()
    const { requestId } = connector.of('outbound')[0]!

    connector.say({ type: 'outbound_result', requestId, result: { success: true, message_id: '1' } })

    await gone
    expect(await result).toEqual({ success: true, message_id: '1' })
  })

  test('lost while waiting: ambiguous', async () => {
    const { result, connector } = await pending()

    connector.cut()

    expect(await result).toEqual({
      success: false,
      error: 'relay transport connection lost',
      ambiguous: true,
    })
  })

  test.each<[unknown, OutboundResult]>([
    [
      { success: false, error: 'platform timeout', ambiguous: true },
      { success: false, error: 'platform timeout', ambiguous: true },
    ],
    ['nonsense', { success: false, error: 'malformed result', ambiguous: true }],
  ])('the connector says %j', async (said, result) => {
    const { transport, connector } = await openConnected()
    connector.answer = () => said

    expect(await transport.sendOutbound(sending('x'))).toEqual(result)
  })
})
