import { openGround } from '@parley/kernel/ground'
import { fakeClock } from '@parley/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openPlane, type Plane, people } from '../plane.test.support.js'
import { text, user } from '../protocol/index.js'
import { toCaller } from './caller.js'

const words = (...given: string[]) => ({ content: given.map((one) => text(one)) })

/** A room of alice and bob with one message of alice. */
async function openRoom(options: Parameters<typeof openPlane>[0] = {}) {
  const plane = await openPlane(options)
  const room = await plane.room({ members: [people.bob!] })
  const { body: message } = await plane.call('alice', 'POST', `/threads/${room}/messages`, words('first'))
  const path = `/threads/${room}/events/${message.id}`
  const events = async (types = 'message.edited,message.deleted') =>
    (await plane.call('alice', 'GET', `/threads/${room}/events?types=${types}`)).body.items
  return { ...plane, room, message, path, events }
}

const statusOf = async (call: ReturnType<Plane['call']>) => (await call).status

describe('a message', () => {
  // proves: threads.t37
  test('is edited by its author: an event says so, and the message stays in the log as it was', async () => {
    const { call, path, message, events } = await openRoom()

    const first = await call('alice', 'PATCH', path, words('second'))
    const second = await call('alice', 'PATCH', path, words('third', 'part'))

    expect([first.status, second.status]).toEqual([200, 200])
    expect(first.body).toEqual({
      id: expect.stringMatching(/^evt_/),
      thread_id: message.thread_id,
      type: 'message.edited',
      seq: message.seq + 1,
      created_at: expect.any(String),
      run_id: null,
      author: people.alice,
      metadata: {},
      client_id: null,
      recipients: null,
      target_id: message.id,
      ...words('second'),
    })
    expect(await events()).toEqual([first.body, second.body])
    expect((await call('bob', 'GET', path)).body).toEqual(message)
  })

  // proves: threads.t37
  test('is deleted by its author once, and edited no more', async () => {
    const { call, path, message, events } = await openRoom()
    const remove = () => statusOf(call('alice', 'DELETE', path))

    expect([await remove(), await remove()]).toEqual([204, 204])
    const edited = await call('alice', 'PATCH', path, words('too late'))

    expect([edited.status, edited.body.detail]).toEqual([404, 'event not found'])
    expect(await events()).toMatchObject([
      { type: 'message.deleted', target_id: message.id, author: people.alice, seq: message.seq + 1 },
    ])
    expect((await call('alice', 'GET', path)).body).toEqual(message)
  })

  // proves: threads.t37
  test('is nobody else’s to change, not even for one with the same id and another role', async () => {
    const { call, threads, room, path, message, events } = await openRoom()
    const service = await threads.service()
    const twin = toCaller({ ...people.alice!, role: 'system' }, [])

    for (const method of ['PATCH', 'DELETE']) {
      const { status, body } = await call('bob', method, path, method === 'PATCH' ? words('mine') : undefined)
      expect([status, body.error]).toEqual([
        403,
        { code: 'forbidden', message: 'not the author of this message' },
      ])
    }
    await expect(service.deleteMessage(twin, room, message.id)).rejects.toMatchObject({
      code: 'threads.not_the_author',
    })
    await call('alice', 'DELETE', path)
    expect(await statusOf(call('bob', 'DELETE', path))).toBe(403)
    expect(await events()).toHaveLength(1)
  })

  // proves: threads.t37
  test('of a member who was removed is read-only to them', async () => {
    const { call, room, path, events } = await openRoom()
    await call('bob', 'DELETE', `/threads/${room}/members/u_alice`)

    for (const [method, body] of [['GET'], ['PATCH', words('x')], ['DELETE']] as const)
      expect(await statusOf(call('alice', method, path, body))).toBe(403)

    await call('bob', 'POST', `/threads/${room}/members`, { identity: people.alice })
    expect(await events()).toEqual([])
  })

  test.each([
    [{}, /^content is required/],
    [{ content: [] }, /^content must not be empty/],
    [{ content: 'x' }, /^content must be an array/],
    [{ content: [{ type: 'text' }] }, /^content\[0\].text /],
    [{ content: [{ type: 'image', url: 'javascript:x', mime: 'image/png' }] }, /^content\[0\].url /],
    ['not json', /not JSON/],
  ])('is not edited to %j', async (body, detail) => {
    const { call, path, events } = await openRoom()

    const answer = await call('alice', 'PATCH', path, body)

    expect([answer.status, answer.body.detail]).toEqual([400, expect.stringMatching(detail)])
    expect(await events()).toEqual([])
  })

  test('takes URLs of the schemes that the application allows', async () => {
    const { call, path } = await openRoom({ urlSchemes: ['gs'] })
    const image = { content: [{ type: 'image', url: 'gs://b/x.png', mime: 'image/png' }] }

    expect(await statusOf(call('alice', 'PATCH', path, image))).toBe(200)
  })

  test('is edited many times at once until it is deleted, and never after that', async () => {
    const { call, path, events } = await openRoom()

    const edits = Array.from({ length: 20 }, (_, n) => statusOf(call('alice', 'PATCH', path, words(`${n}`))))
    const deletions = [statusOf(call('alice', 'DELETE', path)), statusOf(call('alice', 'DELETE', path))]
    const [statuses] = [await Promise.all(edits), await Promise.all(deletions)]

    const types = (await events()).map(({ type }: { type: string }) => type)
    const edited = statuses.filter((status) => status === 200)
    expect(types).toEqual([...edited.map(() => 'message.edited'), 'message.deleted'])
    expect(statuses.filter((status) => status !== 200).every((status) => status === 404)).toBe(true)
  })

  test('is changed within the rates of writing', async () => {
    const { call, path, clock } = await openRoom({ limits: { writesPer10Seconds: 3 } })

    // Creating the thread, adding bob and sending were three.
    expect(await statusOf(call('alice', 'PATCH', path, words('x')))).toBe(429)
    expect(await statusOf(call('alice', 'DELETE', path))).toBe(429)
    await clock.advance(10_000)
    expect(await statusOf(call('alice', 'PATCH', path, words('x')))).toBe(200)
  })
})

