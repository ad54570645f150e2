import { createHmac } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openGround } from '@parley/kernel/ground'
import { eventually, fakeClock } from '@parley/testkit'
import { expect, it, onTestFinished } from 'vitest'
import type { WebhookConfig } from '../../protocol/index.js'
import type { SessionRow } from '../../store/port.js'
import { alice, mallory, openRooms, promptEvent, type TestRooms } from '../rooms.test.support.js'
import { openWebhooks, type Webhooks } from './index.js'
import { openReceiver, type Receiver } from './receiver.test.support.js'

const secret = 'k'
const error = (message: string, via?: 'callback') => ({
  type: 'error',
  data: { message },
  ...(via && { via }),
})
const ended = { type: 'session.terminated', data: { exitCode: 7, reason: 'agent_exit' } }
const endTurn = promptEvent('response', { stopReason: 'end_turn' })

function open(rooms: TestRooms, options: { allowPrivateAddresses?: boolean } = {}): Webhooks {
  const webhooks = openWebhooks({ ...rooms, allowPrivateAddresses: true, ...options })
  onTestFinished(() => webhooks.stop())
  onTestFinished(rooms.intake.observe(webhooks.observer))
  return webhooks
}

async function opened(
  more: Partial<Omit<WebhookConfig, 'id'>> = {},
  row: Partial<SessionRow> = {},
  options: { allowPrivateAddresses?: boolean } = {},
) {
  const [rooms, receiver] = [await openRooms(), await openReceiver()]
  const webhooks = open(rooms, options)
  const session = await rooms.session(row, [{ url: receiver.url, secret, ...more }])
  const deliveries = () => webhooks.service.deliveries(alice, session.id)
  const isIn = (state: string) => eventually(async () => (await deliveries())[0]?.state === state)
  return { rooms, receiver, webhooks, session, deliveries, isIn, happen: rooms.happen.bind(null, session.id) }
}

const arrived = (receiver: Receiver, count: number) => eventually(() => receiver.received.length >= count)

/** Attempts after a failure come when their time is there; other timers run on the way. */
async function advanceUntil(rooms: TestRooms, condition: () => boolean, stepMs: number) {
  await eventually(async () => {
    if (condition()) return true
    await rooms.clock.advance(stepMs)
    return condition()
  })
}

