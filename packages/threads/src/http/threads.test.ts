import { describe, expect, test } from 'vitest'
import { openPlane, people } from '../plane.test.support.js'

const text = (words: string) => ({ content: [{ type: 'text', text: words }] })

describe('who calls', () => {
  // proves: threads.t01
  test.each([
    ['GET', '/threads'],
    ['POST', '/threads'],
    ['GET', '/threads/th_x'],
    ['PATCH', '/threads/th_x'],
    ['DELETE', '/threads/th_x'],
    ['GET', '/threads/th_x/events'],
    ['POST', '/threads/th_x/messages'],
    ['GET', '/threads/th_x/members'],
    ['POST', '/threads/th_x/members'],
    ['DELETE', '/threads/th_x/members/u'],
    ['POST', '/threads/th_x/invocations'],
    ['GET', '/threads/th_x/events/evt_x'],
    ['PATCH', '/threads/th_x/events/evt_x'],
    ['DELETE', '/threads/th_x/events/evt_x'],
    ['POST', '/threads/th_x/read'],
    ['GET', '/threads/th_x/runs'],
    ['GET', '/runs/run_x'],
    ['DELETE', '/runs/run_x'],
  ])('is asked once on %s %s, and a stranger is refused', async (method, path) => {
    let asked = 0
    const { call } = await openPlane({
      authenticate: () => {
        asked += 1
        return null
      },
    })

    const answer = await call('nobody', method, path)

    expect(answer.status).toBe(401)
    expect(answer.body).toEqual({
      detail: 'unauthenticated',
      error: { code: 'unauthenticated', message: 'unauthenticated' },
    })
    expect(asked).toBe(1)
  })
})

describe('threads', () => {
  // proves: threads.t02
  test('are created, read, replaced member by member, and deleted with all they have', async () => {
    const { call } = await openPlane()

    const created = await call('alice', 'POST', '/threads', {
      tenant: { org: 'A' },
      metadata: { a: 1, b: 2 },
    })
    const { id } = created.body
    const patched = await call('alice', 'PATCH', `/threads/${id}`, { metadata: { c: 3 }, tenant: null })
    const empty = await call('alice', 'PATCH', `/threads/${id}`, {})
    const deleted = await call('alice', 'DELETE', `/threads/${id}`)

    expect([created.status, patched.status, empty.status, deleted.status]).toEqual([201, 200, 200, 204])
    expect(created.body).toEqual({
      id: expect.stringMatching(/^th_/),
      tenant: { org: 'A' },
      metadata: { a: 1, b: 2 },
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      updated_at: created.body.created_at,
    })
    expect(patched.body).toMatchObject({ tenant: { org: 'A' }, metadata: { c: 3 } })
    expect(patched.body.updated_at > created.body.updated_at).toBe(true)
    expect(empty.body).toEqual(patched.body)
    for (const path of ['', '/events', '/members'])
      expect((await call('alice', 'GET', `/threads/${id}${path}`)).status).toBe(404)
  })

  // proves: threads.t03
  test.each([
    [{ org: 'A', ws: 'X' }, 'alice', true],
    [{ org: 'A', ws: 'X' }, 'carol', false],
    [{ org: 'A' }, 'alice', true],
    [{}, 'erin', true],
    [{ org: 'A' }, 'erin', false],
    [{ org: 'A', ws: 'X' }, 'dave', false],
  ])('in tenant %j are visible to %s: %j', async (tenant, who, isVisible) => {
    const { call } = await openPlane({ readWithoutMembership: true, foreignTenants: true })
    const { body } = await call('alice', 'POST', '/threads', { tenant })

    const listed = await call(who, 'GET', '/threads')
    const got = await call(who, 'GET', `/threads/${body.id}`)

    expect(listed.body.items.map(({ id }: { id: string }) => id)).toEqual(isVisible ? [body.id] : [])
    expect(got.status).toBe(isVisible ? 200 : 404)
    if (!isVisible) expect(got.body.detail).toBe('thread not found')
  })

  // proves: threads.t04
  test('are neither created in nor moved to a tenant that the caller would not see', async () => {
    const { call, room } = await openPlane()
    const id = await room()

    const created = await call('alice', 'POST', '/threads', { tenant: { org: 'B' } })
    const moved = await call('alice', 'PATCH', `/threads/${id}`, { tenant: { org: 'B' } })
    const broken = await call('alice', 'POST', '/threads', { tenant: { org: 1 } })

    expect([created.status, created.body.error.code]).toEqual([403, 'forbidden'])
    expect([moved.status, moved.body.error.code]).toEqual([403, 'forbidden'])
    expect([broken.status, broken.body.error.code]).toEqual([400, 'invalid_request'])
  })

  // proves: threads.t05
  test('are listed newest first in pages that neither repeat nor skip', async () => {
    const { call, room } = await openPlane()
    // The fake clock stands still: all seven have the same time, and their ids break the tie.
    for (let n = 0; n < 7; n++) await room()

    const pages: string[][] = []
    let query = '?limit=3'
    for (;;) {
      const { body } = await call('alice', 'GET', `/threads${query}`)
      pages.push(body.items.map(({ id }: { id: string }) => id))
      if (!body.next_cursor) break
      const { created_at, id } = body.next_cursor
      query = `?limit=3&cursor_created_at=${encodeURIComponent(created_at)}&cursor_id=${id}`
    }

    expect(pages.map((page) => page.length)).toEqual([3, 3, 1])
    expect(new Set(pages.flat()).size).toBe(7)
    expect(pages.flat()).toEqual(pages.flat().toSorted().reverse())
  })

  test.each([
    '?limit=0',
    '?limit=x',
    '?limit=1.5',
    '?cursor_id=a',
    '?cursor_created_at=2026-01-01T00:00:00Z',
    '?cursor_created_at=x&cursor_id=a',
  ])('are not listed for %s', async (query) => {
    const { call } = await openPlane()

    const { status, body } = await call('alice', 'GET', `/threads${query}`)

    expect([status, body.error.code]).toEqual([400, 'invalid_request'])
  })
})

