import { eventually, settle } from '@parley/testkit'
import { expect, it } from 'vitest'
import { openRooms, promptEvent } from '../rooms.test.support.js'
import { LinkedHost, openMessages, say, statesAre } from './linked-host.test.support.js'

async function opened() {
  const rooms = await openRooms()
  const host = new LinkedHost(rooms)
  return { rooms, host, messages: openMessages(rooms, host) }
}

const asked = {
  type: 'permission_request',
  data: {
    requestId: 'r1',
    toolCallId: 't1',
    title: 'Edit',
    options: [{ optionId: 'a', name: 'Allow', kind: 'allow_once' }],
  },
}

it('sends what waits one per turn, in order, each once', async () => {
  const { rooms, host, messages } = await opened()
  const { id } = await rooms.session()
  for (const text of ['1', '2', '3']) await say(messages, id, text)
  await eventually(() => host.ran.length === 1)
  await statesAre(rooms, 'sending', 'pending', 'pending')

  await host.finish()
  await eventually(() => host.ran.length === 2)
  await statesAre(rooms, 'sent', 'sending', 'pending')
  await host.finish({ stopReason: 'cancelled' })
  await eventually(() => host.ran.length === 3)
  await statesAre(rooms, 'sent', 'sent', 'sending')
  await host.finish({ error: { code: -32000, message: 'broken' } })
  await statesAre(rooms, 'sent', 'sent', 'sent')

  expect(host.ran.map(({ text, key }) => [text, key])).toEqual([
    ['1', 'message:1'],
    ['2', 'message:2'],
    ['3', 'message:3'],
  ])
  expect(rooms.faults).toEqual([])
})

it('many callers at once send each message once', async () => {
  const { rooms, host, messages } = await opened()
  const sessions = await Promise.all([1, 2, 3].map(() => rooms.session()))
  await Promise.all(sessions.flatMap(({ id }) => ['x', 'y', 'z'].map((text) => say(messages, id, text))))

  await eventually(() => host.ran.length === 3)
  expect(new Set(host.ran.map(({ sessionId }) => sessionId)).size).toBe(3)
  for (let turn = 0; turn < 9; turn++) {
    await eventually(() => host.ran.length > turn)
    const { sessionId, turnId } = host.ran[turn]!
    await rooms.happen(sessionId, promptEvent('response', { stopReason: 'end_turn' }, turnId))
  }

  expect(host.ran).toHaveLength(9)
  for (const { id } of sessions)
    expect(
      host.ran
        .filter(({ sessionId }) => sessionId === id)
        .map(({ text }) => text)
        .sort(),
    ).toEqual(['x', 'y', 'z'])
})

it('waits while a turn runs, prompts wait, a permission is open, or the session has ended', async () => {
  const { rooms, host, messages } = await opened()
  const busy = await rooms.session({ processing: true })
  const items = [{ queueId: 'q', text: 'x', enqueuedAt: '2026-01-01T00:00:00.000Z', position: 0 }]
  const queued = await rooms.session({ queue: { processing: false, paused: false, items, size: 1 } })
  const asking = await rooms.session()
  await rooms.happen(asking.id, asked)
  const gone = await rooms.session({ status: 'killed' })
  for (const { id } of [busy, queued, asking, gone]) await say(messages, id, id)
  await settle()
  expect(host.asked).toBe(0)

  await rooms.happen(busy.id, promptEvent('response', { stopReason: 'end_turn' }))
  await eventually(() => host.texts().includes(busy.id))
  await rooms.happen(queued.id, {
    type: 'queue.updated',
    data: { processing: false, paused: false, items: [] },
  })
  await eventually(() => host.texts().includes(queued.id))
  const response = { outcome: { outcome: 'selected', optionId: 'a' } }
  await rooms.happen(asking.id, { type: 'permission_approved', data: { requestId: 'r1', response } })
  await eventually(() => host.texts().includes(asking.id))

  expect(host.ran).toHaveLength(3)
  await statesAre(rooms, 'sending', 'sending', 'sending', 'pending')
})

