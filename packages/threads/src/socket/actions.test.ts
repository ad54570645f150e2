import { describe, expect, test } from 'vitest'
import { people } from '../plane.test.support.js'
import { assistant, text } from '../protocol/index.js'
import { openDoor, type Transport } from './door.test.support.js'

const draft = (words: string) => ({ client_id: words, content: [{ type: 'text', text: words }] })

describe.each<Transport>(['websocket', 'polling'])('over %s', (transport) => {
  // proves: threads.t22
  test('sending, invoking and cancelling do what the routes do, without joining', async () => {
    const { connect, room, call, threads } = await openDoor()
    threads.assistant('hang', async function* (ctx, send) {
      await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve))
      yield send.message([text('late')])
    })
    const id = await room({ members: [assistant({ id: 'hang', name: 'hang' })] })
    const alice = await connect('alice', { transport })

    const sent = await alice.ask('message:send', { thread_id: id, draft: draft('hi') })
    const again = await alice.ask('message:send', { thread_id: id, draft: draft('hi') })
    const invoked = await alice.ask('assistant:invoke', { thread_id: id, assistant_ids: ['hang'] })
    const [{ id: run }] = invoked.runs
    const cancelled = await alice.ask('run:cancel', { run_id: run })
    const late = await alice.ask('run:cancel', { run_id: run })

    const { items } = (await call('alice', 'GET', `/threads/${id}/events?types=message`)).body
    expect([sent, again]).toEqual([{ event: items[0] }, { event: items[0] }])
    expect(invoked).toMatchObject({ runs: [{ thread_id: id, triggered_by: people.alice }], reused: [] })
    expect(cancelled).toEqual({ run_id: run, cancelled: true, status: 'cancelled' })
    expect(late).toEqual({ run_id: run, cancelled: false, status: 'cancelled' })
    expect(alice.frames).toEqual([])
  })
})

describe('a payload that is malformed', () => {
  const changes = ['message:edit', 'message:delete', 'thread:read', 'typing', 'tool:approve', 'tool:reject']
  const events = [...changes, 'thread:join', 'thread:leave', 'message:send', 'assistant:invoke', 'run:cancel']

  // proves: threads.t22
  test.each(events)('of %s is refused, and the socket lives on', async (name) => {
    const { connect, room, faults } = await openDoor()
    const id = await room()
    const alice = await connect('alice')
    const bad: unknown[][] = [
      [],
      [null],
      ['x'],
      [1],
      [[]],
      [{}],
      [{ thread_id: 7, run_id: 7 }],
      [{ thread_id: id, run_id: id }, 'more'],
      [{ thread_id: id, run_id: id, more: Buffer.from('x') }],
      [JSON.parse(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`)],
    ]

    for (const args of bad)
      expect(await alice.ask(name, ...args)).toMatchObject({ error: { code: 'invalid_request' } })
    alice.socket.emit(name)
    alice.socket.emit(name, null)

    expect(await alice.join(id)).toMatchObject({ thread_id: id })
    expect(faults).toEqual([])
  })

  test('is refused after the gate: strangers learn nothing from its faults', async () => {
    const { connect, room } = await openDoor()
    const id = await room()
    const [alice, bob, dave] = [await connect('alice'), await connect('bob'), await connect('dave')]
    const broken = { thread_id: id, draft: { content: [] }, since: 1 }

    const codes = []
    for (const peer of [alice, bob, dave])
      for (const name of ['message:send', 'thread:join'])
        codes.push((await peer.ask(name, broken)).error.code)

    expect(codes).toEqual(['invalid_request', 'forbidden', 'not_found'].flatMap((code) => [code, code]))
  })
})

test('events that nobody knows are ignored, also those with names of the library', async () => {
  const { connect, room, faults } = await openDoor()
  const id = await room()
  const alice = await connect('alice')

  for (const name of ['nope', 'error', 'constructor', '__proto__']) alice.socket.emit(name, { thread_id: id })

  expect(await alice.join(id)).toMatchObject({ thread_id: id })
  expect(faults).toEqual([])
})

test('an event without an acknowledgement counts, and events of one socket keep their order', async () => {
  const { connect, room } = await openDoor()
  const id = await room()
  const alice = await connect('alice')
  await alice.join(id)

  for (let n = 0; n < 20; n++) alice.socket.emit('message:send', { thread_id: id, draft: draft(`${n}`) })

  const texts = (await alice.until('event', 20)).map(({ content }) => content[0].text)
  expect(texts).toEqual(Array.from({ length: 20 }, (_, n) => `${n}`))
})

test('a socket that asks for too much at once, or follows too many threads, is told so', async () => {
  const { connect, room } = await openDoor({}, { waitingEvents: 3, threads: 1 })
  const [first, second] = [await room(), await room()]
  const alice = await connect('alice')

  const answers = await Promise.all(Array.from({ length: 10 }, () => alice.join(first)))
  const codes = answers.map(({ error }) => error?.code ?? 'fine')

  expect(codes[0]).toBe('fine')
  expect(codes).toContain('rate_limited')
  expect(await alice.join(second)).toMatchObject({ error: { code: 'rate_limited' } })
})
