import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toNodeListener } from '@parley/kernel/http'
import { systemIds } from '@parley/kernel/ids'
import { eventually } from '@parley/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { openPlane, type Plane } from './plane.test.support.js'
import { FakeHost } from './service/hosts/fake-host.test.support.js'

// What strangers may try at the doors of a whole plane.

async function listen({ sessions }: Plane): Promise<string> {
  const node = toNodeListener((request, info) => sessions.fetch(request, info), { ids: systemIds })
  const server = createServer((request, response) => void node(request, response))
  server.on('upgrade', (request, socket, head) => sessions.upgrade(request, socket, head))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  // The cast: it listens on a port.
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into frames as clients do.
type Frame = any

async function connect(at: string, who = 'alice') {
  const socket = new WebSocket(`ws://${at}/ws?token=${who}`)
  const frames: Frame[] = []
  const closed: { code?: number } = {}
  socket.on('error', () => {})
  socket.on('message', (data) => frames.push(JSON.parse(String(data))))
  socket.on('close', (code) => {
    closed.code = code
  })
  onTestFinished(() => socket.terminate())
  await once(socket, 'open')
  return { socket, frames, closed, send: (message: object) => socket.send(JSON.stringify(message)) }
}

it('dials of hosts are counted by their address at the public door', async () => {
  const plane = await openPlane()
  const url = `ws://${await listen(plane)}/api/hosts/link`
  for (let dial = 0; dial < 30; dial++)
    expect(await (await new FakeHost({ url }).opened()).closedWith()).toMatchObject({ code: 4401 })

  expect(await (await new FakeHost({ url }).opened()).closedWith()).toMatchObject({ code: 1013 })
})

it('asking for a stream without reading it holds none open', async () => {
  const plane = await openPlane({ limits: { sockets: 3 } })
  const id = await plane.session()
  const headers = { authorization: 'Bearer alice' }
  const at = `http://${await listen(plane)}/api/agents/${id}/stream`
  for (let asked = 0; asked < 10; asked++)
    expect((await fetch(at, { method: 'HEAD', headers })).status).toBe(200)
  for (let asked = 0; asked < 10; asked++) {
    const leave = new AbortController()
    await fetch(at, { headers, signal: leave.signal }).catch(() => undefined)
    leave.abort()
    await eventually(async () => {
      const response = await fetch(at, { headers })
      await response.body?.cancel()
      return response.status === 200
    })
  }
})

it('half characters in ids are refused, and are no fault of the server', async () => {
  const plane = await openPlane()
  const id = await plane.session()
  const { send, frames } = await connect(await listen(plane))
  const half = '\ud800'

  send({ action: 'cancel', sessionId: id, queueId: half })
  send({ action: 'terminal.input', terminalId: half, data: 'x' })
  send({ action: 'terminal.kill', terminalId: half })
  send({ action: 'permission.respond', sessionId: id, requestId: half, body: { optionId: half } })
  send({ action: 'prompt', sessionId: half, text: half })
  send({ action: 'subscribe', channel: `session:${half}` })
  send({ action: 'subscribe', channel: `terminals:${half}` })
  send({ action: 'file.preview', sessionId: id, path: half })
  send({ action: 'ping' })

  await eventually(() => frames.some(({ type }) => type === 'pong'))
  expect(frames.map(({ message }) => message)).not.toContain('internal error')
  expect(plane.faults).toEqual([])
})

it('names that every object has are names of nothing', async () => {
  const { call, faults } = await openPlane()
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    expect(await call('alice', 'POST', `/runtimes/${name}/start`)).toMatchObject({ status: 400 })
    for (const verb of ['stop', 'pause'])
      expect(await call('alice', 'POST', `/runtimes/${name}/${verb}`)).toMatchObject({ status: 404 })
    expect(await call('alice', 'DELETE', `/runtimes/${name}`)).toMatchObject({ status: 404 })
    expect(await call('alice', 'GET', `/runtimes/${name}/files?path=x`)).toMatchObject({ status: 404 })
    expect(await call('alice', 'GET', `/agents/${name}`)).toMatchObject({ status: 404 })
    const runtime = { provider: name }
    const template = { name: 'T', spawn: { command: 'x', args: [] }, runtime }
    expect(await call('alice', 'POST', '/agent-templates', template)).toMatchObject({ status: 400 })
    const queued = { text: 'hi', runtime: name, agentTemplateId: name }
    expect((await call('alice', 'POST', '/message-queue', queued)).status).toBeLessThan(500)
  }
  expect(faults).toEqual([])
})

it('a storm of subscriptions of one socket is ended and not remembered', async () => {
  const plane = await openPlane()
  const id = await plane.session()
  const { send, closed, socket } = await connect(await listen(plane))
  socket.pause()
  for (let turn = 0; turn < 20_000; turn++) {
    send({ action: 'subscribe', channel: `session:${id}` })
    send({ action: 'unsubscribe', channel: `session:${id}` })
  }
  socket.resume()

  await eventually(() => closed.code)
  expect(closed.code).toBe(1013)
})

it('a tenant has a bounded number of messages that wait', async () => {
  const { call, session } = await openPlane()
  const sessionId = await session()
  await call('alice', 'DELETE', `/agents/${sessionId}`)
  const statuses = new Set<number>()
  for (let index = 0; index < 1_001; index++)
    statuses.add((await call('alice', 'POST', '/message-queue', { text: 'hi', sessionId })).status)

  expect([...statuses].sort()).toEqual([201, 429])
  expect(await call('dave', 'POST', '/message-queue', { text: 'hi' })).toMatchObject({ status: 201 })
})

