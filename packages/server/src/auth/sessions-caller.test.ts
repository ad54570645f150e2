import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { openServer, signIn, type TestServer } from '../server.test.support.js'
import { newTenantKey } from '../threads.test.support.js'

const adHoc = { spawn: { command: process.execPath, args: ['--version'] } }

/** How a socket began: `connected`, or the status it was refused with. */
async function dial(url: string, path: string, headers: Record<string, string> = {}): Promise<string> {
  const socket = new WebSocket(url.replace('http', 'ws') + path, { headers })
  onTestFinished(() => socket.terminate())
  return await new Promise((resolve) => {
    socket.once('message', (data) => resolve(JSON.parse(String(data)).type))
    socket.once('unexpected-response', (_, { statusCode }) => resolve(String(statusCode)))
    socket.once('error', (error) => resolve(error.message))
  })
}

const statusOf = async (server: TestServer, key: string | null, path: string, body?: unknown) =>
  (await server.call(path, { key, ...(body !== undefined && { body }) })).status

describe('a key', () => {
  it('needs sessions:use, and is told so', async () => {
    const server = await openServer()
    const { key } = await server.newKey('threads:use', 'handshake:read')

    const answer = await server.call('/api/agents', { key })

    expect([answer.status, answer.body]).toEqual([
      403,
      { error: 'the credential lacks the scope sessions:use' },
    ])
    expect(await dial(server.url, `/ws?token=${key}`)).toBe('403')
    expect(await statusOf(server, null, '/api/agents')).toBe(401)
    expect(await statusOf(server, 'pk_made_up', '/api/agents')).toBe(401)
  })

  it('with sessions:use alone starts templates, and nothing else of the machine', async () => {
    const server = await openServer()
    const { key } = await server.newKey('sessions:use')

    const started = await server.call('/api/agents', { key, body: { agentTemplateId: 'demo' } })
    expect([started.status, started.body.agentName]).toEqual([201, 'Demo agent'])
    const prompted = await server.call(`/api/agents/${started.body.id}/prompts`, {
      key,
      body: { text: 'echo hello' },
    })
    expect(prompted.body).toMatchObject({ stopReason: 'end_turn' })

    for (const [path, body] of [
      ['/api/agents', adHoc],
      ['/api/agent-templates', { name: 'Mine', ...adHoc }],
      ['/api/runtimes/local/stop', {}],
      ['/api/runtimes/local/files?path=x', undefined],
    ] as const)
      expect(await statusOf(server, key, path, body), path).toBe(403)
    const { key: machine } = await server.newKey('sessions:machine')
    expect(await statusOf(server, machine, '/api/runtimes/local/fs/snapshot')).not.toBe(403)
    expect(await statusOf(server, machine, '/api/agents')).toBe(200)
    await server.call(`/api/agents/${started.body.id}`, { method: 'DELETE', key })
  })

  it('with a tenant sees the sessions of its tenant', async () => {
    const server = await openServer()
    const a = await newTenantKey(server, { org: 'A' }, 'sessions:*')
    expect(a).toMatchObject({ code: 'server.unknown_scope' })
    const [inA, inB] = [
      await newTenantKey(server, { org: 'A' }, 'sessions:use'),
      await newTenantKey(server, { org: 'B' }, 'sessions:use'),
    ]

    const { body } = await server.call('/api/agents', { key: inA.key, body: { agentTemplateId: 'demo' } })

    expect(await statusOf(server, inA.key, `/api/agents/${body.id}`)).toBe(200)
    expect(await statusOf(server, inB.key, `/api/agents/${body.id}`)).toBe(404)
    expect((await server.call('/api/agents', { key: inB.key })).text).toBe('[]')
    await server.call(`/api/agents/${body.id}`, { method: 'DELETE', key: inA.key })
  })

  it('comes by the address on sockets and event streams, and nowhere else', async () => {
    const server = await openServer()
    const { key, id } = await server.newKey('sessions:use')

    expect(await dial(server.url, `/ws?token=${key}`)).toBe('connected')
    expect(await dial(server.url, `/?token=${key}`)).toBe('connected')
    expect(await dial(server.url, '/ws', { authorization: `Bearer ${key}` })).toBe('connected')
    expect(await dial(server.url, '/ws')).toBe('401')
    expect(await dial(server.url, '/ws?token=pk_made_up')).toBe('401')
    // Found, and there is no such session; without the key it would be 401.
    expect(await statusOf(server, null, `/api/agents/none/stream?token=${key}`)).toBe(404)
    expect(await statusOf(server, null, '/api/agents/none/stream')).toBe(401)
    for (const path of ['/api/agents', '/api/agents/none', '/api/runtimes'])
      expect(await statusOf(server, null, `${path}?token=${key}`), path).toBe(401)

    await server.call(`/parley/v1/keys/${id}`, { method: 'DELETE' })
    expect(await dial(server.url, `/ws?token=${key}`)).toBe('401')
  })
})

describe('the owner', () => {
  it('who signs in by the link may use sessions from the console, and no page of somebody else', async () => {
    const server = await openServer()
    const { cookie } = await signIn(server, await server.createOwnerLink())
    const post = async (origin: string | undefined) => {
      const headers = { cookie, ...(origin !== undefined && { origin }) }
      const body = { agentTemplateId: 'demo' }
      return await server.call('/api/agents', { key: null, headers, body })
    }

    const started = await post(server.url)
    expect(started.status).toBe(201)
    // Its address holds no secret: the browser sends the cookie.
    expect(started.body.websocketUrl).toBe(`${server.url.replace('http', 'ws')}/ws`)
    expect((await post('https://evil.example')).status).toBe(403)
    expect((await post(undefined)).status).toBe(401)
    expect(await dial(server.url, '/ws', { cookie, origin: server.url })).toBe('connected')
    expect(await dial(server.url, '/ws', { cookie, origin: 'https://evil.example' })).toBe('403')
    expect(await dial(server.url, '/ws', { cookie })).toBe('401')
  })

  it('may use the machine: commands of their own', async () => {
    const server = await openServer()

    const answer = await server.call('/api/agents', { body: adHoc })

    // It was tried, and is no agent.
    expect([answer.status, answer.text]).toEqual([500, expect.stringContaining(process.version)])
  })

  it('needs nothing on a trusted loopback, and pages of others stay out', async () => {
    const server = await openServer({ trustLoopback: true })

    expect(await statusOf(server, null, '/api/agents')).toBe(200)
    expect(await dial(server.url, '/ws')).toBe('connected')
    expect(await dial(server.url, '/ws', { origin: 'https://evil.example' })).toBe('403')
  })
})
