import { describe, expect, it } from 'vitest'
import { openServer, rawRequest, signIn, type TestServer } from '../server.test.support.js'
import {
  connect,
  mint,
  newRoom,
  newTenantKey,
  refusalOf,
  someone,
  transports,
  type Wire,
} from '../threads.test.support.js'

const orgA = { org: 'A', ws: 'X' }

async function roomsOf(server: TestServer, key: string): Promise<string[]> {
  const { body } = await server.call('/acp/threads', { key })
  return (body.items as Wire[]).map(({ id }) => id)
}

describe('a key with a tenant', () => {
  it('sees the rooms of its tenant and no others', async () => {
    const server = await openServer()
    const a = await newTenantKey(server, orgA, 'threads:use')
    const b = await newTenantKey(server, { org: 'B' }, 'threads:use')
    const inA = await newRoom(server, a.key, { org: 'A' })
    const inB = await newRoom(server, b.key, { org: 'B' })
    const everybodys = await newRoom(server, undefined)

    expect(await roomsOf(server, a.key)).toEqual([everybodys, inA])
    expect(await roomsOf(server, b.key)).toEqual([everybodys, inB])
    expect((await server.call(`/acp/threads/${inA}`, { key: b.key })).status).toBe(404)
    const foreign = await server.call('/acp/threads', { key: b.key, body: { tenant: orgA } })
    expect([foreign.status, foreign.body.error]).toMatchObject([403, { code: 'forbidden' }])
    const peer = await connect(server, { token: b.key })
    expect(await peer.ask('thread:join', { thread_id: inA })).toMatchObject({ error: { code: 'not_found' } })
  })

  it('is an identity of its own, with its name and tenant', async () => {
    const server = await openServer()
    const { id, key } = await newTenantKey(server, orgA, 'threads:use')
    const room = await newRoom(server, key, orgA)

    const { text } = await server.call(`/acp/threads/${room}/members`, { key })

    expect(JSON.parse(text)[0].identity).toEqual({
      role: 'user',
      id,
      name: 'tenant',
      metadata: { tenant: orgA },
    })
  })
})

it('the owner is an identity like everybody: a room of a tenant is not theirs to see', async () => {
  const server = await openServer()
  const { key } = await newTenantKey(server, orgA, 'threads:use')
  const room = await newRoom(server, key, orgA)

  expect((await server.call(`/acp/threads/${room}`)).status).toBe(404)
})

describe('without the scope threads:use', () => {
  it('a key is refused, and told what it lacks', async () => {
    const server = await openServer()
    const { key } = await server.newKey('threads:read', 'handshake:read')

    const answer = await server.call('/acp/threads', { key })

    expect([answer.status, answer.body.error]).toEqual([
      403,
      { code: 'forbidden', message: 'the credential lacks the scope threads:use' },
    ])
    expect(await refusalOf(connect(server, { token: key }))).toBe('forbidden')
  })
})

/** By the plane, which tells pages of strange origins no more than that; or for want of a credential that counts. */
const refused = /^(unauthenticated|websocket error|xhr poll error)$/

