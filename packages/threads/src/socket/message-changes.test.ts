import { describe, expect, test } from 'vitest'
import { people } from '../plane.test.support.js'
import { text } from '../protocol/index.js'
import { openDoor, type Transport } from './door.test.support.js'

async function openRoom(options: Parameters<typeof openDoor>[0] = {}) {
  const door = await openDoor(options)
  const room = await door.room({ members: [people.bob!] })
  const message = await door.send('alice', room, 'first')
  return { ...door, room, message, about: { thread_id: room, event_id: message.id } }
}

const content = [text('second')]

describe.each<Transport>(['websocket', 'polling'])('over %s', (transport) => {
  // proves: threads.t37
  test('edits and deletions do what the routes do, and the room gets their events', async () => {
    const { connect, call, room, about } = await openRoom()
    const [alice, bob] = [await connect('alice', { transport }), await connect('bob', { transport })]
    await bob.join(room)

    const { event } = await alice.ask('message:edit', { ...about, content })
    const deleted = await alice.ask('message:delete', about)
    const again = await alice.ask('message:delete', about)
    const late = await alice.ask('message:edit', { ...about, content })

    const path = `/threads/${room}/events?types=message.edited,message.deleted`
    const { items } = (await call('bob', 'GET', path)).body
    expect(items).toMatchObject([
      { type: 'message.edited', target_id: about.event_id, content },
      { type: 'message.deleted', target_id: about.event_id },
    ])
    expect(event).toEqual(items[0])
    expect([deleted, again]).toEqual(Array(2).fill({ event_id: about.event_id, deleted: true }))
    expect(late).toEqual({ error: { code: 'not_found', message: 'event not found' } })
    expect(await bob.until('event', 2)).toEqual(items)
  })

  // proves: threads.t37
  test('a read mark is told to everybody when it moves, after what it speaks of', async () => {
    const { connect, call, send, room, message } = await openRoom()
    const [alice, bob] = [await connect('alice', { transport }), await connect('bob', { transport })]
    for (const peer of [alice, bob]) await peer.join(room)
    const mark = (seq: number) => bob.ask('thread:read', { thread_id: room, seq })
    const marked = (seq: number) => ({ thread_id: room, identity_id: 'u_bob', seq })

    const { seq } = await send('alice', room, 'second')
    expect(await mark(message.seq)).toEqual(marked(message.seq))
    expect(await mark(1)).toEqual(marked(message.seq))
    expect(await mark(seq + 99)).toEqual(marked(seq))
    const { body } = await call('bob', 'POST', `/threads/${room}/read`, { seq: 1 })
    await send('alice', room, 'the end')
    await alice.until('event', 2)

    expect(body).toEqual(marked(seq))
    for (const peer of [alice, bob]) {
      expect(await peer.until('read:updated', 2)).toEqual([marked(message.seq), marked(seq)])
      expect(peer.names).toEqual(['event message', 'read:updated', 'read:updated', 'event message'])
    }
  })
})

test('whoever comes back as a member begins with a new mark, and the room is told', async () => {
  const { connect, call, room } = await openRoom()
  const alice = await connect('alice')
  await alice.join(room)
  const mark = (seq: number) => call('bob', 'POST', `/threads/${room}/read`, { seq })

  await mark(3)
  await alice.until('read:updated')
  await call('alice', 'DELETE', `/threads/${room}/members/u_bob`)
  await call('alice', 'POST', `/threads/${room}/members`, { identity: people.bob })
  await mark(2)

  expect((await alice.until('read:updated', 2)).map(({ seq }) => seq)).toEqual([3, 2])
})

// proves: threads.t07
test.each<[string, object]>([
  ['message:edit', { content: [] }],
  ['message:delete', {}],
  ['thread:read', { seq: -1 }],
  ['typing', {}],
])('%s says invisible, then no member, then not authorized, then what is wrong', async (name, wrong) => {
  const refused = name === 'thread:read' ? 'thread.read' : 'message.send'
  const { connect, call, room, about } = await openRoom({
    authorize: ({ id }, _thread, action) => id !== 'u_bob' || action !== refused,
  })
  const ask = async (who: string) => {
    const { error } = await (await connect(who)).ask(name, { ...about, ...wrong })
    return error && `${error.code}: ${error.message}`
  }

  expect(await ask('carol')).toBe('not_found: thread not found')
  expect(await ask('bob')).toBe(`forbidden: not authorized: ${refused}`)
  await call('alice', 'DELETE', `/threads/${room}/members/u_bob`)
  expect(await ask('bob')).toBe('forbidden: not a member of this thread')
  expect(await ask('alice')).toBe(
    {
      'message:edit': 'invalid_request: content must not be empty',
      'thread:read': 'invalid_request: seq must be at least 0',
    }[name],
  )
})

test.each(['message:edit', 'message:delete'])('%s is the author’s alone', async (name) => {
  const { connect, about } = await openRoom()
  const bob = await connect('bob')

  expect(await bob.ask(name, { ...about, content })).toEqual({
    error: { code: 'forbidden', message: 'not the author of this message' },
  })
  expect(await bob.ask(name, { ...about, event_id: 'evt_x', content })).toMatchObject({
    error: { code: 'not_found' },
  })
})
