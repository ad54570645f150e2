import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { people } from '../plane.test.support.js'
import { assistant, text } from '../protocol/index.js'
import { openDoor, type Transport } from './door.test.support.js'

describe.each<Transport>(['websocket', 'polling'])('over %s', (transport) => {
  // proves: threads.t19
  test('nothing is pushed before joining or after leaving, and joining twice is harmless', async () => {
    const { connect, room, send } = await openDoor()
    const id = await room({ members: [people.bob!] })
    const [alice, bob] = [await connect('alice', { transport }), await connect('bob', { transport })]

    await bob.join(id)
    await send('alice', id, 'before')
    expect(await alice.join(id)).toEqual({ thread_id: id, replayed: [], replay_truncated: false })
    await alice.join(id)
    await send('bob', id, 'between')
    await alice.until('event')
    expect(await alice.ask('thread:leave', { thread_id: id })).toEqual({ thread_id: id, left: true })
    expect(await alice.ask('thread:leave', { thread_id: 'th_x' })).toEqual({ thread_id: 'th_x', left: true })
    await send('alice', id, 'after')

    expect((await bob.until('event', 3)).map(({ content }) => content[0].text)).toEqual([
      'before',
      'between',
      'after',
    ])
    expect(alice.of('event').map(({ content }) => content[0].text)).toEqual(['between'])
  })

  // proves: threads.t20
  test('each change is pushed once: the event, then what it changed', async () => {
    const { connect, room, call, send } = await openDoor()
    const id = await room()
    const alice = await connect('alice', { transport })
    await alice.join(id)

    const message = await send('alice', id, 'hi')
    await call('alice', 'POST', `/threads/${id}/members`, { identity: people.bob })
    await call('alice', 'POST', `/threads/${id}/members`, { identity: people.bob })
    await call('alice', 'PATCH', `/threads/${id}`, { metadata: { a: 1 } })
    await call('alice', 'PATCH', `/threads/${id}`, {})
    const { body } = await call('alice', 'PATCH', `/threads/${id}`, { tenant: { org: 'A' } })
    await call('alice', 'DELETE', `/threads/${id}/members/u_bob`)
    await call('alice', 'DELETE', `/threads/${id}`)
    await alice.until('thread:left')

    expect(alice.names).toEqual([
      'event message',
      'event thread.member_added',
      'members:updated',
      'thread:updated',
      'event thread.tenant_changed',
      'thread:updated',
      'event thread.member_removed',
      'members:updated',
      'thread:deleted',
      'thread:left',
    ])
    expect(alice.of('event').map(({ seq }) => seq)).toEqual([3, 4, 5, 6])
    expect(alice.of('event')[0]).toEqual(message)
    expect(alice.of('members:updated')).toEqual([
      { thread_id: id, members: [people.alice, people.bob] },
      { thread_id: id, members: [people.alice] },
    ])
    expect(alice.of('thread:updated')[1]).toEqual(body)
    expect(alice.of('thread:left')).toEqual([{ thread_id: id, reason: 'deleted' }])
  })
})

describe('a run', () => {
  // proves: threads.t20
  test('is pushed in each of its states, however fast it is', async () => {
    const { connect, room, threads } = await openDoor()
    const echo = assistant({ id: 'echo', name: 'echo' })
    threads.assistant('echo', async function* (_ctx, send) {
      yield send.message([text('done')])
    })
    const id = await room({ members: [echo] })
    const alice = await connect('alice')
    await alice.join(id)

    const { runs } = await alice.ask('assistant:invoke', { thread_id: id, assistant_ids: ['echo'] })
    await alice.until('run:updated', 3)

    expect(alice.names.filter((name) => /^(event|run)/.test(name))).toEqual([
      'run:updated pending',
      'event run.started',
      'run:updated running',
      'event message',
      'event run.completed',
      'run:updated completed',
    ])
    expect(alice.of('run:updated').map(({ id: runId, status }) => [runId, status])).toEqual([
      [runs[0].id, 'pending'],
      [runs[0].id, 'running'],
      [runs[0].id, 'completed'],
    ])
    const [pending, running, completed] = alice.of('run:updated')
    expect([pending.running_at, running.completed_at]).toEqual([null, null])
    expect([running.running_at, completed.completed_at]).toEqual([expect.any(String), expect.any(String)])
  })
})

describe('who may not see the thread any more', () => {
  // proves: threads.t23
  test('gets the removal pushed, then leaves; the others stay', async () => {
    const { connect, room, call, send, sockets } = await openDoor()
    const id = await room({ members: [people.bob!] })
    const [alice, bob, other] = [await connect('alice'), await connect('bob'), await connect('bob')]
    for (const peer of [alice, bob, other]) await peer.join(id)

    await call('alice', 'DELETE', `/threads/${id}/members/u_bob`)
    await send('alice', id, 'now we are alone')
    await alice.until('event', 2)

    for (const peer of [bob, other]) {
      await peer.until('thread:left')
      expect(peer.names).toEqual(['event thread.member_removed', 'members:updated', 'thread:left'])
      expect(peer.of('thread:left')).toEqual([{ thread_id: id, reason: 'removed' }])
    }
    expect(await bob.join(id)).toEqual({
      error: { code: 'forbidden', message: 'not a member of this thread' },
    })
    expect(sockets.stats()).toEqual({ sockets: 3, rooms: 1 })
  })

  // proves: threads.t23
  test('leaves when the tenant hides the thread', async () => {
    const { connect, room, call, send } = await openDoor({ foreignTenants: true })
    const id = await room({ tenant: { org: 'A' }, members: [people.bob!, people.carol!] })
    const [bob, carol] = [await connect('bob'), await connect('carol')]
    for (const peer of [bob, carol]) await peer.join(id)

    await call('alice', 'PATCH', `/threads/${id}`, { tenant: { org: 'A', ws: 'Y' } })
    await bob.until('thread:left')
    await send('carol', id, 'psst')
    await carol.until('event', 2)

    expect(bob.names).toEqual(['event thread.tenant_changed', 'thread:updated', 'thread:left'])
    expect(bob.of('thread:left')).toEqual([{ thread_id: id, reason: 'tenant_changed' }])
    expect(carol.names).toEqual(['event thread.tenant_changed', 'thread:updated', 'event message'])
  })
})

describe('a room', () => {
  test('is followed once, and not at all when the last socket is gone', async () => {
    const { connect, room, sockets } = await openDoor()
    const id = await room({ members: [people.bob!] })
    const [alice, bob] = [await connect('alice'), await connect('bob')]
    for (const peer of [alice, bob]) await peer.join(id)
    expect(sockets.stats().rooms).toBe(1)

    alice.socket.disconnect()
    await bob.ask('thread:leave', { thread_id: id })

    await eventually(() => sockets.stats().rooms === 0)
    expect(sockets.stats().sockets).toBe(1)
  })
})
