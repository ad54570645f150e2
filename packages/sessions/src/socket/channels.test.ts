import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { type Doors, openDoors } from '../plane-doors.test.support.js'
import { Peer } from './peer.test.support.js'

async function openSocket(options: Parameters<typeof openDoors>[0] = {}) {
  const doors = await openDoors(options)
  const url = `ws://${await doors.listen()}/ws`
  await doors.session('s1')
  return { doors, url, peer: await Peer.open(url) }
}

const range = (channel: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${channel} ${from + index}`)

/** One event of every kind; answers their texts. */
async function appendAll(doors: Doors, id = 's1'): Promise<string[]> {
  return [
    await doors.append(id, 'rpc', { method: 'session/update', direction: 'agent_to_client' }),
    await doors.append(id, 'queue.updated', { size: 0 }),
    await doors.append(id, 'filesystem.changed', { changes: [] }),
    await doors.append(id, 'terminal.data', { terminalId: 't1', data: 'x' }),
    await doors.append(id, 'terminal.data', { terminalId: 't2', data: 'x' }),
    await doors.append(id, 'rpc', { method: 'terminal.create' }),
    await doors.append(id, 'rpc', { method: 'queue.paused' }),
    await doors.append(id, 'permission_request', { requestId: 'p' }),
  ]
}

// proves: sessions.s37
test('a socket is greeted first, on both paths, and a ping is answered', async () => {
  const { url } = await openSocket()

  for (const address of [url, url.replace('/ws', '/')]) {
    const peer = await Peer.open(address)
    peer.send({ action: 'ping' })
    await eventually(() => peer.frames.length === 2)
    expect(peer.frames).toEqual([
      { type: 'connected', connectionId: expect.stringMatching(/./) },
      { type: 'pong' },
    ])
  }
})

// proves: sessions.s38
describe('a subscription', () => {
  test('replays what was, says so, and goes on live with the same bytes', async () => {
    const { doors, url, peer } = await openSocket()
    const bodies = [await doors.append('s1', 'rpc', { é: '\u2028' }), await doors.append('s1', 'error')]

    await peer.subscribe('session:s1')
    bodies.push(await doors.append('s1', 'rpc', { n: 3 }))
    await eventually(() => peer.of('event').length === 3)
    const again = await Peer.open(url)
    await again.subscribe('session:s1')

    const frames = bodies.map(
      (body, index) =>
        `{"type":"event","channel":"session:s1","sessionId":"s1","agentId":"s1","seq":${index + 1},"event":${body}}`,
    )
    const subscribed = '{"type":"subscribed","channel":"session:s1"}'
    expect(peer.texts.slice(1)).toEqual([...frames.slice(0, 2), subscribed, frames[2]])
    expect(again.texts.slice(1)).toEqual([...frames, subscribed])
  })

  test.each([
    [undefined, [1, 2, 3]],
    [0, [1, 2, 3]],
    [2, [3]],
    [3, []],
    [99, []],
    [-5, [1, 2, 3]],
    [1.5, [2, 3]],
  ])('since %s replays %j, and what comes is live', async (since, seqs) => {
    const { doors, peer } = await openSocket()
    await doors.appendMany('s1', 3)

    await peer.subscribe('session:s1', since)
    await doors.append('s1', 'error')
    await eventually(() => peer.events.at(-1) === 'session:s1 4')

    expect(peer.events).toEqual([...seqs, 4].map((seq) => `session:s1 ${seq}`))
  })

  test('that is made again replays again, byte for byte, and live events come once', async () => {
    const { doors, peer } = await openSocket()
    await doors.appendMany('s1', 5)
    await peer.subscribe('session:s1')
    const first = peer.texts.slice(1)
    await peer.subscribe('session:s1')
    const second = peer.texts.slice(1 + first.length)
    await peer.subscribe('session:s1', 3)
    await doors.append('s1', 'error')
    await eventually(() => peer.events.at(-1) === 'session:s1 6')

    expect(second).toEqual(first)
    expect(peer.events.slice(10)).toEqual(['session:s1 4', 'session:s1 5', 'session:s1 6'])
  })

  test('says when some of what was asked for is gone', async () => {
    const { doors, url, peer } = await openSocket()
    await doors.appendMany('s1', 6)
    await doors.ground.log.trim('session:s1', 4)

    expect(await peer.subscribe('session:s1', 1)).toEqual({
      type: 'subscribed',
      channel: 'session:s1',
      truncated: true,
    })
    expect(await peer.subscribe('agent:s1', 2)).toMatchObject({ truncated: true })
    expect(await peer.subscribe('agent:s1', 3)).not.toHaveProperty('truncated')
    const other = await Peer.open(url)
    expect(await other.subscribe('session:s1', 3)).not.toHaveProperty('truncated')
    expect(peer.events).toEqual([
      ...range('session:s1', 4, 6),
      ...range('session:s1', 4, 6),
      ...range('session:s1', 4, 6),
    ])
  })

  test('of a session that is over gives its history', async () => {
    const { doors, peer } = await openSocket()
    await doors.appendMany('s1', 2)
    await doors.append('s1', 'session.terminated')

    await peer.subscribe('session:s1')
    await peer.settled()

    expect(peer.events).toEqual(range('session:s1', 1, 3))
    expect(peer.of('session.terminated')).toEqual([])
  })

  test('in the middle of writes gets everything once, in order, and confirms when it has caught up', async () => {
    const { doors, peer } = await openSocket()
    await doors.appendMany('s1', 300)
    let isWriting = true
    let written = 300
    const writing = (async () => {
      while (isWriting) {
        await doors.appendMany('s1', 20)
        written += 20
        // The reader looks at what came every few milliseconds.
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()

    await peer.subscribe('session:s1')
    await peer.subscribe('session:s1:queue')
    await peer.subscribe('agent:s1', 200)
    const replayed = peer.of('event').length
    await eventually(() => peer.of('event').length > replayed + 100)
    isWriting = false
    await writing
    await eventually(() => peer.events.at(-1)?.endsWith(` ${written}`))

    const numbers = peer.of('event').map(({ seq }) => seq as number)
    // One step back: where the second replay of everything began.
    const back = numbers.findIndex((seq, index) => index > 0 && seq <= numbers[index - 1]!)
    expect(numbers.slice(0, back)).toEqual(Array.from({ length: back }, (_, index) => index + 1))
    const second = numbers.slice(back)
    expect(second).toEqual(Array.from({ length: written - 200 }, (_, index) => index + 201))
  })

  // proves: sessions.s47
  test('to a thousand chunks and an answer gives them in order', async () => {
    const { doors, peer } = await openSocket()
    await peer.subscribe('session:s1')

    await doors.appendMany('s1', 1_000)
    await doors.append('s1', 'rpc', { method: 'session/prompt', phase: 'response' })
    await eventually(() => peer.of('event').length === 1_001)

    expect(peer.events).toEqual(range('session:s1', 1, 1_001))
    expect(peer.of('event').at(-1)?.event.data.method).toBe('session/prompt')
  })
})

// proves: sessions.s39
describe('an event is tagged with its most specific channel among those of the connection', () => {
  const everything = [1, 2, 3, 4, 5, 6, 7, 8]
  const of = (channel: string, seqs: number[]) => seqs.map((seq) => `${channel} ${seq}`)

  test.each<[string, string[], string[]]>([
    ['the session', ['session:s1'], of('session:s1', everything)],
    ['the agent', ['agent:s1'], of('agent:s1', everything)],
    ['its files', ['session:s1:fs'], of('session:s1:fs', [3])],
    ['files of the agent', ['agent:s1:fs'], of('agent:s1:fs', [3])],
    ['both of files', ['agent:s1:fs', 'session:s1:fs'], of('session:s1:fs', [3])],
    ['its queue', ['session:s1:queue'], of('session:s1:queue', [2, 7])],
    ['its terminals', ['session:s1:terminal'], of('session:s1:terminal', [4, 5, 6])],
    ['one terminal', ['session:s1:terminal:t2'], of('session:s1:terminal:t2', [5])],
    ['session and agent', ['agent:s1', 'session:s1'], of('session:s1', everything)],
    [
      'session and queue',
      ['session:s1', 'session:s1:queue'],
      [
        'session:s1 1',
        'session:s1:queue 2',
        ...of('session:s1', [3, 4, 5, 6]),
        'session:s1:queue 7',
        'session:s1 8',
      ],
    ],
    [
      'all and a terminal',
      ['agents', 'session:s1:terminal:t1', 'session:s1:terminal'],
      [
        ...of('agents', [1, 2, 3]),
        'session:s1:terminal:t1 4',
        ...of('session:s1:terminal', [5, 6]),
        ...of('agents', [7, 8]),
      ],
    ],
    ['another session', ['session:s2', 'agent:s2:fs'], []],
  ])('live: %s', async (_, channels, expected) => {
    const { doors, peer } = await openSocket()
    await doors.session('s2')
    for (const channel of channels) await peer.subscribe(channel)

    await appendAll(doors)
    await eventually(() => peer.of('event').length >= expected.length)
    await peer.settled()

    expect(peer.events).toEqual(expected)
  })

  test('in a replay of one channel as well, which gives only its events', async () => {
    const { doors, peer } = await openSocket()
    await appendAll(doors)
    const bodies = async (channel: string, since?: number) => {
      const known = peer.events.length
      await peer.subscribe(channel, since)
      return peer.events.slice(known)
    }

    expect(await bodies('session:s1:queue')).toEqual(of('session:s1:queue', [2, 7]))
    expect(await bodies('session:s1:fs')).toEqual(of('session:s1:fs', [3]))
    expect(await bodies('session:s1:terminal:t1')).toEqual(of('session:s1:terminal:t1', [4]))
    expect(await bodies('session:s1', 5)).toEqual(['session:s1 6', 'session:s1:queue 7', 'session:s1 8'])
    expect(await bodies('session:s1:queue', 2)).toEqual(['session:s1:queue 7'])
    await doors.append('s1', 'queue.paused')
    await doors.append('s1', 'rpc')
    await eventually(() => peer.events.at(-1) === 'session:s1 10')
    expect(peer.events.slice(-2)).toEqual(['session:s1:queue 9', 'session:s1 10'])
  })

  test('what is not stored has the number 0, and comes to its channels', async () => {
    const { doors, url, peer } = await openSocket()
    const queue = await Peer.open(url)
    await peer.subscribe('session:s1')
    await queue.subscribe('session:s1:queue')
    const event = { type: 'filesystem.snapshot', data: { snapshot: {} }, timestamp: 't' }

    doors.ground.log.signal('session:s1', JSON.stringify({ ephemeral: { channel: 'session:s1:fs', event } }))
    await eventually(() => peer.events.length === 1)
    await queue.settled()

    expect(peer.of('event')).toEqual([
      { type: 'event', channel: 'session:s1', sessionId: 's1', agentId: 's1', seq: 0, event },
    ])
    expect(queue.events).toEqual([])
  })

  test('what was erased is not sent', async () => {
    const { doors, peer } = await openSocket()
    await doors.appendMany('s1', 3)
    await doors.ground.log.blank('session:s1', [2])

    await peer.subscribe('session:s1')

    expect(peer.events).toEqual(['session:s1 1', 'session:s1 3'])
  })
})

// proves: sessions.s40
describe('whoever watches all', () => {
  test('gets what comes of every visible session, and nothing that was', async () => {
    const { doors, peer } = await openSocket()
    await doors.session('s2')
    await doors.session('foreign', { tenant: { org: 'other' } })
    await doors.appendMany('s1', 5)

    await peer.subscribe('agents')
    for (const id of ['s1', 'foreign', 's2', 's1', 'foreign']) await doors.append(id, 'rpc')
    await eventually(() => peer.events.length === 3)
    await peer.settled()

    expect(
      peer
        .of('event')
        .map(({ sessionId, seq }) => `${sessionId} ${seq}`)
        .sort(),
    ).toEqual(['s1 6', 's1 7', 's2 1'])
  })

  test('is told that sessions begin and end, the latter after the last event', async () => {
    const { doors, peer } = await openSocket()
    await peer.subscribe('agents')
    await doors.session('s2')
    await doors.session('foreign', { tenant: { org: 'other' } })

    for (const id of ['s2', 'foreign']) doors.announce(id)
    await doors.append('s2', 'rpc')
    await doors.append('s2', 'session.terminated')
    await eventually(() => peer.of('session.terminated').length === 1)

    expect(peer.of('session.created')).toEqual([{ type: 'session.created', sessionId: 's2', agentId: 's2' }])
    expect(peer.frames.slice(-3)).toMatchObject([
      { type: 'event', seq: 1 },
      { type: 'event', seq: 2, event: { type: 'session.terminated' } },
      { type: 'session.terminated', sessionId: 's2', agentId: 's2' },
    ])
  })

  test('and one session gets each event once, also of one that it looks at later', async () => {
    const { doors, peer } = await openSocket()
    await doors.appendMany('s1', 3)
    await peer.subscribe('agents')
    await doors.append('s1', 'rpc')
    await eventually(() => peer.events.length === 1)

    await peer.subscribe('session:s1', 2)
    await doors.append('s1', 'rpc')
    await eventually(() => peer.events.length === 4)
    peer.send({ action: 'unsubscribe', channel: 'session:s1' })
    await eventually(() => peer.of('unsubscribed').length === 1)
    await doors.append('s1', 'rpc')
    await eventually(() => peer.events.length === 5)

    expect(peer.events).toEqual(['agents 4', 'session:s1 3', 'session:s1 4', 'session:s1 5', 'agents 6'])
  })

  test('replays a part of a session that it asks for, and nothing else of it', async () => {
    const { doors, peer } = await openSocket()
    await appendAll(doors)
    await peer.subscribe('agents')

    await peer.subscribe('session:s1:fs')
    await doors.append('s1', 'rpc')
    await eventually(() => peer.events.length === 2)

    expect(peer.events).toEqual(['session:s1:fs 3', 'agents 9'])
  })

  test('hears nothing more when it leaves', async () => {
    const { doors, peer } = await openSocket()
    await peer.subscribe('agents')
    await peer.subscribe('session:s1:queue')
    await doors.append('s1', 'rpc')
    await eventually(() => peer.events.length === 1)

    peer.send({ action: 'unsubscribe', channel: 'agents' })
    await eventually(() => peer.of('unsubscribed').length === 1)
    await doors.session('s2')
    await doors.append('s2', 'rpc')
    await doors.append('s1', 'rpc')
    await doors.append('s1', 'queue.updated')
    await eventually(() => peer.events.length === 2)

    expect(peer.events).toEqual(['agents 1', 'session:s1:queue 3'])
  })
})

test('a session that is subscribed to before it is there is told and followed from its first event', async () => {
  const { doors, peer } = await openSocket()
  await peer.subscribe('session:s9')
  await peer.subscribe('session:foreign')

  await doors.session('foreign', { tenant: { org: 'other' } })
  await doors.append('foreign', 'rpc')
  doors.announce('foreign')
  await doors.session('s9')
  await doors.append('s9', 'rpc')
  doors.announce('s9')
  await eventually(() => peer.events.length === 1)
  await doors.append('s9', 'rpc')
  await eventually(() => peer.events.length === 2)

  expect(peer.events).toEqual(['session:s9 1', 'session:s9 2'])
  expect(peer.of('session.created')).toEqual([{ type: 'session.created', sessionId: 's9', agentId: 's9' }])
})

test('a session that ends while it is replayed is told to be over after everything else', async () => {
  const { doors, peer } = await openSocket()
  await doors.appendMany('s1', 20_000, 200)

  peer.send({ action: 'subscribe', channel: 'session:s1' })
  await eventually(() => peer.texts.length > 1)
  await doors.append('s1', 'session.terminated')
  await doors.append('s1', 'queue.updated')
  await eventually(() => peer.of('session.terminated').length === 1)

  expect(peer.of('event').map(({ seq }) => seq)).toEqual(
    Array.from({ length: 20_002 }, (_, index) => index + 1),
  )
  expect(peer.frames.slice(-2)).toEqual([
    { type: 'subscribed', channel: 'session:s1' },
    { type: 'session.terminated', sessionId: 's1', agentId: 's1' },
  ])
})

test('what comes of a session after its end still comes, and the end is told once', async () => {
  const { doors, url, peer } = await openSocket()
  const queue = await Peer.open(url)
  await peer.subscribe('session:s1')
  await queue.subscribe('session:s1:queue')
  await doors.append('s1', 'session.terminated')
  await eventually(() => peer.of('session.terminated').length === 1)

  await (await Peer.open(url)).subscribe('session:s1')
  await doors.append('s1', 'queue.updated')
  await eventually(() => queue.events.length === 1 && peer.events.length === 2)
  await peer.subscribe('agent:s1')
  await peer.settled()

  expect(peer.of('session.terminated')).toHaveLength(1)
  expect(queue.events).toEqual(['session:s1:queue 2'])
})

test('a part of a session is told neither of its beginning nor of its end', async () => {
  const { doors, url, peer } = await openSocket()
  const part = await Peer.open(url)
  await peer.subscribe('agent:s1')
  await part.subscribe('session:s1:fs')

  doors.announce('s1')
  await doors.append('s1', 'session.terminated')
  await eventually(() => peer.of('session.terminated').length === 1)
  await part.settled()

  expect(peer.of('session.created')).toHaveLength(1)
  expect(part.texts).toHaveLength(3)
})

// proves: sessions.s41
describe('leaving a channel', () => {
  test('is confirmed, nothing of it comes after, and others go on', async () => {
    const { doors, peer } = await openSocket()
    await peer.subscribe('session:s1')
    await peer.subscribe('session:s1:queue')
    await doors.append('s1', 'rpc')

    peer.send({ action: 'unsubscribe', channel: 'session:s1' })
    await eventually(() => peer.of('unsubscribed').length === 1)
    await doors.append('s1', 'rpc')
    await doors.append('s1', 'queue.paused')
    await eventually(() => peer.events.at(-1) === 'session:s1:queue 3')
    peer.send({ action: 'unsubscribe', channel: 'session:s1:queue' })
    await eventually(() => peer.of('unsubscribed').length === 2)
    await doors.append('s1', 'queue.paused')
    await peer.settled()

    expect(peer.events).toEqual(['session:s1 1', 'session:s1:queue 3'])
    expect(peer.of('unsubscribed')).toEqual([
      { type: 'unsubscribed', channel: 'session:s1' },
      { type: 'unsubscribed', channel: 'session:s1:queue' },
    ])
  })

  test('that it never had is confirmed as well', async () => {
    const { peer } = await openSocket()
    peer.send({ action: 'unsubscribe', channel: 'session:s1' }, { action: 'unsubscribe', channel: 'odd' })
    await eventually(() => peer.of('unsubscribed').length === 2)

    expect(peer.of('unsubscribed').map(({ channel }) => channel)).toEqual(['session:s1', 'odd'])
  })

  test('stops a replay that is under way', async () => {
    const { doors, peer } = await openSocket()
    await doors.appendMany('s1', 20_000, 500)

    peer.send({ action: 'subscribe', channel: 'session:s1' })
    await eventually(() => peer.texts.length > 1)
    peer.send({ action: 'unsubscribe', channel: 'session:s1' })
    await eventually(() => peer.texts.at(-1)?.includes('unsubscribed'))
    await peer.settled()

    expect(peer.of('event').length).toBeLessThan(20_000)
    expect(peer.of('subscribed')).toEqual([])
    expect(peer.texts.at(-1)).toBe('{"type":"pong"}')
  })

  test('whose replay is under way loses and repeats nothing of the others', async () => {
    const { doors, peer } = await openSocket()
    await peer.subscribe('session:s1:queue')
    await doors.appendMany('s1', 20_000, 500)
    await doors.append('s1', 'queue.updated')
    await eventually(() => peer.events.length === 1)

    peer.send({ action: 'subscribe', channel: 'session:s1' })
    await eventually(() => peer.texts.length > 10)
    await doors.append('s1', 'queue.paused')
    peer.send({ action: 'unsubscribe', channel: 'session:s1' })
    await doors.append('s1', 'queue.resumed')
    await eventually(() => peer.events.at(-1)?.endsWith(' 20003'))
    await peer.settled()

    const ofQueue = peer.events.filter((event) => event.startsWith('session:s1:queue '))
    expect(ofQueue).toEqual(['session:s1:queue 20001', 'session:s1:queue 20002', 'session:s1:queue 20003'])
    expect(peer.events.length).toBeLessThan(20_000)
  })
})

// proves: sessions.s66
describe('a subscription is refused', () => {
  test.each([
    'session',
    'agent',
    'agent:',
    'session:s1:odd',
    'agents:s1',
    'terminals:a:b',
    'agent:s1:queue',
    '*',
  ])('to %s, which is no channel', async (channel) => {
    const { peer } = await openSocket()

    expect(await peer.subscribe(channel)).toEqual({ type: 'error', message: 'Unknown channel', channel })
  })

  test('past the limit, but not when it is one of those', async () => {
    const { peer } = await openSocket()
    for (let n = 0; n < 100; n++) peer.send({ action: 'subscribe', channel: `session:n${n}` })
    await eventually(() => peer.of('subscribed').length === 100)

    const message = 'Max subscriptions (100) exceeded'
    expect(await peer.subscribe('session:s1')).toEqual({ type: 'error', message, channel: 'session:s1' })
    expect(await peer.subscribe('session:n0')).toMatchObject({ type: 'subscribed' })
    peer.send({ action: 'unsubscribe', channel: 'session:n5' })
    expect(await peer.subscribe('session:s1')).toMatchObject({ type: 'subscribed' })
  })
})