describe('the gate', () => {
  // proves: threads.t07
  test.each([
    ['GET', '', 'thread.read'],
    ['PATCH', '', 'thread.update'],
    ['DELETE', '', 'thread.delete'],
    ['GET', '/events?limit=0', 'thread.read'],
    ['POST', '/messages', 'message.send'],
    ['GET', '/members', 'thread.read'],
    ['POST', '/members', 'member.add'],
    ['DELETE', '/members/u_x', 'member.remove'],
    ['POST', '/invocations', 'assistant.invoke'],
    ['GET', '/events/evt_x', 'thread.read'],
    ['PATCH', '/events/evt_x', 'message.send'],
    ['DELETE', '/events/evt_x', 'message.send'],
    ['POST', '/read', 'thread.read'],
    ['GET', '/runs?limit=0', 'thread.read'],
  ])(
    'of %s %s says invisible, then no member, then not authorized, then malformed',
    async (method, path, action) => {
      const { call, room } = await openPlane({
        authorize: (identity, _thread, asked) => identity.id !== 'u_bob' || asked !== action,
      })
      const id = await room({ members: [people.bob!] })
      const broken = method === 'GET' || method === 'DELETE' ? undefined : { no: 'such member' }
      const as = async (who: string) => {
        const { status, body } = await call(who, method, `/threads/${id}${path}`, broken)
        return [status, body?.detail]
      }

      expect(await as('carol')).toEqual([404, 'thread not found'])
      expect((await call('erin', method, `/threads/${id}${path}`, broken)).status).toBe(404)
      expect(await as('bob')).toEqual([403, `not authorized: ${action}`])
    },
  )

  test('a stranger of the same tenant sees the thread and may not enter', async () => {
    const { call, room } = await openPlane()
    const id = await room()

    const { status, body } = await call('bob', 'GET', `/threads/${id}/events`)

    expect([status, body.detail, body.error.code]).toEqual([403, 'not a member of this thread', 'forbidden'])
  })
})