it('what a session of others answers, and one that is not there, is the same to the byte', async () => {
  const plane = await openPlane()
  const theirs = await plane.session()
  const absent = randomUUID()
  const at = `http://${await listen(plane)}/api`
  const ask = async (method: string, path: string, id: string, body?: unknown) => {
    const response = await fetch(at + path.replace(':id', id), {
      method,
      headers: { authorization: 'Bearer dave', 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const headers = [...response.headers].filter(([name]) => name !== 'date' && !/request-id/.test(name))
    const text = (await response.text()).replaceAll(id, ':id')
    return JSON.stringify([response.status, headers, text]).replace(/"content-length","\d+"/, '')
  }
  const routes: [string, string, unknown?][] = [
    ['GET', '/agents/:id'],
    ['GET', '/agents/:id/'],
    ['GET', '/agents/:id?includeFileSystem=true'],
    ['DELETE', '/agents/:id'],
    ['GET', '/agents/:id/status'],
    ['GET', '/agents/:id/commands'],
    ['GET', '/agents/:id/settings'],
    ['PATCH', '/agents/:id/settings', { autoApprovePermissions: true }],
    ['POST', '/agents/:id/prompts', { text: 'hi' }],
    ['POST', '/agents/:id/prompts?wait=false', { text: 'hi' }],
    ['POST', '/agents/:id/cancel', {}],
    ['GET', '/agents/:id/permissions'],
    ['POST', '/agents/:id/permissions/r1', { optionId: 'yes' }],
    ['POST', '/agents/:id/mode', { modeId: 'x' }],
    ['POST', '/agents/:id/model', { modelId: 'x' }],
    ['POST', '/agents/:id/config', { configId: 'x', value: true }],
    ['GET', '/agents/:id/queue'],
    ['PUT', '/agents/:id/queue', { order: [] }],
    ['DELETE', '/agents/:id/queue'],
    ['DELETE', '/agents/:id/queue/q1'],
    ['POST', '/agents/:id/queue/pause'],
    ['POST', '/agents/:id/queue/resume'],
    ['GET', '/agents/:id/files?path=x'],
    ['GET', '/agents/:id/fs/snapshot'],
    ['GET', '/agents/:id/fs/search?q=x'],
    ['GET', '/agents/:id/fs/git/branches'],
    ['GET', '/agents/:id/fs/git/commits'],
    ['GET', '/agents/:id/fs/git/status'],
    ['GET', '/agents/:id/fs/git/diff'],
    ['GET', '/agents/:id/fs/git/worktrees'],
    ['POST', '/agents/:id/fs/git/worktrees', { name: 'x' }],
    ['GET', '/agents/:id/stream'],
    ['GET', '/agents/:id/webhooks/deliveries'],
    ['POST', '/agents/:id/webhooks/deliveries/d1/retry'],
    ['POST', '/agents/:id/events', { type: 'x', data: {} }],
    ['POST', '/agents/:id/events?secret=x', { type: 'x', data: {} }],
    ['POST', '/callbacks/x/agents/:id/events', { type: 'x', data: {} }],
    ['POST', '/message-queue', { text: 'hi', sessionId: ':id' }],
  ]
  for (const [method, path, body] of routes) {
    const bodyFor = (id: string) =>
      body === undefined ? undefined : JSON.parse(JSON.stringify(body).replace(':id', id))
    const foreign = await ask(method, path, theirs, bodyFor(theirs))
    expect(foreign, `${method} ${path}`).toBe(await ask(method, path, absent, bodyFor(absent)))
    expect(foreign, `${method} ${path}`).toMatch(/^\[40[04],/)
  }
  expect((await plane.call('alice', 'GET', `/agents/${theirs}`)).body.status).toBe('active')
})

it('sockets tell nothing of a session of others', async () => {
  const plane = await openPlane()
  const theirs = await plane.session()
  const absent = randomUUID()
  const at = await listen(plane)
  const said = async (id: string) => {
    const { send, frames } = await connect(at, 'dave')
    send({ action: 'subscribe', channel: 'agents' })
    for (const part of ['', ':fs', ':queue', ':terminal', ':terminal:t'])
      send({ action: 'subscribe', channel: `session:${id}${part}` })
    for (const part of ['', ':fs']) send({ action: 'subscribe', channel: `agent:${id}${part}` })
    for (const action of ['cancel', 'terminate', 'queue.clear', 'queue.pause', 'queue.resume', 'fs.snapshot'])
      send({ action, sessionId: id })
    send({ action: 'prompt', sessionId: id, text: 'hi' })
    send({ action: 'file.preview', sessionId: id, path: 'x' })
    send({ action: 'queue.reorder', sessionId: id, order: [] })
    send({ action: 'permission.respond', sessionId: id, requestId: 'r', body: { optionId: 'x' } })
    send({ action: 'terminal.create', sessionId: id })
    await plane.call('alice', 'POST', `/agents/${theirs}/prompts?wait=false`, { text: 'secret' })
    send({ action: 'ping' })
    await eventually(() => frames.some(({ type }) => type === 'pong'))
    return frames.slice(1).map((frame) => JSON.stringify(frame).replaceAll(id, ':id'))
  }

  expect(await said(theirs)).toEqual(await said(absent))
})
