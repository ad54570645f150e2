import { eventually } from '@parley/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Doors, openDoors } from '../plane-doors.test.support.js'

type Stream = {
  response: Response
  events: Record<string, string>[]
  comments: number
  isOver: boolean
  stop(): void
}

/** Opens the stream and reads it as a browser does. */
async function follow(doors: Doors, id: string, headers: Record<string, string> = {}): Promise<Stream> {
  const response = await doors.fetch(`/api/agents/${id}/stream`, { headers })
  const reader = response.body!.getReader()
  const stream: Stream = {
    response,
    events: [],
    comments: 0,
    isOver: false,
    stop: () => void reader.cancel(),
  }
  onTestFinished(() => void reader.cancel().catch(() => {}))
  void (async () => {
    const decoder = new TextDecoder()
    for (let text = ''; ; ) {
      const { done, value } = await reader.read()
      if (done) break
      text += decoder.decode(value, { stream: true })
      const parts = text.split('\n\n')
      text = parts.pop() ?? ''
      for (const part of parts) {
        if (part.startsWith(':')) stream.comments += 1
        else stream.events.push(fieldsOf(part))
      }
    }
    stream.isOver = true
  })()
  return stream
}

const fieldsOf = (part: string): Record<string, string> =>
  Object.fromEntries(
    part.split('\n').map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]),
  )

const ended = {
  event: 'session.terminated',
  data: '{"type":"session.terminated","sessionId":"s1","agentId":"s1"}',
}

const frame = (seq: number, body: string) =>
  `{"type":"event","channel":"session:s1","sessionId":"s1","agentId":"s1","seq":${seq},"event":${body}}`