describe('members', () => {
  // proves: threads.t08
  test('are added once, listed in order, and removed by their percent-encoded id', async () => {
    const { call, room, clock } = await openPlane()
    const id = await room()
    // Members are listed by time, and this clock stands still by itself.
    await clock.advance(1)
    const odd = { role: 'user', id: 'a/b c%', name: 'Odd' }

    const first = await call('alice', 'POST', `/threads/${id}/members`, { identity: odd })
    const again = await call('alice', 'POST', `/threads/${id}/members`, {
      identity: { ...odd, name: 'Other' },
      role: 'guest',
    })
    const listed = await call('alice', 'GET', `/threads/${id}/members`)
    const path = `/threads/${id}/members/${encodeURIComponent(odd.id)}`
    const removed = [await call('alice', 'DELETE', path), await call('alice', 'DELETE', path)]
    const { body: events } = await call('alice', 'GET', `/threads/${id}/events`)

    expect([first.status, again.status]).toEqual([201, 200])
    expect(again.body).toEqual(first.body)
    expect(listed.body.map(({ identity_id }: { identity_id: string }) => identity_id)).toEqual([
      'u_alice',
      odd.id,
    ])
    expect(removed.map(({ status }) => status)).toEqual([204, 204])
    expect(events.items.map(({ type }: { type: string }) => type)).toEqual([
      'thread.created',
      'thread.member_added',
      'thread.member_added',
      'thread.member_removed',
    ])
  })
})

