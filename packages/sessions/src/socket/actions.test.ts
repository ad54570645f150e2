import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { sessionsErrors } from '../errors.js'
import { type Called, type Doors, openDoors } from '../plane-doors.test.support.js'
import type { HostRequest } from '../protocol/index.js'
import { Peer } from './peer.test.support.js'

async function openSocket(path = '/ws') {
  const doors = await openDoors()
  await doors.session('s1')
  await doors.session('over', { status: 'killed' })
  await doors.session('boxed', { instance: 'box' })
  answerAll(doors)
  const origin = `ws://${await doors.listen()}`
  return { doors, origin, peer: await Peer.open(origin + path) }
}

function answerAll({ host }: Doors): void {
  const ok = { status: 200, body: { ok: true } }
  for (const name of ['PUT /queue', 'DELETE /queue', 'POST /queue/pause', 'POST /queue/resume'])
    host.set(name, ok)
  host.set('DELETE /queue/q%2F1', ok)
  const entries = [{ path: 'a.txt', type: 'file' }]
  host.set('GET /fs/tree', { status: 200, body: { root: '/srv', path: '/srv', entries, maxEntries: 1 } })
  host.set('GET /files', ({ query }) =>
    query?.path === 'a.txt'
      ? { status: 200, body: { path: 'a.txt', content: 'x', truncated: false, maxChars: 9 } }
      : { status: 403, body: { error: 'Path outside workspace' } },
  )
  host.set('POST /terminals', { status: 201, body: { terminalId: 't1' } })
  host.set('POST /terminals/t1/input', ok)
  host.set('POST /terminals/t1/resize', ok)
  host.set('DELETE /terminals/t1', ok)
}

const ofHost = (
  name: string,
  where: string,
  method: string,
  path: string,
  more: Partial<HostRequest> = {},
): Called => [name, where, { method, path, ...more }]

