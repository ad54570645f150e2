// When a transport dials, and when again (contract 2.4, 2.10).

import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { decodeToken } from '../protocol/index.js'
import { openConnected, openTransport } from './transport.test.support.js'

const waits = (opened: { transport: { state: object } }) =>
  (opened.transport.state as { retryInMs?: number }).retryInMs ?? 0

describe('dialling', () => {
  test('sends a fresh token each time, valid for 300 s', async () => {
    const opened = await openConnected()
    const { connector, clock } = opened
    connector.cut()
    await opened.in('waiting')
    const at = clock.now() / 1000
    await clock.advance(5_000)
    await opened.in('connected')

    expect(connector.dials.map(({ isGood }) => isGood)).toEqual([true, true])
    expect(connector.dials.map(({ token }) => decodeToken(token)!.exp)).toEqual([at + 300, at + 301])
  })

  test('a dial that fails is false, and goes on in the background', async () => {
    const opened = await openTransport({ url: 'ws://127.0.0.1:1' })

    expect(await opened.transport.connect()).toBe(false)

    expect(opened.transport.state.state).toBe('waiting')
    expect(waits(opened)).toBeGreaterThan(500)
  })

  test('an address that can not be dialled is refused at once', async () => {
    await expect(openTransport({ url: 'relay.example' })).rejects.toThrow('https:// or wss://')
    await expect(openTransport({ url: 'wss://' })).rejects.toThrow('https:// or wss://')
  })

  test('calls while one is under way share it', async () => {
    const { transport, connector } = await openTransport()

    expect(await Promise.all([transport.connect(), transport.connect(), transport.connect()])).toEqual([
      true,
      true,
      true,
    ])
    expect(connector.dials).toHaveLength(1)
  })

  test('a connection without a descriptor is open, and given up after 30 s', async () => {
    const opened = await openTransport({}, (connector) => {
      connector.isTalking = false
    })
    const outcome = opened.transport.connect()
    await opened.in('open')
    await opened.clock.advance(1_000)
    expect(await outcome).toBe(true)
    const lost = expect(opened.transport.handshake()).rejects.toThrow('relay transport connection lost')

    await opened.clock.advance(29_000)

    await lost
    await opened.in('waiting')
  })

  test('a connection that is silent for 60 s after a ping is cut off', async () => {
    const opened = await openConnected()
    for (const socket of opened.connector.sockets) socket.pause()

    await opened.clock.advance(90_000)

    await opened.in('waiting')
    expect(opened.reports.join()).toContain('silent')
  })

  test('waits longer after each connection that lives only shortly', async () => {
    const opened = await openConnected()
    const seen: number[] = []
    for (let nr = 0; nr < 4; nr++) {
      opened.connector.close(1001, '')
      await opened.in('waiting')
      seen.push(waits(opened))
      await opened.clock.advance(waits(opened))
      await opened.in('connected')
    }

    const [first = 0, ...rest] = seen
    expect(first).toBeLessThanOrEqual(1_200)
    for (const [at, wait] of rest.entries()) expect(wait).toBeGreaterThan(seen[at]!)
    expect(opened.connector.dials).toHaveLength(5)
  })

  test('there is never more than one dial, whatever is asked while it waits', async () => {
    const opened = await openConnected()
    opened.connector.cut()
    await opened.in('waiting')

    await Promise.all([opened.transport.connect(), opened.transport.connect(), opened.clock.advance(40_000)])

    expect(opened.connector.dials).toHaveLength(2)
    expect(opened.connector.sockets.size).toBe(1)
  })

  test('after disconnecting nothing is dialled, and nothing is left behind', async () => {
    const opened = await openConnected()

    await opened.transport.disconnect()
    await opened.clock.advance(120_000)

    expect(opened.connector.dials).toHaveLength(1)
    expect(opened.clock.pending).toBe(0)
    expect(opened.transport.state).toEqual({ state: 'closed' })
  })

  test('disconnecting while it waits ends the waiting', async () => {
    const opened = await openTransport({ url: 'ws://127.0.0.1:1' })
    await opened.transport.connect()

    await opened.transport.disconnect()

    expect(opened.clock.pending).toBe(0)
  })
})

// proves: relay.f21
describe('a refusal', () => {
  test('before the first handshake is false, and tried again later', async () => {
    const opened = await openTransport({}, (connector) => {
      connector.refusal = [4401, 'unauthorized']
    })

    expect(await opened.transport.connect()).toBe(false)
    await opened.in('waiting')
    opened.connector.refusal = undefined
    await opened.clock.advance(1_200)

    await opened.in('connected')
  })

  test('of a live connection is tried again once and at once, then the transport is disabled', async () => {
    const opened = await openConnected()
    opened.connector.refusal = [4401, 'unauthorized']

    opened.connector.close(4401, 'unauthorized')
    await opened.in('disabled')
    await opened.clock.advance(300_000)

    expect(opened.transport.state).toEqual({ state: 'disabled', error: 'relay_disabled' })
    expect(opened.connector.dials).toHaveLength(2)
    expect(opened.clock.pending).toBe(0)
    expect(await opened.transport.connect()).toBe(false)
    expect(await opened.transport.sendOutbound({ op: 'typing', chat_id: 'C1' })).toMatchObject({
      error: 'relay transport not connected',
    })
  })

  test('that the fresh token does not get is forgiven', async () => {
    const opened = await openConnected()

    opened.connector.close(4401, 'unauthorized')

    await eventually(() => opened.connector.dials.length === 2)
    await opened.in('connected')
  })

  test('that says expired is an ordinary disconnect', async () => {
    const opened = await openConnected()
    opened.connector.refusal = [4401, 'expired']
    opened.connector.close(4401, 'expired')
    await opened.in('waiting')
    await opened.clock.advance(1_200)
    await eventually(() => opened.connector.dials.length === 2)
    await opened.in('waiting')
    opened.connector.refusal = undefined
    await opened.clock.advance(30_000)

    await opened.in('connected')
  })
})