describe('messages and events', () => {
  // proves: threads.t10
  test('a message sent again with its client_id is the first one', async () => {
    const { call, room } = await openPlane()
    const id = await room({ members: [people.bob!] })
    const send = (who: string, words: string) =>
      call(who, 'POST', `/threads/${id}/messages`, { ...text(words), client_id: 'c1' })

    const first = await send('alice', 'one')
    const again = await send('alice', 'two')
    const other = await send('bob', 'three')

    expect([first.status, again.status, other.status]).toEqual([201, 200, 201])
    expect(again.body).toEqual(first.body)
    expect(first.body).toMatchObject({ client_id: 'c1', type: 'message', seq: 4, author: { id: 'u_alice' } })
    expect(other.body.id).not.toBe(first.body.id)
  })

  // proves: threads.t09
  test('every kind of part is kept as it was sent, and broken ones are refused', async () => {
    const { call, room } = await openPlane()
    const id = await room()
    const file = { url: 'https://files.test/a', mime: 'image/png' }
    const content = [
      { type: 'text', text: '' },
      { type: 'image', ...file, name: 'a.png', size: 3 },
      { type: 'audio', ...file, duration_ms: 5 },
      { type: 'document', ...file },
      { type: 'form', form_id: 'f', schema: { type: 'object' }, status: 'pending', title: 'A form' },
    ]
    const send = (parts: unknown) => call('alice', 'POST', `/threads/${id}/messages`, { content: parts })

    const sent = await send(content)
    const { body } = await call('alice', 'GET', `/threads/${id}/events?types=message`)

    expect(sent.status).toBe(201)
    expect(sent.body.content).toMatchObject(content)
    expect(body.items).toEqual([sent.body])
    for (const broken of [
      [],
      [{ type: 'text' }],
      [{ type: 'text', text: 'x', more: 1 }],
      [{ type: 'nope', text: 'x' }],
      [{ type: 'image', url: 'javascript:alert(1)', mime: 'a/b' }],
      [{ type: 'image', url: 'data:text/html,x', mime: 'a/b' }],
      [{ type: 'image', ...file, size: -1 }],
      [{ type: 'form', form_id: 'f', schema: 'x', status: 'pending' }],
      'text',
    ])
      expect((await send(broken)).status, JSON.stringify(broken)).toBe(400)
    const unknown = await call('alice', 'POST', `/threads/${id}/messages`, { content, nope: 1 })
    expect([unknown.status, unknown.body.error.code]).toEqual([400, 'invalid_request'])
  })

  // proves: threads.t06
  test('events come in pages in both orders, by type and after a number', async () => {
    const { call, room } = await openPlane()
    const id = await room()
    for (let n = 1; n <= 7; n++) await call('alice', 'POST', `/threads/${id}/messages`, text(`${n}`))
    const walk = async (query: string) => {
      const seqs: number[][] = []
      for (let more = ''; ; ) {
        const { body } = await call('alice', 'GET', `/threads/${id}/events?${query}${more}`)
        seqs.push(body.items.map(({ seq }: { seq: number }) => seq))
        if (!body.next_cursor) return seqs
        const { created_at, id: last } = body.next_cursor
        more = `&cursor_created_at=${encodeURIComponent(created_at)}&cursor_id=${last}`
      }
    }

    expect(await walk('limit=4')).toEqual([[1, 2, 3, 4], [5, 6, 7, 8], [9]])
    expect(await walk('limit=4&order=desc')).toEqual([[9, 8, 7, 6], [5, 4, 3, 2], [1]])
    expect(await walk('limit=3&types=message,nope')).toEqual([[3, 4, 5], [6, 7, 8], [9]])
    expect(await walk('types=nope')).toEqual([[]])
    expect(await walk('after_seq=7')).toEqual([[8, 9]])
    expect(await walk('after_seq=7&order=desc&limit=1')).toEqual([[9], [8]])
  })

  test('of two writers at once every number is there once, and times grow', async () => {
    const { call, room } = await openPlane({ limits: { writesPer10Seconds: 1_000 } })
    const id = await room({ members: [people.bob!] })
    const write = (who: string) =>
      Promise.all(
        Array.from({ length: 50 }, (_, n) => call(who, 'POST', `/threads/${id}/messages`, text(`${n}`))),
      )
    await Promise.all([write('alice'), write('bob')])

    const { body } = await call('alice', 'GET', `/threads/${id}/events?limit=500`)

    const times = body.items.map(({ created_at }: { created_at: string }) => created_at)
    expect(body.items.map(({ seq }: { seq: number }) => seq)).toEqual(
      Array.from({ length: 103 }, (_, n) => n + 1),
    )
    expect(new Set(times).size).toBe(103)
    expect(times).toEqual(times.toSorted())
  })
})

// proves: threads.t31
test('every refusal has the one body', async () => {
  const { call, room } = await openPlane({ limits: { bodyBytes: 1_000 } })
  const id = await room()

  const answers = [
    await call('alice', 'GET', '/nowhere'),
    await call('alice', 'PUT', '/threads'),
    await call('alice', 'POST', '/threads', 'not json'),
    await call('alice', 'POST', '/threads', '[1]'),
    await call('alice', 'POST', '/threads', ''),
    await call('alice', 'POST', '/threads'),
    await call('alice', 'PATCH', `/threads/${id}`, ''),
    await call('alice', 'POST', `/threads/${id}/messages`, text('x'.repeat(2_000))),
  ]

  expect(answers.map(({ status, body }) => [status, body.error.code])).toEqual([
    [404, 'not_found'],
    [405, 'invalid_request'],
    [400, 'invalid_request'],
    [400, 'invalid_request'],
    [400, 'invalid_request'],
    [400, 'invalid_request'],
    [400, 'invalid_request'],
    [413, 'payload_too_large'],
  ])
  for (const { body, headers } of answers) {
    expect(body.detail).toBe(body.error.message)
    expect(headers.get('cache-control')).toBe('no-store')
  }
  expect(answers.map(({ headers }) => headers.get('allow')).filter(Boolean)).toEqual(['HEAD, GET, POST'])
})
