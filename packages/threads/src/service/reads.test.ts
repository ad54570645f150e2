import { describe, expect, test } from 'vitest'
import { openPlane, people } from '../plane.test.support.js'
import { assistant, text } from '../protocol/index.js'
import { maxUnread } from './unread.js'

const words = (one: string) => ({ content: [text(one)] })

/** A room of alice and bob, whose log has the events 1 to 3. */
async function openRoom(options: Parameters<typeof openPlane>[0] = {}) {
  const plane = await openPlane(options)
  const room = await plane.room({ members: [people.bob!] })
  const mark = async (who: string, seq: unknown) => {
    const { status, body } = await plane.call(who, 'POST', `/threads/${room}/read`, { seq })
    return status === 200 ? body.seq : [status, body.error.code]
  }
  const send = (who: string, one: string) => plane.call(who, 'POST', `/threads/${room}/messages`, words(one))
  const marks = async () => {
    const { body } = await plane.call('alice', 'GET', `/threads/${room}/members`)
    return Object.fromEntries(
      body.map((member: Record<string, unknown>) => [member.identity_id, member.read_seq]),
    )
  }
  const unread = async (who: string) =>
    (await plane.call(who, 'GET', '/threads?unread=true')).body.items[0]?.unread
  return { ...plane, room, mark, marks, send, unread }
}

describe('a read mark', () => {
  // proves: threads.t37
  test('goes forwards only, not past the newest event, and is written to no log', async () => {
    const { call, room, mark, marks } = await openRoom()

    expect(await marks()).toEqual({ u_alice: 0, u_bob: 0 })
    expect([await mark('bob', 2), await mark('bob', 1), await mark('bob', 0)]).toEqual([2, 2, 2])
    expect(await mark('bob', 1_000)).toBe(3)
    expect(await mark('bob', Number.MAX_SAFE_INTEGER)).toBe(3)
    expect(await marks()).toEqual({ u_alice: 0, u_bob: 3 })

    const { body } = await call('bob', 'POST', `/threads/${room}/read`, { seq: 1 })
    expect(body).toEqual({ thread_id: room, identity_id: 'u_bob', seq: 3 })
    expect((await call('bob', 'GET', `/threads/${room}/events`)).body.items).toHaveLength(3)
  })

  test('begins anew with a new membership', async () => {
    const { call, room, mark, marks } = await openRoom()
    await mark('bob', 3)

    await call('alice', 'DELETE', `/threads/${room}/members/u_bob`)
    expect(await mark('bob', 3)).toEqual([403, 'forbidden'])
    await call('alice', 'POST', `/threads/${room}/members`, { identity: people.bob })

    expect(await marks()).toEqual({ u_alice: 0, u_bob: 0 })
  })

  test.each([undefined, null, -1, 1.5, '3', 2 ** 60])('at %j is refused', async (seq) => {
    const { mark, marks } = await openRoom()

    expect(await mark('bob', seq)).toEqual([400, 'invalid_request'])
    expect(await marks()).toEqual({ u_alice: 0, u_bob: 0 })
  })

  test('keeps the furthest of many at once', async () => {
    const { mark, marks, send } = await openRoom()
    for (let n = 0; n < 5; n++) await send('alice', `${n}`)

    const answers = await Promise.all([3, 8, 1, 5, 7].map((seq) => mark('bob', seq)))

    expect(Math.max(...answers)).toBe(8)
    expect(await marks()).toMatchObject({ u_bob: 8 })
  })

  // proves: threads.t37
  test('is moved whatever else its owner wrote, but not without bounds', async () => {
    const { mark, send } = await openRoom({ limits: { writesPer10Seconds: 2 } })
    await send('bob', 'one')
    await send('bob', 'two')
    expect((await send('bob', 'three')).status).toBe(429)

    expect([await mark('bob', 3), await mark('bob', 4), await mark('bob', 5)]).toEqual([3, 4, 5])
    // Marks that stay where they are cost nothing.
    for (let n = 0; n < 20; n++) expect(await mark('bob', 5)).toBe(5)
  })

  test('is counted where it moves', async () => {
    const { mark, send, clock } = await openRoom({ limits: { writesPer10Seconds: 2 } })
    for (let n = 0; n < 8; n++) {
      await clock.advance(10_000)
      await send('alice', `${n}`)
    }

    const answers = []
    for (let seq = 1; seq <= 11; seq++) answers.push(await mark('bob', seq))

    expect(answers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, [429, 'rate_limited']])
  })
})