describe('an action on the channel socket', () => {
  const session = (method: string, path: string, more?: Partial<HostRequest>) =>
    ofHost('fetchSession', 's1', method, path, more)
  const instance = (name: string, method: string, path: string, more?: Partial<HostRequest>) =>
    ofHost('fetchInstance', name, method, path, more)
  const s1 = { sessionId: 's1' }

  test.each<[object, Called]>([
    [{ action: 'prompt', ...s1, text: 'hi' }, ['sendPrompt', 's1', 'hi']],
    [{ action: 'prompt', ...s1, text: 'later' }, ['sendPrompt', 's1', 'later']],
    [
      { action: 'permission.respond', ...s1, requestId: 'p', body: { optionId: 'a' } },
      ['resolvePermission', 's1', 'p', { optionId: 'a' }, 'socket'],
    ],
    [
      { action: 'permission.respond', ...s1, requestId: 'p', response: { outcome: 'cancelled' } },
      ['resolvePermission', 's1', 'p', { outcome: 'cancelled' }, 'socket'],
    ],
    [
      { action: 'permission.respond', ...s1, requestId: 'unknown', body: { optionId: 'a' } },
      ['resolvePermission', 's1', 'unknown', { optionId: 'a' }, 'socket'],
    ],
    [{ action: 'cancel', ...s1 }, ['cancelTurn', 's1']],
    [{ action: 'cancel', ...s1, queueId: 'q/1' }, session('DELETE', '/queue/q%2F1')],
    [{ action: 'terminate', ...s1 }, ['terminateSession', 's1']],
    [
      { action: 'queue.reorder', ...s1, order: ['b', 'a'] },
      session('PUT', '/queue', { body: { order: ['b', 'a'] } }),
    ],
    [{ action: 'queue.clear', ...s1 }, session('DELETE', '/queue')],
    [{ action: 'queue.pause', ...s1 }, session('POST', '/queue/pause')],
    [{ action: 'queue.resume', ...s1 }, session('POST', '/queue/resume')],
    [{ action: 'terminal.create' }, instance('local', 'POST', '/terminals', { body: {} })],
    [
      { action: 'terminal.create', sessionId: 'boxed', data: '/bin/bash', cols: 80, rows: 24 },
      instance('box', 'POST', '/terminals', {
        body: { sessionId: 'boxed', data: '/bin/bash', cols: 80, rows: 24 },
      }),
    ],
    [
      { action: 'terminal.input', terminalId: 't1', data: 'ls\r' },
      instance('local', 'POST', '/terminals/t1/input', { body: { data: 'ls\r' } }),
    ],
    [
      { action: 'terminal.resize', terminalId: 't1', cols: 80, rows: 24 },
      instance('local', 'POST', '/terminals/t1/resize', { body: { cols: 80, rows: 24 } }),
    ],
    [{ action: 'terminal.kill', terminalId: 't1' }, instance('local', 'DELETE', '/terminals/t1')],
    [{ action: 'terminal.kill', terminalId: 'gone' }, instance('local', 'DELETE', '/terminals/gone')],
  ])('%j is done, without an answer', async (message, called) => {
    const { doors, peer } = await openSocket()

    peer.send(message)
    await peer.settled()

    expect(doors.calls).toEqual([called])
    expect(peer.frames.slice(1)).toEqual([{ type: 'pong' }])
  })

  test('answers with a listing or a file on this socket alone, tagged by the rule', async () => {
    const { origin, peer } = await openSocket()
    const other = await Peer.open(`${origin}/ws`)
    await other.subscribe('session:s1')

    peer.send({ action: 'fs.snapshot', sessionId: 's1' })
    await eventually(() => peer.of('event').length === 1)
    await peer.subscribe('agent:s1')
    peer.send({ action: 'file.preview', sessionId: 's1', path: 'a.txt' })
    await eventually(() => peer.of('event').length === 2)
    await other.settled()

    const common = { type: 'event', sessionId: 's1', agentId: 's1', seq: 0 }
    const timestamp = '2026-01-01T00:00:00.000Z'
    const snapshot = { root: '/srv', entries: [{ path: 'a.txt', type: 'file' }] }
    expect(peer.of('event')).toEqual([
      {
        ...common,
        channel: 'session:s1:fs',
        event: { type: 'filesystem.snapshot', data: { snapshot }, timestamp },
      },
      {
        ...common,
        channel: 'agent:s1',
        event: { type: 'file.preview', data: { path: 'a.txt', content: 'x' }, timestamp },
      },
    ])
    expect(other.of('event')).toEqual([])
  })

  // proves: sessions.s42
  test.each<[unknown, string]>([
    ['{', 'Invalid JSON'],
    ['', 'Invalid JSON'],
    ['[]', 'Invalid message'],
    ['null', 'Invalid message'],
    [{}, 'Invalid message'],
    [{ action: 1 }, 'Invalid message'],
    [{ action: 'dance' }, 'Unknown action "dance"'],
    [{ action: 'toString' }, 'Unknown action "toString"'],
    [{ action: 'subscribe' }, 'Missing channel'],
    [{ action: 'subscribe', channel: 5 }, 'Missing channel'],
    [{ action: 'subscribe', channel: 'agents', since: 'x' }, 'Invalid message'],
    [{ action: 'unsubscribe', channel: '' }, 'Missing channel'],
    [{ action: 'prompt', sessionId: 's1' }, "Missing 'text' field"],
    [{ action: 'prompt', sessionId: 's1', text: '' }, "Missing 'text' field"],
    [{ action: 'prompt', text: 'x' }, 'Invalid message'],
    [{ action: 'prompt', sessionId: 'no', text: 'x' }, 'Session "no" not found'],
    [{ action: 'prompt', sessionId: 'over', text: 'x' }, 'Session "over" not found'],
    [{ action: 'permission.respond', sessionId: 's1', requestId: 'p' }, 'Invalid message'],
    [
      { action: 'permission.respond', sessionId: 'no', requestId: 'p', body: { optionId: 'a' } },
      'Session not found',
    ],
    [{ action: 'cancel', sessionId: 'no' }, 'Session "no" not found'],
    [{ action: 'cancel', sessionId: 's1', queueId: 'none' }, 'no answer for /queue/none'],
    [{ action: 'terminate', sessionId: 'no' }, 'Session "no" not found'],
    [{ action: 'terminate', sessionId: 'over' }, 'Cannot terminate an already-killed session'],
    [{ action: 'queue.reorder', sessionId: 's1', order: [1] }, 'Invalid message'],
    [{ action: 'queue.clear', sessionId: 'no' }, 'Session "no" not found'],
    [{ action: 'terminal.create', cols: 'x' }, 'Invalid message'],
    [{ action: 'terminal.create', sessionId: 'no' }, 'terminal.create: Session not found'],
    [
      { action: 'terminal.input', terminalId: 'no', data: 'x' },
      'terminal.input: no answer for /terminals/no/input',
    ],
    [{ action: 'terminal.input', terminalId: 't1' }, 'Invalid message'],
    [
      { action: 'terminal.resize', terminalId: 'no', cols: 1, rows: 1 },
      'terminal.resize: no answer for /terminals/no/resize',
    ],
    [{ action: 'fs.snapshot', sessionId: 'over' }, 'Session "over" not found'],
    [{ action: 'file.preview', sessionId: 's1' }, 'Invalid message'],
    [{ action: 'file.preview', sessionId: 's1', path: '../x' }, 'Cannot read: ../x'],
    [{ action: 'file.preview', sessionId: 'no', path: 'a.txt' }, 'Session "no" not found'],
  ])('%j is refused with an error, and the connection stays', async (message, error) => {
    const { peer } = await openSocket()

    peer.send(message)
    await peer.settled()

    expect(peer.frames.slice(1)).toEqual([{ type: 'error', message: error }, { type: 'pong' }])
  })

  test('that a fault breaks is answered without its words', async () => {
    const { doors, peer } = await openSocket()
    doors.service.cancelTurn = () => Promise.reject(new Error('secret'))

    peer.send({ action: 'cancel', sessionId: 's1' })
    await peer.settled()

    expect(peer.of('error')).toEqual([{ type: 'error', message: 'internal error' }])
    expect(doors.faults.splice(0)).toHaveLength(1)
  })

  test('waits for the one before, so that keystrokes keep their order', async () => {
    const { doors, peer } = await openSocket()
    const typed: string[] = []
    doors.host.set('POST /terminals/t1/input', async ({ body }) => {
      const { data } = body as { data: string }
      // The first of them takes longest.
      for (let turns = 20 - typed.length; turns > 0; turns--)
        await new Promise((resolve) => setImmediate(resolve))
      typed.push(data)
      return { status: 200, body: {} }
    })

    for (const data of 'keystrokes') peer.send({ action: 'terminal.input', terminalId: 't1', data })
    await peer.settled()

    expect(typed.join('')).toBe('keystrokes')
  })

  test('is done in the name of another instance where the address says so', async () => {
    const { doors, peer } = await openSocket('/ws?runtime=box')

    peer.send({ action: 'terminal.kill', terminalId: 't1' })
    await peer.settled()

    expect(doors.calls).toEqual([ofHost('fetchInstance', 'box', 'DELETE', '/terminals/t1')])
  })

  test('on a host that is away says so', async () => {
    const { doors, peer } = await openSocket()
    doors.service.fetchInstance = () => Promise.reject(sessionsErrors.hostNotConnected())

    peer.send({ action: 'terminal.create' })

    expect(await peer.error()).toEqual({ type: 'error', message: 'terminal.create: host not connected' })
  })
})

