// What is too large or too many gets a clear error, and nothing else suffers.
import { connect } from 'node:net'
import { eventually } from '@parley/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { upgradeStatus } from './support/peer.js'
import { openStage, type Stage, saidIn, startTurn } from './support/stage.js'

const limits = { sessions: 4, sockets: 12 }
let stage: Stage
let id: string
beforeAll(async () => {
  stage = await openStage({ limits })
  id = await stage.session()
})
afterAll(async () => {
  await stage?.close()
  expect(stage.faults).toEqual([])
})

const mebibyte = 1024 * 1024

// proves: sessions.s66
it('a body over 1 MiB is refused, whether it says so or not; one below is taken', async () => {
  const paths = ['/agents', '/agent-templates', `/agents/${id}/prompts`, '/message-queue', '/settings']
  for (const path of paths) {
    const method = path === '/settings' ? 'PATCH' : 'POST'
    const answer = await stage.call(method, path, { text: 'x'.repeat(mebibyte) })
    expect([path, answer.status, answer.body]).toEqual([path, 413, { error: 'payload too large' }])
  }
  const large = await stage.call('POST', `/agents/${id}/prompts`, { text: `echo ${'x'.repeat(400_000)}` })
  expect(large).toMatchObject({ status: 200, body: { stopReason: 'end_turn' } })
  expect(saidIn(await stage.logs(id))).toHaveLength(400_000)
  // Without a length it is counted as it comes.
  const stream = new ReadableStream({
    pull: (controller) => controller.enqueue(new TextEncoder().encode(`{"text":"${'x'.repeat(65_536)}`)),
  })
  const endless = await fetch(`${stage.origin}/api/agents/${id}/prompts`, {
    method: 'POST',
    headers: { authorization: 'Bearer alice', 'content-type': 'application/json' },
    body: stream,
    duplex: 'half',
    // The cast: `duplex` is missing in the types.
  } as RequestInit)
  expect(endless.status).toBe(413)
})

