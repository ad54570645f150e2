// Going idle, and dormant (contract 7.2, 7.5).

import { eventually, settle } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { openConnected } from './transport.test.support.js'

describe('going idle', () => {
  // proves: relay.f17
  test('resolves with the acknowledgement', async () => {
    const { transport, connector } = await openConnected()

    expect(await transport.goIdle()).toBe(true)
    expect(connector.of('going_idle')).toEqual([{ type: 'going_idle' }])
  })

  test('is false after 10 s without one', async () => {
    const { transport, clock } = await openConnected({}, (connector) => {
      connector.acksIdle = false
    })
    const outcome = transport.goIdle()

    await clock.advance(10_000)

    expect(await outcome).toBe(false)
    expect(transport.state.state).toBe('connected')
  })

  test('is false when the connection is lost meanwhile', async () => {
    const { transport, connector } = await openConnected({}, (one) => {
      one.acksIdle = false
    })
    const outcome = transport.goIdle()
    await eventually(() => connector.of('going_idle').length === 1)

    connector.cut()

    expect(await outcome).toBe(false)
  })

  test('dormant closes without giving up: it dials again after a second', async () => {
    const opened = await openConnected()
    opened.connector.close(1001, '')
    await opened.in('waiting')
    await opened.clock.advance(1_200)
    await opened.in('connected')

    expect(await opened.transport.goDormant()).toBe(true)
    await opened.in('dormant')
    await opened.clock.advance(1_200)

    await opened.in('connected')
    expect(opened.connector.dials).toHaveLength(3)
  })

  test('dormant stays connected without an acknowledgement', async () => {
    const { transport, clock } = await openConnected({}, (connector) => {
      connector.acksIdle = false
    })
    const outcome = transport.goDormant()
    await clock.advance(10_000)

    expect(await outcome).toBe(false)
    expect(transport.state.state).toBe('connected')
  })

  test('dialling can be held back for a minute at most', async () => {
    const opened = await openConnected()
    await opened.transport.goDormant()
    await opened.in('dormant')

    opened.transport.holdRedial(600_000)
    await opened.clock.advance(59_999)
    await settle()
    expect(opened.connector.dials).toHaveLength(1)
    await opened.clock.advance(1)

    await opened.in('connected')
  })
})
