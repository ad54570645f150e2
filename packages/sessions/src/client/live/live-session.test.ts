import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { anEvent, events, type FakeServer, openFakeServer } from '../fake-server.test.support.js'
import type { LiveSession, SessionSnapshot } from './types.js'

const { prompt, chunk, answered, asked, opened } = events

function until(session: LiveSession, isThere: (state: SessionSnapshot) => unknown): Promise<SessionSnapshot> {
  return eventually(() => {
    const state = session.getState()
    return isThere(state) ? state : undefined
  })
}

const wordsOf = ({ timeline }: SessionSnapshot) =>
  timeline.flatMap((item) => ('text' in item ? [`${item.kind} ${item.text}`] : [item.kind]))

async function openSession(more: Parameters<FakeServer['add']>[1] = {}) {
  const fake = await openFakeServer()
  fake.add('s', more)
  const client = fake.client()
  return { fake, client, session: client.session('s') }
}

test('a session is followed: what was, then what comes', async () => {
  const { fake, session } = await openSession({ title: 'Titled' })
  expect(session.getState()).toMatchObject({ id: 's', status: 'loading', timeline: [], isProcessing: false })
  fake.emit(
    's',
    opened({ modes: { currentModeId: 'a', availableModes: [] } }),
    prompt('hi', 'turn_1'),
    chunk('He'),
  )
  await until(session, ({ status }) => status === 'live')

  fake.emit('s', chunk('llo'), asked('r1'))
  const state = await until(session, ({ pendingPermissions }) => pendingPermissions.length)

  expect(wordsOf(state)).toEqual(['prompt hi', 'message Hello', 'permission'])
  expect(state).toMatchObject({
    status: 'live',
    title: 'Titled',
    isProcessing: true,
    turn: { turnId: 'turn_1' },
    isTruncated: false,
    modes: { current: 'a' },
    session: { id: 's', agentName: 'Demo', logs: [] },
  })
  expect(session.logs().map(({ type }) => type)).toEqual(['rpc', 'rpc', 'rpc', 'rpc', 'permission_request'])
  expect(fake.calls()).toEqual(['GET /agents/s?logs=false'])

  fake.emit('s', answered())
  expect(await until(session, ({ isProcessing }) => !isProcessing)).not.toHaveProperty('turn')
})

test('state and lists stay the same objects until something changes; listeners are told once for a turn', async () => {
  const { fake, session } = await openSession()
  fake.emit('s', opened({}))
  await until(session, ({ status }) => status === 'live')
  let told = 0
  const stop = session.subscribe(() => told++)
  const before = session.getState()
  expect([session.getState(), session.logs()]).toEqual([before, session.logs()])
  expect(session.getState()).toBe(before)

  fake.emit('s', chunk('a'))
  const after = await until(session, (state) => state !== before)
  expect(told).toBe(1)
  expect(after.commands).toBe(before.commands)
  expect(after.timeline).not.toBe(before.timeline)

  stop()
  fake.emit('s', chunk('b'))
  await until(session, (state) => state !== after)
  expect(told).toBe(1)
})

test('a thousand chunks arrive whole and in order, with a lost connection in between', async () => {
  const { fake, session } = await openSession()
  await until(session, ({ status }) => status === 'live')
  const text = Array.from({ length: 1_000 }, (_, i) => `${i} `)
  fake.emit('s', prompt('count'), ...text.slice(0, 400).map(chunk))
  await until(session, ({ timeline }) => timeline.length === 2)

  fake.cut()
  await until(session, ({ status }) => status === 'reconnecting')
  fake.emit('s', ...text.slice(400, 700).map(chunk))
  fake.mend()
  await until(session, ({ status }) => status === 'live')
  fake.emit('s', ...text.slice(700).map(chunk), answered())

  const { timeline } = await until(session, ({ isProcessing }) => !isProcessing)
  expect(timeline).toMatchObject([{ text: 'count' }, { text: text.join('') }, { kind: 'turn' }])
})