// proves: sessions.s66
it('headers and addresses without end are refused', async () => {
  const answered = await new Promise<string>((resolve) => {
    const [host = '', port] = stage.authority.split(':')
    const socket = connect(Number(port), host, () =>
      socket.write(`GET /api/health?${'x'.repeat(200_000)} HTTP/1.1\r\nhost: ${stage.authority}\r\n\r\n`),
    )
    let text = ''
    socket.on('data', (data) => {
      text += String(data)
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(text))
  })
  expect(answered).toMatch(/^HTTP\/1\.1 431 /)
  expect((await stage.call('GET', '/health')).status).toBe(200)
})

// proves: sessions.s66
it('a frame over 1 MiB closes its socket with 1009, a binary one with 1003, and no other', async () => {
  const other = await stage.dial()
  for (const path of ['/ws', `/ws/sessions/${id}`]) {
    const [large, binary] = [await stage.dial(path), await stage.dial(path)]
    large.send({ action: 'prompt', sessionId: id, text: 'x'.repeat(mebibyte) })
    expect(await large.closed).toBe(1009)
    binary.socket.send(Buffer.from('{"action":"ping"}'))
    expect(await binary.closed).toBe(1003)
  }
  await other.settle()
  other.terminate()
  await other.closed
})

// proves: sessions.s66
it('one connection has 100 subscriptions; another of the same is not counted', async () => {
  const peer = await stage.dial()
  const channels = Array.from({ length: 101 }, (_, n) => `session:${id}:terminal:term-${n}`)
  for (const channel of channels.slice(0, 100)) peer.send({ action: 'subscribe', channel })
  await eventually(() => peer.frames.filter(({ type }) => type === 'subscribed').length === 100)
  const from = peer.frames.length
  peer.send({ action: 'subscribe', channel: channels[100] })
  peer.send({ action: 'subscribe', channel: channels[0] })
  await peer.next(({ type }) => type === 'subscribed', from)

  expect(peer.frames.slice(from)).toEqual([
    { type: 'error', message: 'Max subscriptions (100) exceeded', channel: channels[100] },
    { type: 'subscribed', channel: channels[0] },
  ])
  peer.send({ action: 'unsubscribe', channel: channels[0] })
  await peer.subscribe(channels[100]!)
  peer.terminate()
  await peer.closed
})

// proves: sessions.s66
it('an instance has 64 terminals', async () => {
  const peer = await stage.dial()
  await peer.subscribe('terminals')
  const started = () => peer.frames.filter(({ event }) => event?.type === 'terminal.started')
  for (let n = 0; n < 64; n++) peer.send({ action: 'terminal.create', data: '/bin/cat' })
  await eventually(() => started().length === 64)
  peer.send({ action: 'terminal.create', data: '/bin/cat' })
  expect(await peer.next(({ type }) => type === 'error')).toEqual({
    type: 'error',
    message: expect.stringMatching(/^terminal\.create: .*64/),
  })
  const [one, ...others] = started().map(({ event }) => event.data.terminalId)
  peer.send({ action: 'terminal.kill', terminalId: one })
  await peer.next(({ event }) => event?.type === 'terminal.exit')
  peer.send({ action: 'terminal.create', data: '/bin/cat' })
  await eventually(() => started().length === 65)
  for (const terminalId of [...others, started()[64]!.event.data.terminalId])
    peer.send({ action: 'terminal.kill', terminalId })
  await eventually(() => peer.frames.filter(({ event }) => event?.type === 'terminal.exit').length === 65)
  peer.terminate()
  await peer.closed
})

// proves: sessions.s66
it('a session has 50 waiting prompts', async () => {
  const turn = await startTurn(stage, id)
  const answers = await Promise.all(Array.from({ length: 51 }, (_, n) => stage.prompt(id, `echo ${n}`)))
  const taken = answers.filter(({ body }) => body.queued)
  const [refused, ...others] = answers.filter(({ body }) => !body.queued)
  const positions = taken.map(({ body }) => body.position).sort((a, b) => a - b)
  expect(positions).toEqual(Array.from({ length: 50 }, (_, n) => n))
  expect(others).toEqual([])
  expect(refused!.status).toBeGreaterThanOrEqual(400)
  expect(refused!.body.error).toContain('Queue is full (max 50 items)')
  expect((await stage.call('GET', `/agents/${id}/queue`)).body.size).toBe(50)
  expect((await stage.call('DELETE', `/agents/${id}/queue`)).body).toEqual({ ok: true, cleared: 50 })
  await turn.cancel()
  await turn.ended
})

// proves: sessions.s66
it('a tenant has so many active sessions; one that ended makes room', async () => {
  const more: string[] = []
  while (more.length < limits.sessions - 1) more.push(await stage.session())
  const refused = await stage.call('POST', '/agents', { spawn: { command: 'true' } })
  expect(refused).toMatchObject({
    status: 429,
    body: { error: expect.stringContaining(String(limits.sessions)) },
  })
  expect((await stage.call('GET', '/agents')).body).toHaveLength(limits.sessions)
  await stage.call('DELETE', `/agents/${more[0]}`)
  await stage.session()
})

// proves: sessions.s66
it('a caller has so many sockets and event streams', async () => {
  const headers = { authorization: 'Bearer alice' }
  const peers = []
  await eventually(async () => {
    // Sockets of tests before are gone when the server has seen it.
    const peer = await stage.dial()
    const isIn = await Promise.race([
      peer.next(({ type }) => type === 'connected').then(() => true),
      peer.closed.then(() => false),
    ])
    if (isIn) peers.push(peer)
    return peers.length === limits.sockets
  })
  const over = await stage.dial()
  expect(await over.closed).toBe(1013)
  expect(over.frames).toEqual([])
  // Others are not kept out.
  const bob = { headers: { authorization: 'Bearer bob' } }
  expect(await upgradeStatus(`ws://${stage.authority}/ws`, bob)).toBe(101)

  const stop = new AbortController()
  const follow = () => fetch(`${stage.origin}/api/agents/${id}/stream`, { headers, signal: stop.signal })
  // Kept: an answer that nobody holds is given up.
  const streams = []
  while (streams.length < limits.sockets) streams.push(await follow())
  const refused = await follow()
  expect(streams.map(({ status }) => status)).toEqual(streams.map(() => 200))
  expect(refused.status).toBe(429)
  expect(await refused.json()).toEqual({ error: 'too many event streams' })
  stop.abort()
})
