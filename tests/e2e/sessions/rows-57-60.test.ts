// Webhooks (section 7), to a receiver that knows nothing of ours.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openGround } from '@parley/kernel/ground'
import { eventually } from '@parley/testkit'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest'
import { isoTime, uuid } from './support/agents.js'
import { skippingClock } from './support/skipping-clock.js'
import { openStage, type Stage, startTurn } from './support/stage.js'
import { hmacOf, openReceiver, type Receiver } from './support/webhook-receiver.js'

let stage: Stage
let receiver: Receiver
beforeAll(async () => {
  stage = await openStage({ allowPrivateAddresses: true })
})
afterAll(async () => {
  await stage?.close()
  expect(stage.faults).toEqual([])
})
beforeEach(async () => {
  receiver = await openReceiver()
})
afterEach(() => receiver.close())

const secret = 'sécret'
const told = (count: number) => eventually(() => receiver.received.length >= count && receiver.received)
const typesOf = ({ received }: Receiver) => received.map(({ body }) => body.event.type)
const deliveriesOf = async (id: string, { call }: Stage = stage) =>
  (await call('GET', `/agents/${id}/webhooks/deliveries`)).body.deliveries

// proves: sessions.s57
it('sends each of the four events signed over its exact bytes', async () => {
  // The contract's own vector.
  expect(hmacOf('k', Buffer.from('{}'))).toBe(
    'sha256=add853b103fbcc936a194f9eb15e29c4ff08af6e47d5d1bca4f20218e31e4fff',
  )
  const id = await stage.session({ webhooks: [{ url: receiver.url, secret }] })
  const asking = stage.prompt(id, 'ask')
  const [asked] = await told(1)
  const { requestId } = asked!.body.event.data
  await stage.call('POST', `/agents/${id}/permissions/${requestId}`, { optionId: 'allow' })
  await asking
  await told(2)
  await stage.prompt(id, 'fail')
  await told(3)
  await stage.call('DELETE', `/agents/${id}`)
  await told(4)

  expect(typesOf(receiver)).toEqual(['permission_request', 'end_turn', 'error', 'session_end'])
  const [question, end, error, gone] = receiver.received.map(({ body }) => body.event.data)
  expect(question).toEqual({
    requestId: expect.any(String),
    toolCallId: 'ask-1',
    title: 'Change file 1',
    kind: 'edit',
    options: [
      { optionId: 'allow', name: 'Allow', kind: 'allow_once' },
      { optionId: 'always', name: 'Always allow', kind: 'allow_always' },
      { optionId: 'reject', name: 'Reject', kind: 'reject_once' },
    ],
  })
  expect(end).toEqual({ promptResponse: { stopReason: 'end_turn' } })
  expect(error).toEqual({ message: expect.stringContaining('The demo agent failed') })
  expect(gone).toMatchObject({ exitCode: null })
  for (const { method, headers, bytes, body } of receiver.received) {
    expect(method).toBe('POST')
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-flamecast-signature': hmacOf(secret, bytes),
      'x-flamecast-event-id': body.eventId,
      'x-flamecast-session-id': id,
    })
    expect(Object.keys(body)).toEqual(['sessionId', 'eventId', 'timestamp', 'event'])
    expect(body).toMatchObject({
      sessionId: id,
      eventId: expect.stringMatching(uuid),
      timestamp: expect.stringMatching(isoTime),
    })
    expect(Object.keys(body.event)).toEqual(['type', 'data'])
  }
  expect(new Set(receiver.received.map(({ body }) => body.eventId)).size).toBe(4)
})

// proves: sessions.s57
it('tells of an agent that ended by itself, with its exit code', async () => {
  const id = await stage.session({ webhooks: [{ url: receiver.url, secret, events: ['session_end'] }] })
  void stage.prompt(id, 'crash')

  const [ended] = await told(1)

  expect(ended!.body.event).toMatchObject({ type: 'session_end', data: { exitCode: 7 } })
})

/** A stage whose time can be left out. */
async function skippingStage() {
  const clock = skippingClock()
  const ground = await openGround({ clock })
  const skipping = await openStage({ ground, allowPrivateAddresses: true })
  onTestFinished(async () => {
    await skipping.close()
    await ground.close()
  })
  const newest = async (id: string) => (await deliveriesOf(id, skipping))[0].state
  /** Lets the pause before the next attempt pass, and waits for the attempt. */
  const nextAttempt = async (id: string, pauseMs: number) => {
    const count = receiver.received.length
    await eventually(async () => (await newest(id)) === 'waiting')
    // Not before its time.
    clock.skip(pauseMs - 2_000)
    expect(await newest(id)).toBe('waiting')
    expect(receiver.received).toHaveLength(count)
    clock.skip(2_000)
    await told(count + 1)
  }
  return { skipping, newest, nextAttempt }
}

// proves: sessions.s58
it('tries a failed one again after 5 and 30 seconds with the same bytes and id', async () => {
  receiver.answer((_, n) => ({ status: n <= 2 ? 500 : 200 }))
  const { skipping, newest, nextAttempt } = await skippingStage()
  const id = await skipping.session({ webhooks: [{ url: receiver.url, secret, events: ['end_turn'] }] })
  await skipping.prompt(id, 'echo x')
  await told(1)
  await nextAttempt(id, 5_000)
  await nextAttempt(id, 30_000)
  await eventually(async () => (await newest(id)) === 'sent')

  const [first, ...more] = receiver.received
  expect(more).toHaveLength(2)
  for (const { bytes, headers } of more) {
    expect(bytes.equals(first!.bytes)).toBe(true)
    expect(headers['x-flamecast-event-id']).toBe(first!.headers['x-flamecast-event-id'])
    expect(headers['x-flamecast-signature']).toBe(hmacOf(secret, first!.bytes))
  }
})