// proves: sessions.s45
describe('the socket of one session', () => {
  test('gives its history, then what comes, without numbers', async () => {
    const { doors, origin } = await openSocket()
    const bodies = [
      await doors.append('s1', 'rpc', { timestamp: 'inner' }),
      await doors.append('s1', 'queue.updated'),
    ]

    const peer = await Peer.open(`${origin}/ws/sessions/s1`)
    await eventually(() => peer.texts.length === 3)
    bodies.push(await doors.append('s1', 'session.terminated', { exitCode: 0 }))
    await eventually(() => peer.texts.length === 4)

    const timestamp = '2026-01-01T00:00:00.000Z'
    expect(peer.texts).toEqual([
      '{"type":"connected","sessionId":"s1"}',
      ...bodies.map((body) => `{"type":"event","timestamp":"${timestamp}","event":${body}}`),
    ])
  })

  test('gives what is not stored', async () => {
    const { doors, origin } = await openSocket()
    const peer = await Peer.open(`${origin}/ws/sessions/s1`)
    await doors.append('s1', 'rpc')
    await eventually(() => peer.of('event').length === 1)
    const event = { type: 'filesystem.snapshot', data: {}, timestamp: 't' }

    doors.ground.log.signal('session:s1', JSON.stringify({ ephemeral: { channel: 'session:s1:fs', event } }))
    await eventually(() => peer.of('event').length === 2)

    expect(peer.of('event')[1]).toEqual({ type: 'event', timestamp: 't', event })
  })

  test.each<[object, Called]>([
    [{ action: 'prompt', text: 'hi' }, ['sendPrompt', 's1', 'hi']],
    [
      { action: 'permission.respond', requestId: 'p', body: { outcome: 'cancelled' } },
      ['resolvePermission', 's1', 'p', { outcome: 'cancelled' }, 'socket'],
    ],
    [
      { action: 'permission.respond', requestId: 'p', response: { optionId: 'b' }, body: { optionId: 'a' } },
      ['resolvePermission', 's1', 'p', { optionId: 'a' }, 'socket'],
    ],
    [{ action: 'cancel' }, ['cancelTurn', 's1']],
    [{ action: 'cancel', queueId: 'q/1' }, ofHost('fetchSession', 's1', 'DELETE', '/queue/q%2F1')],
    [{ action: 'terminate' }, ['terminateSession', 's1']],
    [
      { action: 'queue.reorder', order: ['a'] },
      ofHost('fetchSession', 's1', 'PUT', '/queue', { body: { order: ['a'] } }),
    ],
    [{ action: 'queue.clear' }, ofHost('fetchSession', 's1', 'DELETE', '/queue')],
    [{ action: 'queue.pause' }, ofHost('fetchSession', 's1', 'POST', '/queue/pause')],
    [{ action: 'queue.resume' }, ofHost('fetchSession', 's1', 'POST', '/queue/resume')],
  ])('takes %j', async (message, called) => {
    const { doors, origin } = await openSocket()
    const peer = await Peer.open(`${origin}/ws/sessions/s1`)

    peer.send({ action: 'ping' }, message, 'last')
    await eventually(() => peer.of('error').length === 1)

    expect(doors.calls).toEqual([called])
    expect(peer.frames.slice(1)).toEqual([{ type: 'error', message: 'Invalid JSON' }])
  })

  test('answers a prompt that was queued', async () => {
    const { origin } = await openSocket()
    const peer = await Peer.open(`${origin}/ws/sessions/s1`)

    peer.send({ action: 'prompt', text: 'later' })
    await eventually(() => peer.texts.length === 2)

    expect(peer.frames[1]).toEqual({ queued: true, queueId: 'q1', position: 0 })
  })

  test('lists and shows files to whoever asked', async () => {
    const { origin } = await openSocket()
    const peer = await Peer.open(`${origin}/ws/sessions/s1`)

    peer.send(
      { action: 'fs.snapshot' },
      { action: 'file.preview', path: 'a.txt' },
      { action: 'file.preview', path: '/x' },
    )
    await eventually(() => peer.texts.length === 4)

    expect(peer.frames.slice(1)).toMatchObject([
      { type: 'event', event: { type: 'filesystem.snapshot', data: { snapshot: { root: '/srv' } } } },
      { type: 'event', event: { type: 'file.preview', data: { path: 'a.txt', content: 'x' } } },
      { type: 'error', message: 'Cannot read: /x' },
    ])
    for (const { timestamp, event } of peer.of('event')) expect(timestamp).toBe(event.timestamp)
  })

  test.each<[unknown, string]>([
    [{ action: 'dance' }, 'Unknown action "dance"'],
    [{ action: 'subscribe', channel: 'agents' }, 'Unknown action "subscribe"'],
    [{ action: 'file.preview' }, 'Invalid message'],
    [{ action: 'prompt' }, "Missing 'text' field"],
    ['x', 'Invalid JSON'],
  ])('refuses %j', async (message, error) => {
    const { origin } = await openSocket()
    const peer = await Peer.open(`${origin}/ws/sessions/s1`)

    peer.send(message)

    expect(await peer.error()).toEqual({ type: 'error', message: error })
    expect(peer.closed).toBeUndefined()
  })

  test('that is over shows its history and takes no action', async () => {
    const { doors, origin } = await openSocket()
    await doors.append('over', 'rpc')
    const peer = await Peer.open(`${origin}/ws/sessions/over`)

    peer.send({ action: 'prompt', text: 'x' }, { action: 'fs.snapshot' }, { action: 'cancel' })
    await eventually(() => peer.of('error').length === 3 && peer.of('event').length === 1)

    expect(new Set(peer.of('error').map(({ message }) => message))).toEqual(new Set(['No active session']))
  })
})