describe('what is unread', () => {
  // proves: threads.t37
  test('is what others said after the mark, without what was deleted, and only when asked for', async () => {
    const { call, room, mark, send, unread } = await openRoom()
    const [first] = [await send('alice', 'one'), await send('bob', 'mine'), await send('alice', 'two')]
    await call('alice', 'PATCH', `/threads/${room}/events/${first.body.id}`, words('edited'))

    expect([await unread('bob'), await unread('alice')]).toEqual([2, 1])
    await call('alice', 'DELETE', `/threads/${room}/events/${first.body.id}`)
    expect(await unread('bob')).toBe(1)
    await mark('bob', first.body.seq + 1)
    expect(await unread('bob')).toBe(1)
    await mark('bob', first.body.seq + 2)
    expect(await unread('bob')).toBe(0)
    const { items } = (await call('bob', 'GET', '/threads')).body
    expect(items[0]).not.toHaveProperty('unread')
  })

  test('counts what an assistant says, not what it thinks', async () => {
    const { call, room, threads, unread } = await openRoom()
    threads.assistant('helper', async function* (_ctx, send) {
      yield send.reasoning('hm')
      yield send.message([text('done')])
    })
    const identity = assistant({ id: 'helper', name: 'helper' })
    await call('alice', 'POST', `/threads/${room}/members`, { identity })

    const { body } = await call('alice', 'POST', `/threads/${room}/invocations`, {
      assistant_ids: ['helper'],
    })
    await expect
      .poll(async () => (await call('alice', 'GET', `/runs/${body.runs[0].id}`)).body.status)
      .toBe('completed')

    expect([await unread('alice'), await unread('bob')]).toEqual([1, 1])
  })

  test('is null for who sees a thread and is no member, and counts in every thread', async () => {
    const { call, room, send } = await openRoom()
    await send('alice', 'one')
    const { body: other } = await call('alice', 'POST', '/threads', { tenant: {} })

    const { items } = (await call('bob', 'GET', '/threads?unread=true')).body
    const mine = (await call('bob', 'GET', '/threads?unread=true&member=me&limit=1')).body

    expect(
      Object.fromEntries(items.map((item: { id: string; unread: unknown }) => [item.id, item.unread])),
    ).toEqual({
      [room]: 1,
      [other.id]: null,
    })
    expect(mine).toMatchObject({ items: [{ id: room, unread: 1 }], next_cursor: null })
  })

  test('ends at a hundred, also past what one reading of the log brings', async () => {
    const { send, unread, mark } = await openRoom({ limits: { writesPer10Seconds: 1_000 } })
    for (let n = 0; n < 120; n++) await send('bob', `${n}`)
    expect(await unread('bob')).toBe(0)
    for (let n = 0; n < 99; n++) await send('alice', `${n}`)
    expect(await unread('bob')).toBe(99)
    await send('alice', 'one more')
    await send('alice', 'and another')

    expect(await unread('bob')).toBe(maxUnread)
    await mark('bob', 123 + 40)
    expect(await unread('bob')).toBe(61)
  })

  test('is asked for with true or false', async () => {
    const { call } = await openRoom()

    expect((await call('bob', 'GET', '/threads?unread=1')).status).toBe(400)
    expect((await call('bob', 'GET', '/threads?unread=false')).body.items[0]).not.toHaveProperty('unread')
  })
})
