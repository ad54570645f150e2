import { describe, expect, it } from 'vitest'
import { openServer, rawRequest, upgradeHeaders } from '../server.test.support.js'

describe('a host name that is not ours', () => {
  const host = 'rebound.example'

  it('is refused on every route, the planes and the console included', async () => {
    const { url } = await openServer()

    for (const path of [
      '/',
      '/healthz',
      '/parley/v1/me',
      '/handshake/session',
      '/acp/threads',
      '/socket.io/?EIO=4&transport=polling',
    ]) {
      const answer = await rawRequest(url, path, { headers: { host } })
      expect([answer.status, JSON.parse(answer.text).code]).toEqual([403, 'kernel.forbidden'])
    }
  })

  it('gets no socket', async () => {
    const server = await openServer()
    const { wsUrl } = await server.newHandshake()

    const stranger = await rawRequest(server.url, wsUrl, { headers: { ...upgradeHeaders, host } })
    const known = await rawRequest(server.url, wsUrl, { headers: upgradeHeaders })

    expect([stranger.isUpgraded, stranger.status]).toEqual([false, 400])
    expect(known.isUpgraded).toBe(true)
  })

  it('is answered once it is allowed, or the public address', async () => {
    const { url } = await openServer({ allowedHosts: [host], publicUrl: 'https://parley.example' })

    for (const name of [host, 'parley.example']) {
      expect((await rawRequest(url, '/healthz', { headers: { host: name } })).status).toBe(200)
    }
  })
})

it('an upgrade of any other path is refused', async () => {
  const { url } = await openServer()

  for (const path of ['/api/agents', '/acp/threads', '/socket.iox/', '/handshakes', '//ws/handshake/x'])
    expect(await rawRequest(url, path, { headers: upgradeHeaders })).toMatchObject({
      status: 400,
      isUpgraded: false,
    })
})

describe('trust in loopback', () => {
  const me = (url: string, headers: Record<string, string> = {}) =>
    rawRequest(url, '/parley/v1/me', { headers })

  it('is off unless it is asked for', async () => {
    const { url } = await openServer()
    expect((await me(url)).status).toBe(401)
  })

  it('lets a program on this machine in as the local owner, and our own pages', async () => {
    const { url } = await openServer({ trustLoopback: true })

    for (const headers of [{}, { origin: url }] as Record<string, string>[]) {
      const answer = await me(url, headers)
      expect([answer.status, JSON.parse(answer.text).principal.id]).toEqual([200, 'local-owner'])
    }
  })

  it('lets no page of somebody else in, under whatever name it reaches us', async () => {
    const { url } = await openServer({ trustLoopback: true, allowedHosts: ['parley.example'] })

    expect((await me(url, { origin: 'https://evil.example' })).status).toBe(401)
    expect((await me(url, { origin: 'null' })).status).toBe(401)
    expect((await me(url, { host: 'rebound.example', origin: 'http://rebound.example' })).status).toBe(403)
  })

  it('does not make a wrong key right', async () => {
    const { url } = await openServer({ trustLoopback: true })
    expect((await me(url, { authorization: 'Bearer pk_wrong' })).status).toBe(401)
  })
})