describe('one event', () => {
  test('is read as it is in the list, of any type', async () => {
    const { call, room } = await openRoom()
    const { items } = (await call('alice', 'GET', `/threads/${room}/events`)).body

    for (const event of items) {
      const { status, body } = await call('bob', 'GET', `/threads/${room}/events/${event.id}`)
      expect([status, body]).toEqual([200, event])
    }
  })

  test('of another thread, of another type, or of no thread is not found', async () => {
    const { call, room, path, events } = await openRoom()
    const other = await call('alice', 'POST', '/threads', { tenant: {} })
    const { body: elsewhere } = await call(
      'alice',
      'POST',
      `/threads/${other.body.id}/messages`,
      words('elsewhere'),
    )
    const { body: edit } = await call('alice', 'PATCH', path, words('second'))
    const [created] = await events('thread.created')
    const notFound = (method: string, id: string) =>
      call('alice', method, `/threads/${room}/events/${id}`, method === 'PATCH' ? words('x') : undefined)

    for (const id of [elsewhere.id, 'evt_x', '%F0%9F%98%80', 'x'.repeat(2_000)])
      for (const method of ['GET', 'PATCH', 'DELETE'])
        expect(await notFound(method, id)).toMatchObject({ status: 404, body: { detail: 'event not found' } })
    for (const id of [edit.id, created.id])
      for (const method of ['PATCH', 'DELETE'])
        expect(await notFound(method, id)).toMatchObject({ status: 404, body: { detail: 'event not found' } })
  })
})

test.each(['/threads/%00', '/threads/%00/events/%00', '/runs/%00'])(
  'an id that no database takes names nothing: %s',
  async (path) => {
    const { call, faults } = await openPlane()

    expect((await call('alice', 'GET', path)).status).toBe(404)
    expect((await call('nobody', 'GET', path)).status).toBe(401)
    expect(faults).toEqual([])
  },
)

// proves: threads.t07
test('refusals come in the order of the gate: thread, member, authorize, event, author, content', async () => {
  const { call, room, path } = await openRoom({
    authorize: ({ id }, _thread, action) => id !== 'u_frank' || action !== 'message.send',
  })
  const frank = user({ id: 'u_frank', name: 'frank' })
  const missing = `/threads/${room}/events/evt_x`
  const detail = async (who: string, at: string) =>
    (await call(who, 'PATCH', at, { content: [] })).body.detail

  await call('alice', 'POST', `/threads/${room}/members`, { identity: frank })
  expect(await detail('carol', missing)).toBe('thread not found')
  await call('alice', 'DELETE', `/threads/${room}/members/u_bob`)
  expect(await detail('bob', missing)).toBe('not a member of this thread')
  await call('alice', 'POST', `/threads/${room}/members`, { identity: people.bob })
  expect(await detail('bob', missing)).toBe('event not found')
  expect(await detail('bob', path)).toBe('not the author of this message')
  expect(await detail('alice', path)).toBe('content must not be empty')
})

// A room may have hundreds of large questions open; taking back a word must not read them all.
test('deleting a message reads none of the questions that are open in its thread', async () => {
  const ground = await openGround({ clock: fakeClock() })
  onTestFinished(() => ground.close())
  const asked: string[] = []
  const read: typeof ground.db.read = (query) => {
    asked.push(query.sql)
    return ground.db.read(query)
  }
  const { call, room } = await openPlane({ ground: { ...ground, db: { ...ground.db, read } } })
  const id = await room()
  const form = { type: 'form', form_id: 'f', schema: {}, status: 'pending' }
  const { body } = await call('alice', 'POST', `/threads/${id}/messages`, { content: [form] })
  asked.length = 0

  expect((await call('alice', 'DELETE', `/threads/${id}/events/${body.id}`)).status).toBe(204)

  expect(asked.length).toBeGreaterThan(0)
  expect(asked.filter((sql) => sql.includes('from "decisions" where "stream"'))).toEqual([])
})