describe('a session that is over', () => {
  test('is read from its log', async () => {
    const fake = await openFakeServer()
    fake.add('s', { status: 'killed' })
    fake.emit('s', prompt('hi'), chunk('yo'), asked('r1'))
    const session = fake.client().session('s')

    const state = await until(session, ({ status }) => status === 'ended')

    expect(wordsOf(state)).toEqual(['prompt hi', 'message yo', 'permission'])
    expect(state).toMatchObject({ pendingPermissions: [], isProcessing: false, ended: {} })
    expect(fake.calls()).toEqual(['GET /agents/s?logs=false', 'GET /agents/s'])
    expect(fake.lines.size).toBe(0)
  })

  test('says so when it ends while it is followed', async () => {
    const { fake, session } = await openSession()
    await until(session, ({ status }) => status === 'live')
    fake.change('s', { status: 'killed' })
    fake.emit('s', anEvent('session.terminated', { exitCode: 7, reason: 'agent_exit' }))
    fake.lifecycle('session.terminated', 's')

    const state = await until(session, ({ session: read }) => read?.status === 'killed')
    expect(state).toMatchObject({ status: 'ended', ended: { exitCode: 7, reason: 'agent_exit' } })
  })

  test('is noticed after a lost connection', async () => {
    const { fake, session } = await openSession()
    await until(session, ({ status }) => status === 'live')
    fake.cut()
    await until(session, ({ status }) => status === 'reconnecting')
    fake.change('s', { status: 'killed' })
    fake.mend()
    await until(session, ({ status }) => status === 'ended')
  })
})

describe('a session that is not there', () => {
  test('is gone', async () => {
    const fake = await openFakeServer()
    const client = fake.client()
    const session = client.session('x')
    const state = await until(session, ({ status }) => status === 'gone')
    expect(state.error).toMatchObject({ code: 'not_found', message: 'Session not found' })

    fake.add('x')
    await until(client.session('x'), ({ status }) => status === 'live')
  })

  test('is refused where it may not be seen', async () => {
    const fake = await openFakeServer()
    fake.routes.set('GET /agents/x', () => ({ status: 401, body: { error: 'no' } }))
    const state = await until(fake.client().session('x'), ({ status }) => status === 'refused')
    expect(state.error).toMatchObject({ code: 'unauthenticated' })
  })

  test('is refused by the socket', async () => {
    const { fake, session } = await openSession()
    fake.behaviour.closesWith = 4401
    const state = await until(session, ({ status }) => status === 'refused')
    expect(state.error).toMatchObject({ code: 'unauthenticated' })
  })

  test('is refused when the credential has ended while the connection was away', async () => {
    const { fake, session } = await openSession()
    await until(session, ({ status }) => status === 'live')
    fake.routes.set('GET /agents/s', () => ({ status: 401, body: { error: 'no' } }))
    for (const { socket } of fake.lines) socket.close()
    const state = await until(session, ({ status }) => status === 'refused')
    expect(state.error).toMatchObject({ code: 'unauthenticated' })
  })

  test('is refused by its channel', async () => {
    const fake = await openFakeServer()
    fake.add('s')
    fake.behaviour.refused.set('session:s', 'Max subscriptions (100) exceeded')
    const state = await until(fake.client().session('s'), ({ status }) => status === 'refused')
    expect(state.error?.message).toBe('Max subscriptions (100) exceeded')
  })

  test('is tried again where that may help', async () => {
    const fake = await openFakeServer()
    fake.add('s')
    let failures = 0
    fake.routes.set('GET /agents/s', () => {
      failures += 1
      if (failures === 3) fake.routes.clear()
      return { status: 503, body: { error: 'later' } }
    })
    await until(fake.client().session('s'), ({ status }) => status === 'live')
    expect(failures).toBe(3)
  })
})

test('a beginning that was not kept is said', async () => {
  const fake = await openFakeServer()
  fake.add('s')
  fake.behaviour.truncated.add('session:s')
  const state = await until(fake.client().session('s'), ({ status }) => status === 'live')
  expect(state.isTruncated).toBe(true)
})

test('the address of the session is used where it has one, and followers share all of it', async () => {
  const [fake, host] = [await openFakeServer(), await openFakeServer()]
  fake.add('s', { websocketUrl: `ws://127.0.0.1:${host.port}/x` })
  host.add('s')
  const client = fake.client()
  const [first, second] = [client.session('s'), client.session('s')]
  await until(first, ({ status }) => status === 'live')

  expect(second.getState()).toBe(first.getState())
  expect([host.lines.size, fake.lines.size, host.actions.length]).toEqual([1, 0, 1])
  first.close()
  first.close()
  await expect(first.prompt('x')).rejects.toMatchObject({ code: 'closed' })
  host.emit('s', chunk('still'))
  await until(second, ({ timeline }) => timeline.length === 1)
  second.close()
  await eventually(() => host.lines.size === 0)
})