describe.each(transports)('over %s', (transport) => {
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

  it('a key or a token comes by the header or by auth.token; nobody without', async () => {
    const server = await openServer()
    const { key } = await server.newKey('threads:use')
    const { body } = await mint(server, someone('u_1'))

    for (const token of [key, String(body.token)]) {
      await connect(server, { transport, token })
      await connect(server, { transport, headers: bearer(token) })
    }
    for (const token of [undefined, 'pk_made_up', 'pt_made_up', ''])
      expect(await refusalOf(connect(server, { transport, ...(token !== undefined && { token }) }))).toBe(
        'unauthenticated',
      )
  })

  it('a browser that is signed in connects from our own pages only', async () => {
    const allowed = 'https://app.example'
    const server = await openServer({ allowedOrigins: [allowed] })
    const { cookie } = await signIn(server, await server.createOwnerLink())
    const from = (headers: Record<string, string>) =>
      refusalOf(connect(server, { transport, headers: { cookie, ...headers } }))

    expect(await from({ origin: server.url })).toBe('connected')
    for (const origin of [
      'https://evil.example',
      'null',
      'http://127.0.0.1:1',
      server.url.replace('http', 'ws'),
    ])
      expect(await from({ origin }), origin).toMatch(refused)
    // A page of another origin that may use rooms does so with a token: the cookie is not meant for it.
    expect(await from({ origin: allowed })).toBe('unauthenticated')
    expect(await from({ origin: allowed, ...bearer(server.controlToken) })).toBe('connected')
    // A browser says where a WebSocket comes from, always; of a read from the same page it does not.
    expect(await from({})).toBe(transport === 'polling' ? 'connected' : 'unauthenticated')
  })

  it('a caller on this machine comes in where that is trusted, and no page of somebody else', async () => {
    const server = await openServer({ trustLoopback: true, allowedOrigins: ['https://app.example'] })

    expect(await refusalOf(connect(server, { transport }))).toBe('connected')
    expect(await refusalOf(connect(server, { transport, headers: { origin: server.url } }))).toBe('connected')
    for (const origin of ['https://evil.example', 'https://app.example'])
      expect(await refusalOf(connect(server, { transport, headers: { origin } }))).toMatch(refused)
    expect(await refusalOf(connect(server, { transport, token: 'pk_wrong' }))).toBe('unauthenticated')
  })

  it('what a stranger writes about how it came in counts for nothing', async () => {
    const server = await openServer({ allowedOrigins: ['https://app.example'] })
    const { cookie } = await signIn(server, await server.createOwnerLink())
    const arrival = JSON.stringify({ method: 'GET', remoteAddress: '127.0.0.1', isUpgrade: false })
    const from = (headers: Record<string, string>) =>
      refusalOf(connect(server, { transport, headers: { cookie, 'x-parley-arrival': arrival, ...headers } }))

    expect(await from({ origin: 'https://app.example' })).toBe('unauthenticated')
    // The stamp says that it is a read; the door knows better.
    expect(await from({})).toBe(transport === 'polling' ? 'connected' : 'unauthenticated')
  })
})

describe('over REST', () => {
  it('a cookie reads, and writes only from our own pages', async () => {
    const server = await openServer({ allowedOrigins: ['https://app.example'] })
    const { cookie } = await signIn(server, await server.createOwnerLink())
    const call = async (method: string, headers: Record<string, string>) =>
      (
        await server.call('/acp/threads', {
          method,
          key: null,
          headers: { cookie, ...headers },
          ...(method === 'POST' && { body: {} }),
        })
      ).status

    expect(await call('GET', {})).toBe(200)
    expect(await call('POST', {})).toBe(401)
    expect(await call('POST', { origin: 'https://evil.example' })).toBe(403)
    expect(await call('POST', { origin: 'https://app.example' })).toBe(401)
    expect(await call('GET', { origin: 'https://evil.example' })).toBe(401)
    expect(await call('POST', { origin: server.url })).toBe(201)
  })

  it('what a stranger writes about how it came in counts for nothing, however the path is spelt', async () => {
    const server = await openServer()
    const { cookie } = await signIn(server, await server.createOwnerLink())
    const arrival = JSON.stringify({ method: 'GET', remoteAddress: '127.0.0.1', isUpgrade: false })
    const headers = {
      cookie,
      'x-parley-arrival': arrival,
      'content-type': 'application/json',
      'content-length': '0',
    }

    for (const path of ['/acp/threads', '/x/../acp/threads'])
      expect((await rawRequest(server.url, path, { method: 'POST', headers })).status).toBe(401)
  })

  it('a token acts as its identity, and opens nothing of the server itself', async () => {
    const server = await openServer()
    const { body, status } = await mint(server, someone('u_1', orgA))
    const key = String(body.token)
    const room = await newRoom(server, key, orgA)

    expect(status).toBe(201)
    expect(JSON.parse((await server.call(`/acp/threads/${room}/members`, { key })).text)).toMatchObject([
      { identity: someone('u_1', orgA) },
    ])
    expect((await server.call('/parley/v1/me', { key })).status).toBe(401)
  })
})