it('waits for the turn to be seen: before that the session looks idle', async () => {
  const { rooms, host, messages } = await opened()
  const { id } = await rooms.session()
  host.isLate = true
  await say(messages, id, '1')
  await say(messages, id, '2')
  await eventually(() => host.asked === 1)
  await rooms.happen(id, { type: 'queue.paused', data: {} }, { type: 'queue.resumed', data: {} })
  await settle()
  await statesAre(rooms, 'sending', 'pending')

  await host.begin()
  await host.finish()
  await eventually(() => host.asked === 2)
  await statesAre(rooms, 'sent', 'sending')
  await host.begin()
  await host.finish()
  await statesAre(rooms, 'sent', 'sent')
})

it('leaves what could not be sent waiting, and tries again after growing pauses', async () => {
  const { rooms, host, messages } = await opened()
  const { id } = await rooms.session()
  host.script = () => ({ status: 503, body: { error: 'host not connected' } })
  await say(messages, id, 'x')
  await eventually(() => host.asked === 1)
  await statesAre(rooms, 'pending')

  // Nothing but the pause makes it try again.
  await rooms.happen(id, promptEvent('response', { stopReason: 'end_turn' }))
  await settle()
  expect(host.asked).toBe(1)
  for (const [pauseMs, asked] of [
    [1_000, 2],
    [2_000, 3],
    [4_000, 4],
  ] as const) {
    await eventually(() => rooms.clock.pending > 0)
    await eventually(async () => (await rooms.store.messages.list('all'))[0]?.status === 'pending')
    await rooms.clock.advance(pauseMs)
    await eventually(() => host.asked === asked)
  }
  await statesAre(rooms, 'pending')
  host.script = () => undefined
  await rooms.clock.advance(8_000)
  await eventually(() => host.ran.length === 1)
  await host.finish()
  await statesAre(rooms, 'sent')

  expect(host.ran.map(({ key }) => key)).toEqual(['message:1'])
})

it('goes on at once when the host is back and has told everything', async () => {
  const rooms = await openRooms()
  const host = new LinkedHost(rooms)
  let back = () => {}
  const isBack = new Promise<void>((resolve) => {
    back = resolve
  })
  const links = { isConnected: async () => false, connected: () => isBack }
  const messages = openMessages(rooms, host, { links })
  const { id } = await rooms.session()
  host.script = () => ({ status: 503 })
  await say(messages, id, 'x')
  await eventually(() => host.asked === 1)
  await statesAre(rooms, 'pending')

  host.script = () => undefined
  back()
  await eventually(() => host.ran.length === 1)
  await host.finish()
  await statesAre(rooms, 'sent')

  expect(host.texts()).toEqual(['x'])
})

it('a refusal is not repeated under its key, whose answer the host remembers', async () => {
  const { rooms, host, messages } = await opened()
  const { id } = await rooms.session()
  const keys: (string | undefined)[] = []
  host.script = ({ key }) => {
    keys.push(key)
    return keys.length === 1 ? { status: 500, body: { error: 'broken' } } : undefined
  }
  await say(messages, id, 'x')
  await eventually(() => keys.length === 1)
  await statesAre(rooms, 'pending')
  await eventually(async () => {
    await rooms.clock.advance(1_000)
    return keys.length === 2
  })
  await eventually(() => host.ran.length === 1)
  await host.finish()
  await statesAre(rooms, 'sent')

  expect(keys).toEqual(['message:1', 'message:1:1'])
})

it('takes up what a node was sending when it ended: a host that knows keys runs it once', async () => {
  const rooms = await openRooms()
  const host = new LinkedHost(rooms)
  const { id } = await rooms.session()
  // The host took it, and the node ended before it could remember the answer.
  const first = openMessages(rooms, host)
  host.script = ({ key }) => {
    host.script = () => undefined
    void host.router.session(row, {
      method: 'POST',
      path: '/prompt',
      body: { text: 'x' },
      ...(key !== undefined && { key }),
    })
    return new Promise(() => {})
  }
  const row = await rooms.row(id)
  await say(first, id, 'x')
  await eventually(() => host.ran.length === 1)
  await statesAre(rooms, 'sending')
  expect(
    await first.service.list({ kind: 'user', id: 'u', tenant: { org: 'a' }, scopes: ['*'] }),
  ).toMatchObject([{ status: 'pending', sentAt: null }])
  const lease = await rooms.ground.leases.holder(`sessions.messages:${id}`)
  expect(lease).toBeDefined()

  // The lease of the node that ended runs out.
  await rooms.ground.log.commit({ ops: [{ sql: 'delete from leases', params: [] }], appends: [] })
  const second = openMessages(rooms, host)
  await eventually(() => host.asked === 2)
  await host.finish()
  await statesAre(rooms, 'sent')

  expect(host.ran.map(({ text, key }) => [text, key])).toEqual([['x', 'message:1']])
  await second.stop()
})

