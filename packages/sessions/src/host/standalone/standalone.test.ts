import { request } from 'node:http'
import { eventually } from '@parley/testkit'
import { expect, test } from 'vitest'
import { testHost } from '../host.test.support.js'
import { serveStandalone } from './index.js'
import { controlPlane, dialChannels, testDoor } from './standalone.test.support.js'

test('a control plane starts a session, prompts it and gets the stop reason after the turn', async () => {
  const { start, prompt, call } = await testDoor()

  expect(await start('s1')).toMatchObject({
    status: 200,
    body: { sessionId: 's1', acpSessionId: expect.any(String) },
  })
  expect(await prompt('s1', 'echo hello')).toMatchObject({ status: 200, body: { stopReason: 'end_turn' } })
  expect(await call('GET', '/health')).toMatchObject({
    status: 200,
    body: { status: 'ok', sessions: [{ sessionId: 's1', status: 'idle' }] },
  })
  expect(await prompt('s1', 'fail')).toMatchObject({
    status: 500,
    body: { error: expect.stringContaining('rpc error') },
  })
})

test('a prompt while another runs is queued and answered with 202', async () => {
  const { start, prompt, call } = await testDoor()
  await start('s1')
  const running = prompt('s1', 'wait')
  await eventually(async () => {
    const { body } = await call('GET', '/sessions/s1/health')
    return (body as { status: string }).status === 'running'
  })

  expect(await prompt('s1', 'echo later')).toMatchObject({ status: 202, body: { queued: true, position: 0 } })
  await call('POST', '/sessions/s1/cancel')

  expect(await running).toMatchObject({ status: 200, body: { stopReason: 'cancelled' } })
})

test('a session that ends while a prompt waits ends the waiting', async () => {
  const { start, prompt } = await testDoor()
  await start('s1')

  expect((await prompt('s1', 'crash')).status).toBe(500)
})

test('paths without a session act on the first one', async () => {
  const { start, call } = await testDoor()
  expect(await call('POST', '/prompt', { text: 'echo a' })).toMatchObject({ status: 404 })
  await start('s1')
  await start('s2')

  expect(await call('POST', '/prompt', { text: 'echo a' })).toMatchObject({
    body: { stopReason: 'end_turn' },
  })
  expect(await call('POST', '/terminate')).toMatchObject({ status: 200, body: { ok: true } })
  expect(await call('GET', '/health')).toMatchObject({ body: { sessions: [] } })
})

test.each([
  ['allows', { optionId: 'allow_once' }, 'permission_approved'],
  ['cancels', { outcome: 'cancelled' }, 'permission_rejected'],
])(
  'a control plane that %s a permission answers for the agent, and clients are not asked',
  async (_, answer, type) => {
    const door = await testDoor()
    const seen: string[] = []
    let options: { optionId: string; kind: string }[] = []
    const plane = await controlPlane((body) => {
      if (body.type !== 'permission_request') return { ok: true }
      options = (body.data as { options: typeof options }).options
      const allowed = options.find(({ kind }) => kind.startsWith('allow'))
      return 'optionId' in answer ? { optionId: allowed?.optionId } : answer
    })
    await door.start('s1', { callbackUrl: plane.url })
    const socket = await dialChannels(door)
    socket.send({ action: 'subscribe', channel: 'session:s1' })
    await eventually(() => socket.frames.some((frame) => frame.type === 'subscribed'))

    await door.prompt('s1', 'ask')
    await eventually(() => socket.frames.some((frame) => frame.event?.type === type))
    await eventually(() => plane.received.some((one) => one.type === 'end_turn'))

    seen.push(...socket.frames.flatMap(({ event }) => event?.type ?? []))
    expect(seen).not.toContain('permission_request')
    expect(plane.received[0]).toMatchObject({ path: '/api/agents/s1/events', type: 'permission_request' })
    expect(plane.received.find((one) => one.type === 'end_turn')?.data).toMatchObject({
      promptResponse: { stopReason: 'end_turn' },
    })
  },
)

test('a permission that the control plane defers is answered by a client; the end is called back', async () => {
  const door = await testDoor()
  const plane = await controlPlane((body) =>
    body.type === 'permission_request' ? { deferred: true } : { ok: true },
  )
  await door.start('s1', { callbackUrl: plane.url })
  const socket = await dialChannels(door, '/any/path')
  socket.send({ action: 'subscribe', channel: 'agents' })
  const turn = door.prompt('s1', 'ask')
  const asked = await eventually(() =>
    socket.frames.find((frame) => frame.event?.type === 'permission_request'),
  )

  const { requestId, options } = asked.event!.data as { requestId: string; options: { optionId: string }[] }
  socket.send({
    action: 'permission.respond',
    sessionId: 's1',
    requestId,
    body: { optionId: options[0]!.optionId },
  })
  expect(await turn).toMatchObject({ status: 200 })
  socket.send({ action: 'terminate', sessionId: 's1' })

  await eventually(() => plane.received.some((one) => one.type === 'session_end'))
  await eventually(() => socket.frames.some((frame) => frame.type === 'session.terminated'))
})

