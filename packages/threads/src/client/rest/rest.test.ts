import { describe, expect, test } from 'vitest'
import { people } from '../../plane.test.support.js'
import { assistant, text } from '../../protocol/index.js'
import { openClient, openPlaneServer } from '../client.test.support.js'
import { event, id, openFakeServer, run } from '../fake-server.test.support.js'
import { ThreadsClientError } from '../threads-client-error.js'

describe('the routes', () => {
  test('make, read, change and delete threads', async () => {
    const parley = (await openPlaneServer()).client('alice')

    const made = await parley.createThread({ metadata: { title: 'one' } })
    const changed = await parley.updateThread(made.id, { metadata: { title: 'two' } })
    const other = await parley.createThread()

    expect(await parley.getThread(made.id)).toEqual(changed)
    const first = await parley.listThreads({ limit: 1, member: 'me' })
    const second = await parley.listThreads({ limit: 1, cursor: first.next_cursor! })
    expect([first.items[0]!.id, second.items[0]!.id, second.next_cursor]).toEqual([other.id, made.id, null])
    await parley.deleteThread(made.id)
    await expect(parley.getThread(made.id)).rejects.toMatchObject({ code: 'not_found', status: 404 })
  })

  test('bring members in and out, by any id', async () => {
    const parley = (await openPlaneServer()).client('alice')
    const { id: thread } = await parley.createThread()
    const odd = { ...people.bob!, id: 'mail/bob@example?x=1' }

    expect(await parley.addMember(thread, odd, 'guest')).toMatchObject({ role: 'guest', identity: odd })
    expect(await parley.listMembers(thread)).toHaveLength(2)
    await parley.removeMember(thread, odd.id)

    expect(await parley.listMembers(thread)).toMatchObject([{ identity_id: 'u_alice' }])
  })

  test('send messages and read events in every way', async () => {
    const parley = (await openPlaneServer()).client('alice')
    const { id: thread } = await parley.createThread()
    const draft = { client_id: 'c_1', content: [text('hi')], metadata: { a: 1 } }

    const sent = await parley.sendMessage(thread, draft)

    expect(await parley.sendMessage(thread, draft)).toEqual(sent)
    expect((await parley.listEvents(thread, { types: ['message', 'reasoning'] })).items).toEqual([sent])
    expect((await parley.listEvents(thread, { afterSeq: 2 })).items).toEqual([sent])
    const newest = await parley.listEvents(thread, { order: 'desc', limit: 1 })
    const older = await parley.listEvents(thread, { order: 'desc', limit: 1, cursor: newest.next_cursor! })
    expect([newest, older].map(({ items }) => items[0]!.seq)).toEqual([3, 2])
  })

  test('start runs and end them', async () => {
    const { client, threads, room } = await openPlaneServer()
    threads.assistant('hang', async function* (ctx, send) {
      await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve))
      yield send.message([text('late')])
    })
    const thread = await room({ members: [assistant({ id: 'hang', name: 'hang' })] })
    const parley = client('alice')

    const { runs, reused } = await parley.invoke(thread, ['hang'], {
      idempotencyKey: 'k',
      ifActive: 'return',
    })
    await parley.cancelRun(runs[0]!.id)

    expect(reused).toEqual([])
    expect(await parley.getRun(runs[0]!.id)).toMatchObject({ status: 'cancelled' })
  })

  test('have the paths and bodies of the contract', async () => {
    const fake = await openFakeServer()
    const bodies: unknown[] = []
    const keep = (answer: unknown) => (body: unknown) => {
      bodies.push(body)
      return { body: answer }
    }
    const nothing = (body: unknown) => {
      bodies.push(body)
      return { status: 204 }
    }
    fake.routes.set(
      `PATCH /threads/${id}/events/evt_1`,
      keep(event(2, { type: 'message.edited', target_id: 'evt_1' })),
    )
    fake.routes.set(`DELETE /threads/${id}/events/evt_1`, nothing)
    fake.routes.set(`POST /threads/${id}/read`, keep({}))
    fake.routes.set(`POST /threads/${id}/tool-calls/a%2Fb/approve`, keep({}))
    fake.routes.set(`POST /threads/${id}/tool-calls/a%2Fb/reject`, keep({}))
    fake.routes.set('GET /threads', () => ({ body: { items: [{ ...threadOf(), unread: 3 }] } }))
    fake.runs = [run()]
    const parley = fake.client()

    expect(await parley.editMessage(id, 'evt_1', [text('new')])).toMatchObject({ target_id: 'evt_1' })
    await parley.deleteMessage(id, 'evt_1')
    await parley.markRead(id, 7)
    await parley.approveToolCall(id, 'a/b')
    await parley.rejectToolCall(id, 'a/b', 'no')

    expect(bodies).toEqual([{ content: [text('new')] }, '', { seq: 7 }, {}, { reason: 'no' }])
    expect((await parley.listThreads({ unread: true })).items[0]).toMatchObject({ unread: 3 })
    expect(await parley.listRuns(id, { active: true, limit: 5 })).toMatchObject([{ id: 'run_1' }])
    expect(fake.asked.slice(-2)).toEqual([
      'GET /threads?unread=true',
      `GET /threads/${id}/runs?limit=5&active=true`,
    ])
  })
})

