import { describe, expect, it } from 'vitest'
import { openServer, type TestServer } from '../server.test.support.js'
import { connect, mint, newRoom, newTenantKey, say, someone, type Wire } from '../threads.test.support.js'

const root = '/parley/v1/threads'

/** Two rooms of A, one of B, one of nobody; ids in the order they were made. */
async function openRooms() {
  const server = await openServer()
  const keyOf = async (tenant: Record<string, string>) =>
    (await newTenantKey(server, tenant, 'threads:use')).key
  const [a, b] = [await keyOf({ org: 'A', ws: 'X' }), await keyOf({ org: 'B' })]
  const ids = [
    await newRoom(server, a, { org: 'A' }),
    await newRoom(server, a, { org: 'A', ws: 'X' }),
    await newRoom(server, b, { org: 'B' }),
    await newRoom(server, undefined),
  ] as const
  return { server, a, b, ids }
}

const idsOf = async (server: TestServer, query = '', key?: string): Promise<string[]> => {
  const { body } = await server.call(`${root}${query}`, { ...(key !== undefined && { key }) })
  return (body.items as Wire[]).map(({ id }) => id)
}

describe('the list of rooms', () => {
  it('holds those of all tenants, newest first, or of one', async () => {
    const { server, ids } = await openRooms()
    const [inA, inAX, inB, everybodys] = ids

    expect(await idsOf(server)).toEqual([everybodys, inB, inAX, inA])
    expect(await idsOf(server, '?tenant=org=A')).toEqual([inAX, inA])
    expect(await idsOf(server, '?tenant=org=A&tenant=ws=X')).toEqual([inAX])
    expect(await idsOf(server, '?tenant=org=C')).toEqual([])
  })

  it('comes in pages until there are no more', async () => {
    const { server, ids } = await openRooms()
    const seen: string[] = []
    let query = '?limit=2'
    for (;;) {
      const { body } = await server.call(root + query)
      seen.push(...(body.items as Wire[]).map(({ id }) => id))
      if (body.next_cursor === null) break
      query = `?limit=2&cursor=${body.next_cursor}`
    }

    expect(seen).toEqual(ids.toReversed())
  })

  it('says how many members and active runs each has', async () => {
    const { server, ids } = await openRooms()
    const room = ids[3]
    for (const identity of [someone('u_1'), { role: 'assistant', id: 'guide', name: 'Guide', metadata: {} }])
      await server.call(`${root}/${room}/members`, { body: { identity } })
    await server.call(`/acp/threads/${room}/messages`, { body: say('slow') })
    await server.call(`/acp/threads/${room}/invocations`, { body: { assistant_ids: ['guide'] } })

    const { body } = await server.call(root)

    const counts = (body.items as Wire[]).map((one) => [one.id, one.member_count, one.active_run_count])
    expect(counts[0]).toEqual([room, 3, 1])
    expect(counts[1]).toEqual([ids[2], 1, 0])
  })

  it.each(['limit=0', 'limit=201', 'limit=x', 'cursor=nonsense', 'tenant=org', 'tenant=org=A&tenant=org=B'])(
    'refuses %s',
    async (query) => {
      const server = await openServer()
      const answer = await server.call(`${root}?${query}`)
      expect([answer.status, answer.body.code]).toEqual([400, 'kernel.invalid_request'])
    },
  )
})

it('tenants are listed with how many rooms they have, the largest first', async () => {
  const { server, a } = await openRooms()
  await newRoom(server, a, { org: 'A' })

  const { body } = await server.call(`${root}/tenants`)
  const inA = await server.call(`${root}/tenants?tenant=org=A`)

  expect(body.items).toEqual([
    { tenant: { org: 'A' }, threads: 2 },
    { tenant: { org: 'A', ws: 'X' }, threads: 1 },
    { tenant: { org: 'B' }, threads: 1 },
    { tenant: {}, threads: 1 },
  ])
  expect((inA.body.items as Wire[]).map(({ tenant }) => tenant.org)).toEqual(['A', 'A'])
})