test('subscribing replays what is kept, byte for byte, and then goes on live with the tag of the subscription', async () => {
  const door = await testDoor()
  const live = await dialChannels(door)
  await eventually(() => live.frames[0]?.type === 'connected')
  live.send({ action: 'subscribe', channel: 'session:s1' })
  await eventually(() => live.frames.at(-1)?.type === 'subscribed')
  await door.start('s1')
  await door.prompt('s1', 'chunks 20')
  const isEnd = (text: string) => text.includes('"stopReason":"end_turn"')
  await eventually(() => live.texts.some(isEnd))

  const late = await dialChannels(door)
  late.send({ action: 'subscribe', channel: 'session:s1' })
  await eventually(() => late.frames.some(({ type }) => type === 'subscribed'))

  const events = (texts: string[]) =>
    texts.filter((text) => text.startsWith('{"type":"event"') && text.includes('"rpc"'))
  const upToEnd = (texts: string[]) => events(texts).slice(0, events(texts).findIndex(isEnd) + 1)
  expect(upToEnd(late.texts)).toEqual(upToEnd(live.texts))
  const seqs = late.frames.flatMap(({ seq }) => seq ?? [])
  expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
  expect(live.frames.some(({ type }) => type === 'session.created')).toBe(true)

  late.frames.length = 0
  late.send({ action: 'subscribe', channel: 'session:s1', since: seqs.at(-1) })
  await eventually(() => late.frames.some(({ type }) => type === 'subscribed'))
  expect(late.frames).toHaveLength(1)
})

test('terminals are created, written to and replayed', async () => {
  const door = await testDoor()
  const socket = await dialChannels(door)
  socket.send({ action: 'subscribe', channel: 'terminals' })
  await eventually(() => socket.frames.some(({ type }) => type === 'subscribed'))
  socket.send({ action: 'terminal.create', data: '/bin/sh' })
  const started = await eventually(() =>
    socket.frames.find((frame) => frame.event?.type === 'terminal.started'),
  )
  const terminalId = String(started.event!.data.terminalId)
  socket.send({ action: 'terminal.input', terminalId, data: 'echo $((6*7))\n' })
  await eventually(() => socket.texts.some((text) => text.includes('42')))
  socket.send({ action: 'terminal.input', terminalId: 'term-unknown', data: 'x' })
  await eventually(() => socket.frames.some(({ type }) => type === 'error'))

  const late = await dialChannels(door)
  late.send({ action: 'subscribe', channel: `terminals:${terminalId}` })
  await eventually(() => late.frames.some(({ type }) => type === 'subscribed'))

  expect(started.channel).toBe(`terminals:${terminalId}`)
  expect(late.texts[1]).toBe(socket.texts.find((text) => text.includes('terminal.started')))
  expect(JSON.stringify(socket.frames)).toContain('terminal.input: ')
})

test.each([
  ['no JSON', 'Invalid message'],
  ['{"action":"unheard-of"}', 'Invalid message'],
  ['{"action":"subscribe","channel":"session"}', 'Unknown channel'],
  ['{"action":"prompt","sessionId":"x","text":"a"}', 'Session "x" not found'],
  ['{"action":"file.preview","sessionId":"x","path":"a"}', 'not found'],
])('the message %s is answered with an error, and the connection stays', async (text, message) => {
  const socket = await dialChannels(await testDoor())

  socket.send(text)
  await eventually(() => socket.frames.some(({ type }) => type === 'error'))
  socket.send({ action: 'ping' })
  await eventually(() => socket.frames.some(({ type }) => type === 'pong'))

  expect(JSON.stringify(socket.frames.find(({ type }) => type === 'error'))).toContain(
    JSON.stringify(message).slice(1, -1),
  )
})

test('it does not listen on a network without a token', async () => {
  const host = await testHost()

  await expect(serveStandalone({ host, port: 0, address: '0.0.0.0' })).rejects.toThrow(/token/)
})

test('with a token everything needs it', async () => {
  const door = await testDoor({ token: 'secret' })

  expect((await door.call('GET', '/health')).status).toBe(401)
  expect((await door.call('GET', '/health', undefined, { authorization: 'Bearer wrong' })).status).toBe(401)
  expect((await door.call('GET', '/health', undefined, { authorization: 'Bearer secret' })).status).toBe(200)
  expect((await door.call('GET', '/health?token=secret')).status).toBe(401)
  await expect(dialChannels(door)).rejects.toThrow('401')
  const socket = await dialChannels(door, '/?token=secret')
  await eventually(() => socket.frames[0]?.type === 'connected')
})

test('a page of another origin, and a name that was pointed here, are refused', async () => {
  const door = await testDoor({ allowedOrigins: ['http://ui.example'] })
  const withOrigin = (origin: string) => door.call('GET', '/health', undefined, { origin })

  expect((await withOrigin('http://evil.example')).status).toBe(403)
  const allowed = await withOrigin('http://ui.example')
  expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
    200,
    'http://ui.example',
  ])
  expect((await door.call('OPTIONS', '/anything')).status).toBe(204)
  expect(await statusWithHost(door.url, 'evil.example')).toBe(403)
})

test('a body that is too large or no JSON is refused', async () => {
  const door = await testDoor()

  expect((await door.call('POST', '/sessions/s1/prompt', { text: 'x'.repeat(1_100_000) })).status).toBe(413)
  const response = await fetch(`${door.url}/sessions/s1/prompt`, { method: 'POST', body: '{' })
  expect(response.status).toBe(400)
})

function statusWithHost(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/health`, { headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    sent.on('error', reject)
    sent.end()
  })
}