const threadOf = () => ({ id, tenant: {}, metadata: {}, created_at: '2026', updated_at: '2026' })

describe('a refusal', () => {
  // proves: threads.t32
  test('has the code of the contract and its status', async () => {
    const { room, client } = await openPlaneServer()
    const thread = await room({
      members: [assistant({ id: 'a', name: 'a' }), assistant({ id: 'b', name: 'b' })],
    })
    const codeOf = (asked: Promise<unknown>) =>
      asked.then(
        () => 'fine',
        (error: ThreadsClientError) => `${error.status} ${error.code}`,
      )

    expect(await codeOf(client('nobody').listThreads())).toBe('401 unauthenticated')
    expect(await codeOf(client('bob').listEvents(thread))).toBe('403 forbidden')
    expect(await codeOf(client('dave').listEvents(thread))).toBe('404 not_found')
    expect(await codeOf(client('alice').sendMessage(thread, { content: [] }))).toBe('400 invalid_request')
  })

  // proves: threads.t32
  test('of a key that was used for something else is a conflict', async () => {
    const { room, client, threads } = await openPlaneServer()
    for (const name of ['a', 'b']) threads.assistant(name, async function* () {})
    const members = ['a', 'b'].map((name) => assistant({ id: name, name }))
    const thread = await room({ members })
    const parley = client('alice')
    await parley.invoke(thread, ['a'], { idempotencyKey: 'k' })

    const second = parley.invoke(thread, ['b'], { idempotencyKey: 'k' })

    await expect(second).rejects.toBeInstanceOf(ThreadsClientError)
    await expect(second).rejects.toMatchObject({ code: 'conflict', status: 409 })
  })

  const ours = (code: string) => ({ detail: 'text', error: { code, message: 'text' } })

  test.each([
    ['of another server, by the status', 422, { detail: [{ loc: [] }] }, 'invalid_request', 'HTTP 422'],
    ['of a proxy', 502, 'Bad Gateway', 'internal', 'HTTP 502'],
    ['of the original', 404, { detail: 'thread not found' }, 'not_found', 'thread not found'],
    ['that a code makes finer', 400, ours('recipient_not_member'), 'recipient_not_member', 'text'],
    ['whose code contradicts the status', 401, ours('not_found'), 'unauthenticated', 'text'],
    ['of a problem document', 403, { code: 'key_scope', message: 'text' }, 'key_scope', 'text'],
    ['of a wrong method', 405, ours('invalid_request'), 'invalid_request', 'text'],
  ])('%s', async (_name, status, body, code, message) => {
    const fake = await openFakeServer()
    fake.routes.set('GET /threads', () => ({ status, body }))

    await expect(fake.client().listThreads()).rejects.toMatchObject({ status, code, message })
  })

  test('says how long to wait', async () => {
    const fake = await openFakeServer()
    fake.routes.set('GET /threads', () => ({ status: 429, headers: { 'retry-after': '7' } }))

    await expect(fake.client().listThreads()).rejects.toMatchObject({
      code: 'rate_limited',
      retryAfterMs: 7000,
    })
  })
})

describe('no answer', () => {
  test('is a failure of the network, with what happened', async () => {
    const { line, client } = await openPlaneServer()
    const parley = client('alice')
    line.cut()

    await expect(parley.listThreads()).rejects.toMatchObject({ code: 'network', status: undefined })
  })

  test('from the token source is one as well', async () => {
    const parley = openClient({ token: () => Promise.reject(new Error('no token today')) })

    await expect(parley.listThreads()).rejects.toMatchObject({ code: 'network', message: 'no token today' })
  })

  test('that fits is said to be none', async () => {
    const fake = await openFakeServer()
    fake.routes.set('GET /threads', () => ({ body: { things: [] } }))
    fake.routes.set(`GET /threads/${id}/members`, () => ({ body: {} }))
    const parley = fake.client()

    await expect(parley.listThreads()).rejects.toMatchObject({ code: 'invalid_response' })
    await expect(parley.listMembers(id)).rejects.toMatchObject({ code: 'invalid_response' })
  })
})

test('a request carries the token, or the cookies where there is none', async () => {
  const seen: RequestInit[] = []
  const fetch: typeof globalThis.fetch = async (_url, init) => {
    seen.push(init!)
    return Response.json({ items: [] })
  }

  await openClient({ token: 'secret' }, { fetch }).listThreads()
  await openClient({}, { fetch }).listThreads()

  expect(seen.map(({ headers, credentials }) => [headers, credentials])).toEqual([
    [{ Authorization: 'Bearer secret' }, 'same-origin'],
    [{}, 'include'],
  ])
})