it('one room is shown with its members and runs', async () => {
  const { server, ids } = await openRooms()

  const { body } = await server.call(`${root}/${ids[0]}`)

  expect(body).toMatchObject({
    id: ids[0],
    tenant: { org: 'A' },
    member_count: 1,
    active_run_count: 0,
    members: [{ identity: { name: 'tenant' } }],
    runs: [],
  })
  for (const id of ['th_none', 'a%00b'])
    expect((await server.call(`${root}/${id}`)).body.code).toBe('threads.thread_not_found')
})

describe('adding a member', () => {
  it('tells the room, and lets the member in', async () => {
    const { server, a, ids } = await openRooms()
    const room = ids[1]
    const uma = someone('u_1', { org: 'A', ws: 'X' })
    const watching = await connect(server, { token: a })
    await watching.ask('thread:join', { thread_id: room })

    const added = await server.call(`${root}/${room}/members`, { body: { identity: uma } })
    const again = await server.call(`${root}/${room}/members`, {
      body: { identity: { ...uma, name: 'other' } },
    })

    expect([added.status, added.body]).toMatchObject([201, { identity: uma, added_by: { id: 'command' } }])
    expect([again.status, again.body]).toMatchObject([200, { identity: uma }])
    expect(await watching.until(({ member }) => member?.id === 'u_1')).toMatchObject({
      type: 'thread.member_added',
      author: { role: 'system', id: 'command' },
    })
    const token = String((await mint(server, uma)).body.token)
    expect(
      (await server.call(`/acp/threads/${room}/messages`, { key: token, body: say('here') })).status,
    ).toBe(201)
  })

  it('refuses a room that is not there before it looks at the body, and a body that is none', async () => {
    const { server, ids } = await openRooms()
    const add = (id: string, body: object) => server.call(`${root}/${id}/members`, { body })

    expect((await add('th_none', {})).body.code).toBe('threads.thread_not_found')
    expect((await add(ids[0], {})).status).toBe(400)
    expect((await add(ids[0], { identity: { role: 'user', id: '', name: '' } })).body.code).toBe(
      'threads.invalid_request',
    )
  })
})

describe('without the scope', () => {
  it('nothing is shown and nothing is done', async () => {
    const { server, ids } = await openRooms()
    const { key: reads } = await server.newKey('threads:read')
    const { key: writes } = await server.newKey('threads:write')
    const add = (key: string) =>
      server.call(`${root}/${ids[3]}/members`, { key, body: { identity: someone('u_1') } })

    for (const path of [root, `${root}/tenants`, `${root}/${ids[3]}`]) {
      expect((await server.call(path, { key: reads })).status).toBe(200)
      expect((await server.call(path, { key: writes })).status).toBe(403)
    }
    expect([(await add(reads)).status, (await add(writes)).status]).toEqual([403, 201])
  })
})

describe('a key with a tenant', () => {
  it('has the rooms inside of it only', async () => {
    const { server, ids } = await openRooms()
    const [inA, inAX, inB] = ids
    const { key } = await newTenantKey(server, { org: 'A' }, 'threads:read', 'threads:write')

    expect(await idsOf(server, '', key)).toEqual([inAX, inA])
    expect(await idsOf(server, '?tenant=org=B', key)).toEqual([])
    expect((await server.call(`${root}/${inB}`, { key })).status).toBe(404)
    const added = await server.call(`${root}/${inB}/members`, { key, body: { identity: someone('u_1') } })
    expect(added.status).toBe(404)
  })

  it('is no operator of the whole server, whatever its scopes are', async () => {
    const server = await openServer()
    const { key } = await newTenantKey(server, { org: 'A' }, '*')
    const { id } = await server.newKey('*')

    expect((await server.call('/parley/v1/owner-links', { key, method: 'POST' })).status).toBe(403)
    expect((await server.call('/metrics', { key })).status).toBe(403)
    expect(
      ((await server.call('/parley/v1/keys', { key })).body.keys as Wire[]).map(({ tenant }) => tenant),
    ).toEqual([{ org: 'A' }])
    expect((await server.call(`/parley/v1/keys/${id}`, { key, method: 'DELETE' })).status).toBe(404)
  })
})