it('never sends twice to a host that knows no keys, whatever became of the first time', async () => {
  const rooms = await openRooms()
  const host = new LinkedHost(rooms)
  const { id } = await rooms.session({ hostId: null })
  const messageId = await rooms.store.messages.nextId()
  const row = {
    id: messageId,
    tenant: { org: 'a' },
    sender: { kind: 'user' as const, id: 'u_alice' },
    sessionId: id,
    text: 'x',
    runtime: 'local',
    agent: '',
    agentTemplateId: null,
    directory: null,
    status: 'sending' as const,
    createdAt: 1,
    sentAt: null,
  }
  await rooms.ground.log.commit({ ops: [rooms.store.messages.insert(row)], appends: [] })

  openMessages(rooms, host)
  await statesAre(rooms, 'sent')

  expect(host.asked).toBe(0)
})

it('a host that answers when the turn is over is asked once, and holds up no other session', async () => {
  const { rooms, host, messages } = await opened()
  const [slow, fast] = [await rooms.session({ hostId: null }), await rooms.session()]
  let end = () => {}
  host.script = ({ text }) =>
    text === 'slow'
      ? new Promise((resolve) => (end = () => resolve({ status: 200, body: { stopReason: 'end_turn' } })))
      : undefined
  await say(messages, slow.id, 'slow')
  await say(messages, slow.id, 'next')
  await say(messages, fast.id, 'fast')
  await eventually(() => host.ran.length === 1)
  await host.finish()
  await statesAre(rooms, 'sending', 'pending', 'sent')
  expect(host.asked).toBe(2)

  end()
  await eventually(() => host.ran.length === 2)
  await host.finish()
  await statesAre(rooms, 'sent', 'sent', 'sent')
  expect(host.texts()).toEqual(['fast', 'next'])
})

it('what was being sent when the plane stopped is sent once its turn is over, also if that was meanwhile', async () => {
  const rooms = await openRooms()
  const host = new LinkedHost(rooms)
  const { id } = await rooms.session()
  const first = openMessages(rooms, host)
  await say(first, id, 'x')
  await eventually(() => host.ran.length === 1)
  await first.stop()
  await statesAre(rooms, 'sending')

  await host.finish()
  openMessages(rooms, host)
  await statesAre(rooms, 'sent')

  expect(host.ran.map(({ text, key }) => [text, key])).toEqual([['x', 'message:1']])
})

it('one that went into the queue of prompts is sent: its turn is that of the queue', async () => {
  const { rooms, host, messages } = await opened()
  const { id } = await rooms.session()
  host.script = () => ({ status: 202, body: { queued: true, queueId: 'q', position: 0 } })
  await say(messages, id, 'x')
  await eventually(() => host.asked === 1)
  await statesAre(rooms, 'sending')
  const items = [{ queueId: 'q', text: 'x', enqueuedAt: '2026-01-01T00:00:00.000Z', position: 0 }]
  await rooms.happen(id, { type: 'queue.updated', data: { processing: true, paused: false, items, size: 1 } })
  await statesAre(rooms, 'sent')
})

it.each([
  ['fails', promptEvent('response', { error: { code: -32000, message: 'broken' } }, 'turn-1')],
  ['ends with its session', { type: 'session.terminated', data: { exitCode: 0 } }],
])('a message whose turn %s was sent nevertheless', async (_, event) => {
  const { rooms, host, messages } = await opened()
  const { id } = await rooms.session()
  await say(messages, id, 'x')
  await eventually(() => host.ran.length === 1)
  await rooms.happen(id, event)
  await statesAre(rooms, 'sent')
  expect(rooms.faults).toEqual([])
})