// proves: sessions.s46
describe('the event stream', () => {
  test('replays, goes on live, tells the end, and ends', async () => {
    const doors = await openDoors()
    await doors.session('s1')
    const first = await doors.append('s1', 'rpc', { method: 'initialize' })

    const stream = await follow(doors, 's1')
    await eventually(() => stream.events.length === 1)
    const second = await doors.append('s1', 'queue.updated', { size: 0 })
    const last = await doors.append('s1', 'session.terminated', { exitCode: 0 })
    await eventually(() => stream.isOver)

    expect(stream.response.headers.get('content-type')).toBe('text/event-stream')
    expect(stream.response.headers.get('cache-control')).toBe('no-cache')
    expect(stream.events).toEqual([
      { id: '1', event: 'rpc', data: frame(1, first) },
      { id: '2', event: 'queue.updated', data: frame(2, second) },
      { id: '3', event: 'session.terminated', data: frame(3, last) },
      ended,
    ])
  })

  test.each([
    ['1', ['2', '3']],
    ['3', []],
    ['99', []],
    ['x', ['1', '2', '3']],
    ['-1', ['1', '2', '3']],
  ])('after the last event id %s replays %j', async (last, ids) => {
    const doors = await openDoors()
    await doors.session('s1')
    for (let n = 0; n < 3; n++) await doors.append('s1', 'rpc')

    const stream = await follow(doors, 's1', { 'last-event-id': last })
    await eventually(() => {
      doors.announce('s1')
      return stream.events.some(({ event }) => event === 'session.created')
    })
    await doors.append('s1', 'session.terminated')
    await eventually(() => stream.isOver)

    const seen = stream.events.filter(({ event }) => event !== 'session.created')
    expect(seen.map(({ id }) => id)).toEqual([...ids, '4', undefined])
  })

  test.each([
    [
      'its log, whatever came after the end',
      undefined,
      ['rpc', 'session.terminated', 'error', 'session.terminated'],
    ],
    ['nothing but that it is over, to whoever has it all', '3', ['session.terminated']],
  ])('of a session that is over gives %s', async (_, last, types) => {
    const doors = await openDoors()
    await doors.session('s1')
    await doors.append('s1', 'rpc')
    await doors.append('s1', 'session.terminated')
    await doors.append('s1', 'error')

    const stream = await follow(doors, 's1', last ? { 'last-event-id': last } : {})
    await eventually(() => stream.isOver)

    expect(stream.events.map(({ event }) => event)).toEqual(types)
    expect(stream.events.at(-1)).toEqual(ended)
  })

  test('with a number from the future ends all the same', async () => {
    const doors = await openDoors()
    await doors.session('s1')
    await doors.append('s1', 'session.terminated')

    const stream = await follow(doors, 's1', { 'last-event-id': '99' })
    await eventually(() => stream.isOver)

    expect(stream.events).toEqual([ended])
  })

  test('of nobody is refused', async () => {
    const response = await (await openDoors()).fetch('/api/agents/no/stream')

    expect([response.status, await response.json()]).toEqual([404, { error: 'Agent not found' }])
  })

  test('tells that the session began, and what is not stored', async () => {
    const doors = await openDoors()
    await doors.session('s1')
    await doors.append('s1', 'rpc')
    const stream = await follow(doors, 's1')
    await eventually(() => stream.events.length === 1)
    const event = { type: 'filesystem.snapshot', data: { snapshot: {} }, timestamp: 't' }

    await eventually(() => {
      doors.announce('s1')
      doors.ground.log.signal(
        'session:s1',
        JSON.stringify({ ephemeral: { channel: 'session:s1:fs', event } }),
      )
      return stream.events.length >= 3
    })

    expect(stream.events.slice(1, 3)).toEqual([
      { event: 'session.created', data: '{"type":"session.created","sessionId":"s1","agentId":"s1"}' },
      { event: 'filesystem.snapshot', data: frame(0, JSON.stringify(event)) },
    ])
  })

  test('sends a comment every 15 seconds of silence', async () => {
    const doors = await openDoors()
    await doors.session('s1')
    const stream = await follow(doors, 's1')

    await doors.clock.advance(15_000)
    await eventually(() => stream.comments === 1)
    await doors.clock.advance(15_000)

    await eventually(() => stream.comments === 2)
  })

  // proves: sessions.s47
  test('gives a thousand chunks in order and before the answer', async () => {
    const doors = await openDoors()
    await doors.session('s1')
    const stream = await follow(doors, 's1')

    await doors.appendMany('s1', 1_000)
    await doors.append('s1', 'session.terminated')
    await eventually(() => stream.isOver)

    expect(stream.events.slice(0, -1).map(({ id }) => Number(id))).toEqual(
      Array.from({ length: 1_001 }, (_, index) => index + 1),
    )
  })

  test('leaves out what was erased', async () => {
    const doors = await openDoors()
    await doors.session('s1', { status: 'killed' })
    await doors.append('s1', 'rpc', { secret: true })
    await doors.ground.log.blank('session:s1', [1])

    const stream = await follow(doors, 's1')
    await eventually(() => stream.isOver)

    expect(stream.events).toEqual([ended])
  })

  // proves: sessions.s66
  test('is open only so many times for one principal, and a place is free again when one is left', async () => {
    const doors = await openDoors({ limits: { sockets: 2 } })
    await doors.session('s1')
    const streams = [await follow(doors, 's1'), await follow(doors, 's1')]

    const refused = await doors.fetch('/api/agents/s1/stream')
    expect([refused.status, await refused.json()]).toEqual([429, { error: 'too many event streams' }])
    streams[0]?.stop()

    await eventually(async () => {
      const response = await doors.fetch('/api/agents/s1/stream')
      await response.body?.cancel()
      return response.status === 200
    })
  })

  test('ends when its credential does', async () => {
    const doors = await openDoors()
    await doors.session('s1')
    const stream = await follow(doors, 's1')
    await doors.clock.advance(60_000)
    await eventually(() => stream.comments > 0)
    expect(stream.isOver).toBe(false)

    doors.revoked.add('alice')
    await doors.clock.advance(60_000)

    await eventually(() => stream.isOver)
  })

  test('leaves no timer behind', async () => {
    const doors = await openDoors()
    await doors.session('s1')
    const before = doors.clock.pending
    const stream = await follow(doors, 's1')
    expect(doors.clock.pending).toBeGreaterThan(before)

    stream.stop()

    await eventually(() => doors.clock.pending === before)
  })

  test('ends when the plane stops', async () => {
    const doors = await openDoors()
    await doors.session('s1')
    const stream = await follow(doors, 's1')

    await doors.stop()

    await eventually(() => stream.isOver)
  })
})