describe('a prompt', () => {
  test('is shown at once and becomes the turn’s', async () => {
    const { fake, session } = await openSession()
    await until(session, ({ status }) => status === 'live')
    fake.routes.set('POST /agents/s/prompts', () => ({
      status: 202,
      body: { accepted: true, turnId: 'turn_1' },
    }))

    const sent = session.prompt('hi')
    expect(session.getState().timeline).toMatchObject([{ kind: 'pending', text: 'hi', state: 'sending' }])
    await expect(sent).resolves.toEqual({ accepted: true, turnId: 'turn_1' })
    expect(wordsOf(session.getState())).toEqual(['pending hi'])

    fake.emit('s', prompt('hi', 'turn_1'))
    await until(session, (state) => wordsOf(state).join() === 'prompt hi')
    expect(session.getState().title).toBe('hi')
  })

  test('goes into the queue', async () => {
    const { fake, session } = await openSession()
    await until(session, ({ status }) => status === 'live')
    const items = [{ queueId: 'q', text: 'next', enqueuedAt: 't', position: 0 }]
    const queue = { processing: true, paused: false, items, size: 1 }
    fake.routes.set('POST /agents/s/prompts', () => {
      fake.emit('s', anEvent('queue.updated', queue))
      return { body: { queued: true, queueId: 'q', position: 0 } }
    })

    await session.prompt('next')

    const state = await until(session, ({ queue: read }) => read?.size)
    expect([state.timeline, state.queue]).toEqual([[], queue])
  })

  test('that was refused stays until it is sent again or discarded', async () => {
    const { fake, session } = await openSession()
    await until(session, ({ status }) => status === 'live')
    fake.routes.set('POST /agents/s/prompts', () => ({ status: 503, body: { error: 'host not connected' } }))

    await expect(session.prompt('hi')).rejects.toMatchObject({ message: 'Prompt failed (503)' })
    const [item] = session.getState().timeline
    expect(item).toMatchObject({ kind: 'pending', state: 'failed', error: { detail: 'host not connected' } })

    await expect(session.retry(item?.key ?? '')).rejects.toMatchObject({ status: 503 })
    expect(wordsOf(session.getState())).toEqual(['pending hi'])
    await expect(session.retry('nothing')).rejects.toMatchObject({ code: 'not_found' })

    session.discard(session.getState().timeline[0]?.key ?? '')
    expect(session.getState().timeline).toEqual([])
  })

  test('of a server that answers when the turn is over is shown once', async () => {
    const { fake, session } = await openSession()
    await until(session, ({ status }) => status === 'live')
    fake.routes.set('POST /agents/s/prompts', () => {
      fake.emit('s', prompt('hi'), chunk('yo'), answered())
      return { body: { stopReason: 'end_turn' } }
    })

    await expect(session.prompt('hi')).resolves.toEqual({ stopReason: 'end_turn' })

    await until(session, ({ timeline }) => timeline.length === 3)
    expect(wordsOf(session.getState())).toEqual(['prompt hi', 'message yo', 'turn'])
  })
})

test.each<[string, (session: LiveSession) => Promise<unknown>, unknown]>([
  ['POST /agents/s/permissions/r1', (s) => s.respond('r1', { optionId: 'yes' }), { optionId: 'yes' }],
  ['POST /agents/s/cancel', (s) => s.cancel(), undefined],
  ['DELETE /agents/s/queue/q', (s) => s.cancel('q'), undefined],
  ['DELETE /agents/s', (s) => s.terminate(), undefined],
  ['DELETE /agents/s/queue', (s) => s.clearQueue(), undefined],
  ['PUT /agents/s/queue', (s) => s.reorderQueue(['a']), { order: ['a'] }],
  ['POST /agents/s/queue/pause', (s) => s.pauseQueue(), undefined],
  ['POST /agents/s/queue/resume', (s) => s.resumeQueue(), undefined],
  ['POST /agents/s/mode', (s) => s.setMode('m'), { modeId: 'm' }],
  ['POST /agents/s/model', (s) => s.setModel('m'), { modelId: 'm' }],
  ['POST /agents/s/config', (s) => s.setConfigOption('c', 'v'), { configId: 'c', value: 'v' }],
])('an action is a call: %s', async (call, act, body) => {
  const { fake, session } = await openSession()
  fake.routes.set(call, () => ({ body: { ok: true, cleared: 0 } }))

  await act(session)

  expect(fake.asked.find((one) => one.call === call)).toMatchObject({
    call,
    ...(body !== undefined && { body }),
  })
})
