// Our gateway client against a connector that was written from the contract alone: refused, revoked, asleep, back.

import { webSocketTransport } from '@parley/relay/gateway'
import { eventually, settle } from '@parley/testkit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type Connection,
  credential,
  type Dial,
  type Ended,
  inbound,
  inTime,
  openConnected,
  openConnection,
} from './python/relay/connector.test.support.js'
import { hasPython } from './python/relay/installed.test.support.js'

const isInstalled = await hasPython()
let open: Connection

const dials = () => open.connector.all<Dial>('dial')
const dialsSoFar = () => open.connector.soFar('dial').length
const stateIs = (state: string) => eventually(() => open.transport.state.state === state)
const close = (connection: number, code: number, reason: string) =>
  open.connector.ask('close', { connection, code, reason })
const dialled = (times: number) => inTime(open, () => dialsSoFar() >= times)
/** Long after everything that could have been planned. */
async function muchLater(): Promise<void> {
  for (let minutes = 0; minutes < 10; minutes += 1) {
    await open.clock.advance(60_000)
    await open.connector.ask('caught_up')
    await settle()
  }
}

describe.skipIf(!isInstalled)('our gateway and a foreign connector that refuses it', () => {
  beforeEach(async () => {
    open = await openConnected()
  })
  afterEach(() => open.stop())

  // proves: relay.f21
  test('after a revocation dials once more, at once, and is disabled for ever', async () => {
    await open.connector.ask('rule', { refusals: ['unauthorized', 'ok'] })
    await close(1, 4401, 'unauthorized')
    await stateIs('disabled')
    await muchLater()

    expect(open.transport.state).toEqual({ state: 'disabled', error: 'relay_disabled' })
    expect(await dials()).toHaveLength(2)
    expect(await open.transport.connect()).toBe(false)
    expect(await dials()).toHaveLength(2)
  })

  test('a connector of the first era gives no reason, and the rule is the same', async () => {
    await open.connector.ask('rule', { refusals: [''] })
    await close(1, 4401, '')
    await stateIs('disabled')

    expect(await dials()).toHaveLength(2)
  })

  // proves: relay.f21
  test('a refusal after the second descriptor counts as well', async () => {
    await close(1, 4401, 'unauthorized')
    await eventually(() => dialsSoFar() === 2)
    await stateIs('connected')
    await close(2, 4401, 'unauthorized')
    await stateIs('disabled')
    await muchLater()

    expect(await dials()).toHaveLength(2)
  })

  test('who lives through the second connection is on probation again', async () => {
    await close(1, 4401, 'unauthorized')
    await eventually(() => dialsSoFar() === 2)
    await stateIs('connected')
    await open.connector.ask('drop', { connection: 2 })
    await dialled(3)
    await stateIs('connected')
    await close(3, 4401, 'unauthorized')
    await eventually(() => dialsSoFar() === 4)
    await stateIs('connected')

    expect(open.transport.state.state).toBe('connected')
  })

  test('a token that was over is no revocation', async () => {
    await open.connector.ask('rule', { refusals: ['expired', 'expired'] })
    await close(1, 4401, 'expired')
    await dialled(4)
    await inTime(open, () => open.transport.state.state === 'connected')

    expect((await dials()).at(-1)).toMatchObject({ verdict: 'ok' })
  })

  test('a second dial whose token was over does not save who is revoked', async () => {
    await open.connector.ask('rule', { refusals: ['expired', 'unauthorized', 'unauthorized'] })
    await close(1, 4401, 'unauthorized')
    await inTime(open, () => open.transport.state.state === 'disabled')
    const before = (await dials()).length
    await muchLater()

    expect(await dials()).toHaveLength(before)
  })

  test('every dial has a token of its own time', async () => {
    await open.clock.advance(25_000)
    await open.connector.ask('drop', { connection: 1 })
    await dialled(2)
    await inTime(open, () => open.transport.state.state === 'connected')

    const tokens = (await dials()).map(({ authorization }) => authorization)
    const [first, second] = tokens.map((one) =>
      Buffer.from(one.slice('Bearer '.length), 'base64url').toString(),
    )
    const expOf = (text: string | undefined) => Number(text?.split(':').at(-2))
    expect(tokens[0]).toMatch(/^Bearer [A-Za-z0-9_-]+$/)
    expect(expOf(second) - expOf(first)).toBeGreaterThanOrEqual(25)
    expect(await dials()).toMatchObject([{ verdict: 'ok' }, { verdict: 'ok' }])
  })

  test.each([1001, 1011, 1013, 4403])('an end with %i is followed by another dial', async (code) => {
    await close(1, code, 'going away')
    await open.connector.heard<Ended>('ended')
    await dialled(2)
    await inTime(open, () => open.transport.state.state === 'connected')

    expect(await dials()).toHaveLength(2)
  })

  test('a connector that answers no ping any more is left, and dialled again', async () => {
    await open.connector.ask('mute', { connection: 1 })
    await open.clock.advance(30_000)
    await eventually(() => open.connector.ask<number>('pings', { connection: 1 }))
    await open.clock.advance(60_000)
    await inTime(open, () => open.connector.soFar<Ended>('ended').length > 0)
    await dialled(2)
    await inTime(open, () => open.transport.state.state === 'connected')

    expect(await dials()).toHaveLength(2)
  })

  test('a line without end costs the connection, and the next one works', async () => {
    await open.connector
      .ask('send_raw', { connection: 1, messages: Array(12).fill('x'.repeat(200_000)) })
      .catch(() => {})
    await open.connector.heard<Ended>('ended')
    await dialled(2)
    await inTime(open, () => open.transport.state.state === 'connected')

    expect(await dials()).toHaveLength(2)
  })

  // proves: relay.f17
  test('goes idle: what raced the answer is handed on, once', async () => {
    const texts: string[] = []
    open.transport.setInboundHandler(async ({ text }) => void texts.push(text))
    await open.connector.ask('rule', { idleAck: false })
    const idle = open.transport.goIdle()
    await open.frame('going_idle')
    await open.send(inbound('racing', { bufferId: 'b-1' }))
    await open.send({ type: 'going_idle_ack' })

    expect(await idle).toBe(true)
    await open.frame('inbound_ack', ({ bufferId }) => bufferId === 'b-1')
    expect(texts).toEqual(['racing'])
  })

  test('without an answer to going idle it stays connected', async () => {
    await open.connector.ask('rule', { idleAck: false })
    const idle = open.transport.goDormant()
    await open.frame('going_idle')
    await open.clock.advance(10_000)

    expect(await idle).toBe(false)
    expect(open.transport.state.state).toBe('connected')
    expect(await open.connector.all('ended')).toEqual([])
  })

  test('goes dormant: closes when it was answered, and dials again after a second', async () => {
    expect(await open.transport.goDormant()).toBe(true)
    await open.connector.heard<Ended>('ended')
    await stateIs('dormant')
    await dialled(2)
    await inTime(open, () => open.transport.state.state === 'connected')

    expect(await dials()).toHaveLength(2)
  })

  test('keeps from dialling while its machine is suspended, for a minute', async () => {
    open.transport.holdRedial(60_000)
    await open.transport.goDormant()
    await open.connector.heard<Ended>('ended')
    await open.clock.advance(59_000)
    await open.connector.ask('caught_up')
    const meanwhile = (await dials()).length
    await dialled(2)

    expect(meanwhile).toBe(1)
  })
})

describe.skipIf(!isInstalled)('our gateway that a foreign connector does not know yet', () => {
  afterEach(() => open.stop())

  test('takes an upgrade that fails for a trouble of the network, never for a revocation', async () => {
    open = await openConnection()
    const lost = webSocketTransport({ url: `${open.url}/elsewhere`, ...credential, clock: open.clock })

    expect(await lost.connect()).toBe(false)
    expect(lost.state.state).toBe('waiting')
    await lost.disconnect({ graceMs: 0 })
  })

  test('tries again until it does', async () => {
    open = await openConnection()
    await open.connector.ask('rule', { refusals: ['unauthorized', 'unauthorized', 'unauthorized'] })
    expect(await open.transport.connect()).toBe(false)
    await inTime(open, () => open.transport.state.state === 'connected')

    expect((await dials()).map(({ verdict }) => verdict)).toEqual([
      'unauthorized',
      'unauthorized',
      'unauthorized',
      'ok',
    ])
  })
})
