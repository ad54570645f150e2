import { expect, it } from 'vitest'
import { openServer } from '../server.test.support.js'
import { connect, mint, newRoom, newTenantKey, refusalOf, someone } from '../threads.test.support.js'

it('a token is made with the scope threads:act-as, and with no less', async () => {
  const server = await openServer()
  const { key } = await server.newKey('threads:act-as')
  const { key: other } = await server.newKey('threads:use', 'threads:write', 'threads:read')

  expect((await mint(server, someone('u_1'), { key })).status).toBe(201)
  expect((await mint(server, someone('u_1'), { key: other })).body.code).toBe('kernel.forbidden')
  // It makes tokens, and is nobody in rooms itself.
  expect((await server.call('/acp/threads', { key })).status).toBe(403)
})

it('a token lives for an hour unless it is told otherwise, and for a day at most', async () => {
  const server = await openServer()
  const before = Date.now()
  const { body } = await mint(server, { id: 'u_1', name: 'Uma' })
  const after = Date.now()

  const expires = Date.parse(String(body.expires_at))
  expect(expires).toBeGreaterThanOrEqual(before + 3_600_000)
  expect(expires).toBeLessThanOrEqual(after + 3_600_000)
  expect(body.identity).toEqual({ role: 'user', id: 'u_1', name: 'Uma', metadata: {} })
  expect((await mint(server, someone('u_1'), { ttl_seconds: 86_400 })).status).toBe(201)
})

it.each([
  ['a life that is too long', { identity: someone('u_1'), ttl_seconds: 86_401 }],
  ['no life', { identity: someone('u_1'), ttl_seconds: 0 }],
  ['half a second', { identity: someone('u_1'), ttl_seconds: 0.5 }],
  ['nobody', {}],
  ['no id', { identity: { id: '', name: 'x' } }],
  ['an id with a NUL', { identity: { id: 'u\u0000', name: 'x' } }],
  ['an assistant', { identity: { id: 'a_1', name: 'x', role: 'assistant' } }],
  ['members that nobody knows', { identity: { id: 'u_1', name: 'x', admin: true } }],
  ['metadata that is none', { identity: { id: 'u_1', name: 'x', metadata: 'x' } }],
  ['who the server is itself', { identity: { id: 'owner', name: 'x' } }],
])('%s is refused', async (_what, body) => {
  const server = await openServer()

  const answer = await server.call('/parley/v1/threads/tokens', { body })

  expect([answer.status, typeof answer.body.code]).toEqual([400, 'string'])
})

it('a token that is revoked opens nothing from then on', async () => {
  const server = await openServer()
  const { body } = await mint(server, someone('u_1'))
  const key = String(body.token)
  await newRoom(server, key)

  const ended = await server.call('/parley/v1/threads/tokens?identity_id=u_1', { method: 'DELETE' })

  expect([ended.status, ended.body]).toEqual([200, { revoked: 1 }])
  expect((await server.call('/acp/threads', { key })).status).toBe(401)
  expect(await refusalOf(connect(server, { token: key }))).toBe('unauthenticated')
})

it('a token ends with the key that made it', async () => {
  const server = await openServer()
  const { id, key } = await server.newKey('threads:act-as')
  const { body } = await mint(server, someone('u_1'), { key })

  await server.call(`/parley/v1/keys/${id}`, { method: 'DELETE' })

  expect((await server.call('/acp/threads', { key: String(body.token) })).status).toBe(401)
})

it('a key with a tenant gives nothing outside of it', async () => {
  const server = await openServer()
  const { key } = await newTenantKey(server, { org: 'A' }, 'threads:act-as', 'keys:write')
  const create = (tenant?: object) =>
    server.call('/parley/v1/keys', { key, body: { name: 'k', scopes: ['keys:write'], tenant } })

  expect((await mint(server, someone('u_1', { org: 'A', ws: 'X' }), { key })).status).toBe(201)
  for (const tenant of [{}, { org: 'B' }] as Record<string, string>[])
    expect((await mint(server, someone('u_1', tenant), { key })).body.code).toBe('server.outside_tenant')
  expect((await create({})).body.code).toBe('server.outside_tenant')
  expect((await create()).body.tenant).toEqual({ org: 'A' })
  expect((await create({ org: 'A', ws: 'X' })).status).toBe(201)
})
