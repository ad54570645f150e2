// What a page of somebody else, or a thief of a key, would try.
import { request as nodeRequest } from 'node:http'
import { eventually } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { openServer, rawRequest, signIn, type TestServer } from '../server.test.support.js'

// A script tag of another page names no origin, and what it loads is run there.
describe('a page that loads long polling as a script', () => {
  it.each(['j=0', 'j', '%6a=0', 'j=0&j=1'])('opens nothing with %s', async (query) => {
    const server = await openServer({ trustLoopback: true })

    const { text } = await rawRequest(server.url, `/socket.io/?EIO=4&transport=polling&${query}`)

    expect(text).not.toContain('___eio')
  })

  it('opens nothing for a browser that is signed in', async () => {
    const server = await openServer()
    const { cookie } = await signIn(server, await server.createOwnerLink())

    const { text } = await rawRequest(server.url, '/socket.io/?EIO=4&transport=polling&j=0', {
      headers: { cookie },
    })

    expect(text).not.toContain('sid')
  })
})

/** Sends the head of a request now and its body later, as somebody does who waits. */
function openSlowly({ url }: TestServer, path: string, key: string, body: object) {
  const text = JSON.stringify(body)
  const request = nodeRequest(url + path, {
    method: 'POST',
    agent: false,
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    },
  })
  const answered = new Promise<number | undefined>((resolve, reject) => {
    request.once('error', reject)
    request.once('response', (response) => {
      response.resume()
      resolve(response.statusCode)
    })
  })
  request.write(text.slice(0, 1))
  return { answered, finish: () => void request.end(text.slice(1)) }
}

/** True once the key has let somebody in. */
async function isUsed({ call }: TestServer, id: string): Promise<boolean> {
  const { body } = await call('/parley/v1/keys')
  // The cast: what the route answers.
  const keys = body.keys as { id: string; lastUsedAt: string | null }[]
  return keys.some((key) => key.id === id && key.lastUsedAt !== null)
}

describe('a body that comes after its key was revoked', () => {
  const identity = { id: 'u_1', name: 'Uma' }
  it.each([
    ['token', '/parley/v1/threads/tokens', { identity }],
    ['key', '/parley/v1/keys', { name: 'again', scopes: ['keys:write'] }],
    ['webhook', '/parley/v1/webhooks', { url: 'https://127.0.0.1/' }],
  ])('makes no %s', async (_what, path, body) => {
    const server = await openServer({ webhookAddresses: ['127.0.0.0/8'] })
    const { id, key } = await server.newKey('threads:act-as', 'keys:write', 'webhooks:write')
    const { answered, finish } = openSlowly(server, path, key, body)
    await eventually(() => isUsed(server, id))

    await server.call(`/parley/v1/keys/${id}`, { method: 'DELETE' })
    finish()

    expect(await answered).toBe(401)
  })
})

describe('a caller that a proxy on this machine stands before', () => {
  it.each([
    ['x-forwarded-for', '203.0.113.7'],
    ['forwarded', 'for=203.0.113.7'],
  ])('is not trusted for being on this machine: %s', async (name, value) => {
    const server = await openServer({ trustLoopback: true })
    const status = async (path: string, headers: Record<string, string>) =>
      (await server.call(path, { key: null, headers })).status

    for (const path of ['/parley/v1/me', '/acp/threads']) {
      expect(await status(path, {})).toBe(200)
      expect(await status(path, { [name]: value })).toBe(401)
    }
  })
})