// proves: sessions.s58
it('drops what is refused with 400 and goes on with the next; waits as 429 says', async () => {
  receiver.answer((_, n) =>
    n === 1 ? { status: 400 } : n === 2 ? { status: 429, headers: { 'retry-after': '7' } } : { status: 204 },
  )
  const { skipping, newest, nextAttempt } = await skippingStage()
  const id = await skipping.session({ webhooks: [{ url: receiver.url, secret, events: ['end_turn'] }] })
  await skipping.prompt(id, 'echo refused')
  await told(1)
  await skipping.prompt(id, 'echo later')
  await told(2)
  // What it asks for is in addition to the pause that is due.
  await nextAttempt(id, 12_000)
  await eventually(async () => (await newest(id)) === 'sent')

  const ids = receiver.received.map(({ body }) => body.eventId)
  expect(ids[0]).not.toBe(ids[1])
  expect(ids[1]).toBe(ids[2])
  expect((await deliveriesOf(id, skipping)).map(({ state }: { state: string }) => state)).toEqual([
    'sent',
    'dead',
  ])
})

// proves: sessions.s58
it('tries again when nobody answers at the address', async () => {
  const { skipping, nextAttempt, newest } = await skippingStage()
  const id = await skipping.session({ webhooks: [{ url: receiver.url, secret, events: ['end_turn'] }] })
  receiver.answer((_, n) => (n === 1 ? 'hang up' : { status: 200 }))
  await skipping.prompt(id, 'echo x')
  await told(1)
  await nextAttempt(id, 5_000)

  await eventually(async () => (await newest(id)) === 'sent')
  expect(receiver.received[1]!.bytes.equals(receiver.received[0]!.bytes)).toBe(true)
})

// proves: sessions.s58
it('does not follow a redirect, and does not answer for it', async () => {
  const elsewhere = await openReceiver()
  onTestFinished(() => elsewhere.close())
  receiver.answer(() => ({ status: 302, headers: { location: elsewhere.url } }))
  const id = await stage.session({ webhooks: [{ url: receiver.url, secret, events: ['end_turn'] }] })
  await stage.prompt(id, 'echo x')
  await told(1)
  await eventually(async () => ['waiting', 'dead'].includes((await deliveriesOf(id))[0].state))

  expect(elsewhere.received).toEqual([])
})

// proves: sessions.s59
it('sends a receiver one after the other and only what it chose; others do not wait for it', async () => {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  receiver.answer(async (_, n) => {
    if (n === 1) await held
    return { status: 200 }
  })
  const others = await openReceiver()
  onTestFinished(() => others.close())
  const id = await stage.session({
    webhooks: [
      { url: receiver.url, secret: 'a' },
      { url: others.url, secret: 'b', events: ['error', 'session_end'] },
    ],
  })
  await stage.prompt(id, 'echo 1')
  await told(1)
  await stage.prompt(id, 'fail')
  await stage.prompt(id, 'echo 2')
  await stage.call('DELETE', `/agents/${id}`)
  await eventually(() => others.received.length === 2)
  // The first is still held; nothing overtakes it.
  expect(typesOf(receiver)).toEqual(['end_turn'])
  release()
  await told(4)

  expect(typesOf(receiver)).toEqual(['end_turn', 'error', 'end_turn', 'session_end'])
  expect(typesOf(others)).toEqual(['error', 'session_end'])
  // One event has one id for all receivers, and each its own signature.
  for (const [mine, theirs] of [
    [1, 0],
    [3, 1],
  ] as const) {
    expect(others.received[theirs]!.bytes.equals(receiver.received[mine]!.bytes)).toBe(true)
    expect(receiver.received[mine]!.headers['x-flamecast-signature']).toBe(
      hmacOf('a', receiver.received[mine]!.bytes),
    )
    expect(others.received[theirs]!.headers['x-flamecast-signature']).toBe(
      hmacOf('b', others.received[theirs]!.bytes),
    )
  }
})

// proves: sessions.s60
it('delivers after a restart what was not delivered before it, to receivers of the server too', async () => {
  const place = await mkdtemp(join(tmpdir(), 'parley-e2e-'))
  onTestFinished(() => rm(place, { recursive: true, force: true }))
  let isUp = false
  receiver.answer(() => ({ status: isUp ? 200 : 503 }))
  const webhooks = [{ url: `${receiver.url}?server`, secret: 'server' }]
  const options = {
    database: join(place, 'db'),
    dataDir: join(place, 'host'),
    allowPrivateAddresses: true,
    webhooks,
  }
  const before = await openStage(options)
  const id = await before.session({ cwd: place, webhooks: [{ url: receiver.url, secret }] })
  const turn = await startTurn(before, id)
  await turn.cancel()
  await turn.ended
  await told(2)
  await before.call('DELETE', `/agents/${id}`)
  await before.close({})
  expect(typesOf(receiver)).toEqual(['end_turn', 'end_turn'])

  isUp = true
  const after = await openStage(options)
  onTestFinished(() => after.close())
  const [first, second] = receiver.received
  await told(6)

  for (const [path, key] of [
    ['/in?server', 'server'],
    ['/in', secret],
  ] as const) {
    const mine = receiver.received.filter((one) => one.path === path)
    const types = mine.map(({ body }) => body.event.type)
    expect(types).toEqual(['end_turn', 'end_turn', 'session_end'])
    expect(mine[1]!.bytes.equals((first!.path === path ? first : second)!.bytes)).toBe(true)
    for (const { headers, bytes } of mine) expect(headers['x-flamecast-signature']).toBe(hmacOf(key, bytes))
  }
  expect([...before.faults, ...after.faults]).toEqual([])
})