it('says what happened, signed, with the headers and the body of the contract', async () => {
  const { rooms, receiver, session, happen } = await opened()
  await happen(endTurn)
  await arrived(receiver, 1)

  const { headers, body, json } = receiver.received[0]!
  expect(headers['content-type']).toBe('application/json')
  expect(headers['x-flamecast-signature']).toBe(
    `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  )
  expect(headers['x-flamecast-session-id']).toBe(session.id)
  expect(headers['x-flamecast-event-id']).toBe(json.eventId)
  expect(json.eventId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(Object.keys(json)).toEqual(['sessionId', 'eventId', 'timestamp', 'event'])
  expect(json).toMatchObject({
    sessionId: session.id,
    timestamp: new Date(rooms.clock.now()).toISOString(),
    event: { type: 'end_turn', data: { promptResponse: { stopReason: 'end_turn' } } },
  })
})

it('tells the four events and no other, each once', async () => {
  const { receiver, happen } = await opened()
  const asked = {
    type: 'permission_request',
    data: {
      requestId: 'r1',
      toolCallId: 't1',
      title: 'Edit',
      options: [{ optionId: 'a', name: 'Allow', kind: 'allow_once' }],
    },
  }

  await happen(promptEvent('request', {}), asked, asked, { type: 'queue.updated', data: {} })
  await happen(
    promptEvent('response', { error: { code: -32000, message: 'broken' } }),
    error('broken'),
    endTurn,
  )
  await happen(ended, ended)
  await arrived(receiver, 4)

  expect(receiver.received.map(({ json }) => json.event)).toEqual([
    { type: 'permission_request', data: asked.data },
    { type: 'error', data: { message: 'broken' } },
    { type: 'end_turn', data: { promptResponse: { stopReason: 'end_turn' } } },
    { type: 'session_end', data: { exitCode: 7, reason: 'agent_exit' } },
  ])
})

it('sends only what a receiver wants, and the same id to all that want it', async () => {
  const [rooms, all, some] = [await openRooms(), await openReceiver(), await openReceiver()]
  open(rooms)
  const { id } = await rooms.session({}, [
    { url: all.url, secret: 'a' },
    { url: some.url, secret: 'b', events: ['session_end'] },
  ])

  await rooms.happen(id, error('x'), ended)
  await arrived(all, 2)
  await arrived(some, 1)

  expect([all.types(), some.types()]).toEqual([['error', 'session_end'], ['session_end']])
  expect(some.received[0]!.json.eventId).toBe(all.received[1]!.json.eventId)
  expect(all.received[0]!.json.eventId).not.toBe(all.received[1]!.json.eventId)
})

it('tries again with the same bytes until it is taken', async () => {
  const { rooms, receiver, happen, isIn } = await opened()
  const statuses = [500, 500, 200]
  receiver.answer(() => ({ status: statuses[receiver.received.length - 1]! }))
  await happen(endTurn)
  await arrived(receiver, 1)

  await advanceUntil(rooms, () => receiver.received.length === 3, 1_000)
  await isIn('sent')

  const [first, ...others] = receiver.received
  for (const other of others) {
    expect(other.body).toBe(first!.body)
    expect(other.headers['x-flamecast-event-id']).toBe(first!.headers['x-flamecast-event-id'])
    expect(other.headers['x-flamecast-signature']).toBe(first!.headers['x-flamecast-signature'])
  }
})

it('gives up after the fifth attempt, at 0, 5, 30, 120 and 600 seconds; a person may try again', async () => {
  const { rooms, receiver, webhooks, session, deliveries, isIn, happen } = await opened()
  receiver.answer(() => ({ status: 503 }))
  const began = rooms.clock.now()
  const due: number[] = []
  await happen(endTurn)
  for (let attempt = 1; attempt <= 5; attempt++) {
    await arrived(receiver, attempt)
    if (attempt === 5) break
    const nextAt = await eventually(async () => {
      const [one] = await deliveries()
      return one?.state === 'waiting' && one.attempts === attempt && one.nextAt
    })
    due.push(Date.parse(nextAt) - rooms.clock.now())
    await rooms.clock.advance(due.at(-1)!)
  }
  await isIn('dead')

  expect(due).toEqual([5_000, 30_000, 120_000, 600_000])
  expect(rooms.clock.now() - began).toBe(755_000)
  const [dead] = await deliveries()
  expect(dead).toMatchObject({
    eventType: 'end_turn',
    attempts: 5,
    lastStatus: 503,
    lastError: 'The receiver answered 503.',
  })
  receiver.answer(() => ({ status: 200 }))
  await webhooks.service.retry(alice, session.id, dead!.id)
  await isIn('sent')
  expect(receiver.received).toHaveLength(6)
  await expect(webhooks.service.retry(alice, session.id, dead!.id)).rejects.toMatchObject({
    code: 'sessions.webhook_not_found',
  })
})

it.each([400, 404, 410])('%s is final', async (status) => {
  const { receiver, deliveries, isIn, happen } = await opened()
  receiver.answer(() => ({ status }))
  await happen(endTurn)
  await isIn('dead')

  expect((await deliveries())[0]).toMatchObject({ attempts: 1, lastStatus: status })
})

it('waits what a receiver that is too busy asks for, in addition', async () => {
  const { rooms, receiver, deliveries, happen } = await opened()
  receiver.answer(() => ({ status: 429, headers: { 'retry-after': '60' } }))
  await happen(endTurn)

  const nextAt = await eventually(async () => {
    const [one] = await deliveries()
    return one?.state === 'waiting' && one.attempts === 1 && one.nextAt
  })
  expect(Date.parse(nextAt) - rooms.clock.now()).toBe(65_000)
})

it('follows no redirect, and tries again', async () => {
  const { receiver, deliveries, happen } = await opened()
  const elsewhere = await openReceiver()
  receiver.answer(() => ({ status: 307, headers: { location: elsewhere.url } }))
  await happen(endTurn)

  const [one] = await eventually(async () => {
    const all = await deliveries()
    return all[0]?.state === 'waiting' && all[0].attempts === 1 && all
  })
  expect(one).toMatchObject({ lastStatus: 307 })
  expect(elsewhere.received).toEqual([])
})

it('takes no answer within ten seconds for a failure', async () => {
  const { rooms, receiver, deliveries, happen } = await opened()
  receiver.answer(() => new Promise(() => {}))
  await happen(endTurn)
  await arrived(receiver, 1)

  await rooms.clock.advance(9_999)
  expect((await deliveries())[0]).toMatchObject({ state: 'sending' })
  await rooms.clock.advance(1)
  const [one] = await eventually(async () => {
    const all = await deliveries()
    return all[0]?.state === 'waiting' && all[0].attempts === 1 && all
  })
  expect(one).toMatchObject({ lastStatus: null, lastError: 'The address did not answer in time.' })
})

it('refuses private networks unless they are allowed', async () => {
  const { receiver, deliveries, isIn, happen } = await opened({}, {}, { allowPrivateAddresses: false })
  await happen(endTurn)
  await isIn('dead')

  expect((await deliveries())[0]).toMatchObject({ attempts: 1, lastStatus: null })
  expect(receiver.received).toEqual([])
})

it('keeps order for one receiver of one session, and lets nobody else wait', async () => {
  const [rooms, broken, well] = [await openRooms(), await openReceiver(), await openReceiver()]
  open(rooms)
  const hooks = [
    { url: broken.url, secret },
    { url: well.url, secret },
  ]
  const [one, other] = [await rooms.session({}, hooks), await rooms.session({}, hooks)]
  broken.answer(({ json }) => ({ status: json.sessionId === one.id ? 503 : 204 }))

  await rooms.happen(one.id, error('1'), error('2'))
  await rooms.happen(other.id, error('3'))
  await arrived(well, 3)
  await arrived(broken, 2)
  broken.answer(() => ({ status: 204 }))
  await advanceUntil(rooms, () => broken.received.length === 4, 1_000)

  const told = (receiver: Receiver, id: string) =>
    receiver.received.filter(({ json }) => json.sessionId === id).map(({ json }) => json.event.data.message)
  expect([told(broken, one.id), told(broken, other.id)]).toEqual([['1', '1', '2'], ['3']])
  expect([told(well, one.id), told(well, other.id)]).toEqual([['1', '2'], ['3']])
})

it('delivers after a restart what waited, the end of a session that is gone included', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'parley-webhooks-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const receiver = await openReceiver()
  receiver.answer(() => ({ status: 503 }))
  const clock = fakeClock()
  const before = await openGround({ database: directory, clock })
  const rooms = await openRooms({ ground: before, clock })
  const webhooks = openWebhooks({ ...rooms, allowPrivateAddresses: true })
  rooms.intake.observe(webhooks.observer)
  const { id } = await rooms.session({}, [{ url: receiver.url, secret }])
  await rooms.happen(id, error('x'), ended)
  await arrived(receiver, 1)
  await webhooks.stop()
  await before.close()

  receiver.answer(() => ({ status: 204 }))
  const after = await openGround({ database: directory, clock })
  onTestFinished(() => after.close())
  const again = await openRooms({ ground: after, clock })
  open(again)
  await advanceUntil(again, () => receiver.received.length === 3, 1_000)

  expect(receiver.types()).toEqual(['error', 'error', 'session_end'])
  expect(receiver.received[1]!.body).toBe(receiver.received[0]!.body)
})

it('never keeps a secret beside a delivery', async () => {
  const { rooms, receiver, happen } = await opened({ secret: 'do-not-store-me' })
  await happen(endTurn)
  await arrived(receiver, 1)

  const tables = rooms.ground.db.tables<{ outbox: Record<string, unknown> }>()
  const rows = await rooms.ground.db.read(tables.selectFrom('outbox').selectAll().compile())
  expect(rows).toHaveLength(1)
  expect(JSON.stringify(rows)).not.toContain('do-not-store-me')
})

it('shows and repeats deliveries only to those who see the session', async () => {
  const { receiver, webhooks, session, happen } = await opened()
  await happen(error('1'), error('2'))
  await arrived(receiver, 2)

  const page = await webhooks.service.deliveries(alice, session.id, { limit: 1 })
  const rest = await webhooks.service.deliveries(alice, session.id, { before: page[0]!.position })
  expect([page.length, rest.length]).toEqual([1, 1])
  await expect(webhooks.service.deliveries(mallory, session.id)).rejects.toMatchObject({ status: 404 })
  await expect(webhooks.service.retry(mallory, session.id, page[0]!.id)).rejects.toMatchObject({
    status: 404,
  })
  await expect(webhooks.service.deliveries(alice, session.id, { limit: 501 })).rejects.toMatchObject({
    status: 400,
  })
})

it('believes the callbacks of a host that calls back, not its events', async () => {
  const { receiver, happen } = await opened({}, { callsBack: true, hostId: null })
  const told = {
    type: 'end_turn',
    data: { promptResponse: { stopReason: 'end_turn' } },
    via: 'callback' as const,
  }

  await happen(endTurn, error('seen'))
  await happen(told, error('told', 'callback'))
  await happen(ended)
  await arrived(receiver, 3)

  expect(receiver.types()).toEqual(['end_turn', 'error', 'session_end'])
  expect(receiver.received[1]!.json.event.data).toEqual({ message: 'told' })
})

it('tells a turn once whose end came as an event before the first callback of all', async () => {
  const { rooms, receiver, session, happen } = await opened({}, { hostId: null })
  const told = {
    type: 'end_turn',
    data: { promptResponse: { stopReason: 'end_turn' } },
    via: 'callback' as const,
  }

  await happen(endTurn)
  await rooms.ground.log.commit({
    ops: [rooms.store.sessions.change(session.id, { callsBack: true })],
    appends: [],
  })
  await happen({ ...told, via: 'firstCallback' })
  await happen(endTurn)
  await happen(told)
  await happen(ended)
  await arrived(receiver, 3)

  expect(receiver.types()).toEqual(['end_turn', 'end_turn', 'session_end'])
})

it('a payload that is too large for a delivery stops nothing', async () => {
  const { receiver, happen } = await opened()
  await happen(error('x'.repeat(950_000)), ended)
  await arrived(receiver, 2)

  expect(receiver.received.map(({ json }) => json.event)).toEqual([
    { type: 'error', data: { truncated: true } },
    { type: 'session_end', data: { exitCode: 7, reason: 'agent_exit' } },
  ])
})
