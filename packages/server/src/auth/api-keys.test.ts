import { eventually } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { openServer, type TestServer } from '../server.test.support.js'

const list = { path: '/parley/v1/handshakes' }
const revoke = (id: string) => ({ path: `/parley/v1/handshakes/${id}`, method: 'DELETE' })
const routes = (id: string) => ({
  me: { path: '/parley/v1/me' },
  list,
  get: { path: `/parley/v1/handshakes/${id}` },
  audit: { path: `/parley/v1/handshakes/${id}/audit` },
  extend: { path: `/parley/v1/handshakes/${id}/extend`, body: { extraSeconds: 1 } },
  keys: { path: '/parley/v1/keys' },
  createKey: { path: '/parley/v1/keys', body: { name: 'k', scopes: ['keys:write'] } },
  ownerLink: { path: '/parley/v1/owner-links', method: 'POST' },
  metrics: { path: '/metrics' },
  threads: { path: '/acp/threads' },
  allThreads: { path: '/parley/v1/threads' },
  tenants: { path: '/parley/v1/threads/tenants' },
  actAs: { path: '/parley/v1/threads/tokens', body: { identity: { id: 'u_1', name: 'u' } } },
  createHandshake: { path: '/handshake/session', body: {} },
  revoke: revoke(id),
})
type RouteName = keyof ReturnType<typeof routes>

/** Names of the routes that let a key in. */
async function openTo(server: TestServer, ...scopes: string[]): Promise<RouteName[]> {
  const { sessionId } = (await server.call('/handshake/session', { body: {} })).body as { sessionId: string }
  const { key } = await server.newKey(...scopes)
  const open: RouteName[] = []
  for (const [name, { path, ...rest }] of Object.entries(routes(sessionId))) {
    const { status } = await server.call(path, { key, ...rest })
    expect([200, 201, 403], name).toContain(status)
    if (status !== 403) open.push(name as RouteName)
  }
  return open
}

describe('a key', () => {
  it.each([
    ['*', Object.keys(routes(''))],
    ['handshake:read', ['me', 'list', 'get', 'audit']],
    ['handshake:read handshake:write', ['me', 'list', 'get', 'audit', 'extend', 'revoke']],
    ['handshake:write', ['me', 'extend', 'revoke']],
    ['handshake:create', ['me', 'createHandshake']],
    ['keys:write', ['me', 'keys', 'createKey']],
    ['threads:use', ['me', 'threads']],
    ['threads:read', ['me', 'allThreads', 'tenants']],
    ['threads:act-as', ['me', 'actAs']],
  ])('with %s opens exactly its routes', async (scopes, expected) => {
    const server = await openServer({ openCreation: false })

    expect(await openTo(server, ...scopes.split(' '))).toEqual(expected)
  })

  it('cannot make one that may do more than itself', async () => {
    const server = await openServer()
    const { key } = await server.newKey('keys:write', 'handshake:read')
    const create = (scopes?: string[]) => server.call('/parley/v1/keys', { key, body: { name: 'k', scopes } })

    expect((await create(['handshake:read'])).status).toBe(201)
    for (const scopes of [undefined, ['*'], ['handshake:read', 'handshake:write']]) {
      const answer = await create(scopes)
      expect([answer.status, answer.body.code]).toEqual([403, 'server.scope_too_wide'])
    }
  })

  it('is refused with a scope nobody knows, and when nobody knows it', async () => {
    const server = await openServer()

    const misspelt = await server.call('/parley/v1/keys', { body: { name: 'k', scopes: ['handshake:raed'] } })
    const stranger = await server.call('/parley/v1/me', { key: 'pk_made_up' })

    expect([misspelt.status, misspelt.body.code]).toEqual([400, 'server.unknown_scope'])
    expect([stranger.status, stranger.body.code]).toEqual([401, 'kernel.unauthenticated'])
  })

  it('has no name with control characters, and no id that is not of ours', async () => {
    const server = await openServer()

    const named = await server.call('/parley/v1/keys', { body: { name: 'a\u0000\u001b[2J', scopes: ['*'] } })
    const unknown = await server.call('/parley/v1/keys/a%00b', { method: 'DELETE' })

    expect([named.status, named.body.code]).toEqual([400, 'kernel.invalid_request'])
    expect([unknown.status, unknown.body.code]).toEqual([404, 'server.key_not_found'])
  })

  it('that was used says when', async () => {
    const server = await openServer()
    const { id, key } = await server.newKey('handshake:read')
    await server.call('/parley/v1/me', { key })

    const used = await eventually(async () => {
      const { keys } = (await server.call('/parley/v1/keys')).body as {
        keys: { id: string; lastUsedAt: string | null }[]
      }
      return keys.find((one) => one.id === id)?.lastUsedAt
    })

    expect(Date.parse(used)).not.toBeNaN()
  })

  it('has a hundred streams at a time, and one more when one has ended', async () => {
    const server = await openServer()
    const { key } = await server.newKey('handshake:read')
    const open = async () => {
      const controller = new AbortController()
      const { signal } = controller
      const headers = { authorization: `Bearer ${key}` }
      const { status } = await fetch(`${server.url}/parley/v1/handshakes/live`, { headers, signal })
      return { status, end: () => controller.abort() }
    }
    const streams = await Promise.all(Array.from({ length: 100 }, open))

    expect(new Set(streams.map(({ status }) => status))).toEqual(new Set([200]))
    expect((await open()).status).toBe(429)
    streams[0]!.end()
    await eventually(async () => (await open()).status === 200)
  })

  it('that is revoked is refused at once, and its open stream ends at the next event', async () => {
    const server = await openServer()
    const { id, key } = await server.newKey('handshake:read')
    const { sessionId, notifyUrl } = await server.newHandshake()
    const stream = await fetch(`${server.url}/parley/v1/handshakes/${sessionId}/events`, {
      headers: { authorization: `Bearer ${key}` },
    })
    const read = stream.text()

    expect((await server.call(`/parley/v1/keys/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await server.call('/parley/v1/me', { key })).status).toBe(401)
    await server.call(notifyUrl, { key: null, body: { key: 'secret', value: 'after the key ended' } })

    expect(await read).not.toContain('after the key ended')
    expect((await server.call(`/parley/v1/keys/${id}`, { method: 'DELETE' })).body.code).toBe(
      'server.key_not_found',
    )
  })
})
