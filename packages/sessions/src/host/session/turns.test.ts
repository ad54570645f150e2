import { eventually, fakeClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { noEnvironment, rawAgent, shortly, TestHost } from './sessions.test.support.js'

test('a prompt is accepted at once, and its turn is told with its id', async () => {
  const host = await TestHost.open()
  const { body: started } = await host.start()

  const { status, body } = await host.prompt('echo hello')
  const ended = await host.turnEnded(body.turnId)

  expect({ status, body }).toEqual({ status: 202, body: { accepted: true, turnId: body.turnId } })
  expect(body.turnId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(shortly(host.events).slice(4)).toEqual([
    'session/prompt request',
    'session/update notification',
    'session/prompt response',
  ])
  expect(host.rpc()[4]).toEqual({
    method: 'session/prompt',
    direction: 'client_to_agent',
    phase: 'request',
    turnId: body.turnId,
    payload: { sessionId: started.acpSessionId, prompt: [{ type: 'text', text: 'echo hello' }] },
  })
  expect(ended).toMatchObject({ direction: 'agent_to_client', payload: { stopReason: 'end_turn' } })
})

test('what is no prompt is refused', async () => {
  const host = await TestHost.open({ limits: { promptBytes: 10 } })
  await host.start()

  for (const body of [undefined, {}, { text: '' }, { text: 7 }, []])
    expect(await host.call('POST', '/sessions/s1/prompt', body)).toEqual({
      status: 400,
      body: { error: "Missing 'text' field" },
    })
  expect((await host.prompt('ä'.repeat(6))).status).toBe(413)
  expect(await host.call('POST', '/sessions/s2/prompt', { text: 'x' })).toEqual({
    status: 404,
    body: { error: 'Session not found' },
  })
})

test('a failed turn ends with the error of the agent, then an error event, and the next prompt works', async () => {
  const host = await TestHost.open()
  await host.start()

  const { body } = await host.prompt('fail')
  const ended = await host.turnEnded(body.turnId)

  const message = 'The demo agent failed, as it was told to.'
  expect(ended.payload).toEqual({ error: { code: -32000, message, data: { word: 'fail' } } })
  expect(await host.until('error')).toEqual([{ message }])
  expect(await host.say('echo on')).toBe('on')
})

test('an agent that puts what went wrong beside the message is quoted in full', async () => {
  const host = await TestHost.open({ env: noEnvironment })
  const failing = `send({ id, error: { code: -32603, message: 'Internal error', data: { details: 'no quota' } } })`
  const args = await rawAgent(host.dir, failing)
  await host.start([], { command: process.execPath, args })

  await host.prompt('go')

  expect(await host.until('error')).toEqual([{ message: 'Internal error: no quota' }])
})

test('prompts of a busy session wait in order, and each starts when the one before has ended', async () => {
  const host = await TestHost.open()
  await host.start()
  const first = await host.prompt('wait')

  const second = await host.prompt('fail')
  const third = await host.prompt('echo three')

  expect(second).toMatchObject({ status: 202, body: { queued: true, position: 0 } })
  expect(third).toMatchObject({ status: 202, body: { queued: true, position: 1 } })
  expect((await host.call('GET', '/sessions/s1/queue')).body).toEqual({
    processing: true,
    paused: false,
    size: 2,
    items: [
      { queueId: second.body.queueId, text: 'fail', enqueuedAt: expect.any(String), position: 0 },
      { queueId: third.body.queueId, text: 'echo three', enqueuedAt: expect.any(String), position: 1 },
    ],
  })
  await host.call('POST', '/sessions/s1/cancel')
  await host.turnEnded(third.body.queueId)
  const asked = host.rpc().filter(({ method, phase }) => method === 'session/prompt' && phase === 'request')
  expect(asked.map(({ turnId }) => turnId)).toEqual([
    first.body.turnId,
    second.body.queueId,
    third.body.queueId,
  ])
  await eventually(() => host.of('queue.updated').at(-1)?.processing === false)
  expect(host.of('queue.updated').map(({ processing, size }) => [processing, size])).toEqual([
    [true, 1],
    [true, 2],
    [true, 1],
    [true, 0],
    [false, 0],
  ])

  // Once the queue was told of, what was told stays true.
  const last = await host.prompt('echo four')
  await host.turnEnded(last.body.turnId)
  await eventually(() => host.of('queue.updated').length === 7)
  const processing = host.of('queue.updated').map((state) => state.processing)
  expect(processing.slice(-3)).toEqual([false, true, false])
})

test('waiting prompts are reordered, dropped and cleared; the running one is not among them', async () => {
  const host = await TestHost.open()
  await host.start()
  const running = await host.prompt('wait')
  const ids: string[] = []
  for (const name of ['a', 'b', 'c', 'd']) ids.push((await host.prompt(`echo ${name}`)).body.queueId)
  const [a, b, c, d] = ids
  const queue = (method: string, path = '', body?: unknown) =>
    host.call(method, `/sessions/s1/queue${path}`, body)
  const waiting = async () => (await queue('GET')).body.items.map(({ text }: { text: string }) => text)

  expect(await queue('PUT', '', { order: [d, c, b, a] })).toEqual({ status: 200, body: { ok: true } })
  expect(await waiting()).toEqual(['echo d', 'echo c', 'echo b', 'echo a'])
  for (const order of [undefined, [a, b, c], [a, b, c, c], [a, b, c, 'x'], [a, b, c, 7]])
    expect((await queue('PUT', '', { order })).status).toBe(400)
  expect((await queue('DELETE', `/${c}`)).body).toEqual({ ok: true })
  expect((await queue('GET')).body.items.map(({ position }: { position: number }) => position)).toEqual([
    0, 1, 2,
  ])
  expect(await queue('DELETE', `/${running.body.turnId}`)).toEqual({
    status: 404,
    body: { error: `Queue item "${running.body.turnId}" not found or currently processing` },
  })
  expect((await host.call('POST', '/sessions/s1/cancel', { queueId: b })).body).toEqual({ ok: true })
  expect(await waiting()).toEqual(['echo d', 'echo a'])
  expect((await queue('DELETE')).body).toEqual({ ok: true, cleared: 2 })
  expect((await queue('GET')).body).toMatchObject({ processing: true, size: 0 })
})

test('a paused queue lets the running turn finish and takes prompts, but starts none until it is resumed', async () => {
  const host = await TestHost.open()
  await host.start()
  const running = await host.prompt('wait')
  await host.call('POST', '/sessions/s1/queue/pause')
  await host.call('POST', '/sessions/s1/queue/pause')
  await host.call('POST', '/sessions/s1/cancel')
  await host.turnEnded(running.body.turnId)
  await eventually(() => host.sessions.list()[0]?.status === 'idle')

  const held = await host.prompt('echo later')

  expect(held.body).toMatchObject({ queued: true, position: 0 })
  expect((await host.call('GET', '/sessions/s1/queue')).body).toMatchObject({
    processing: false,
    paused: true,
  })
  await host.call('POST', '/sessions/s1/queue/resume')
  await host.turnEnded(held.body.queueId)
  await eventually(() => host.sessions.list()[0]?.status === 'idle')
  const told = host.events.filter(({ type }) => type.startsWith('queue.'))
  expect(told.map(({ type, data }) => [type, data.processing, data.paused, data.size])).toEqual([
    ['queue.paused', undefined, undefined, undefined],
    ['queue.updated', true, true, 0],
    ['queue.updated', false, true, 0],
    ['queue.updated', false, true, 1],
    ['queue.resumed', undefined, undefined, undefined],
    ['queue.updated', false, false, 1],
    ['queue.updated', true, false, 0],
    ['queue.updated', false, false, 0],
  ])
})

test('only so many prompts may wait', async () => {
  const host = await TestHost.open({ limits: { queuedPrompts: 2 } })
  await host.start()
  for (const text of ['wait', 'echo 1', 'echo 2']) await host.prompt(text)

  expect(await host.prompt('echo 3')).toEqual({ status: 429, body: { error: 'Queue is full (max 2 items)' } })
})

test('a session whose queue nobody used tells nothing of it', async () => {
  const host = await TestHost.open()
  await host.start()
  const { body } = await host.prompt('echo x')
  await host.turnEnded(body.turnId)
  await eventually(() => host.sessions.list()[0]?.status === 'idle')

  expect(host.events.filter(({ type }) => type.startsWith('queue.'))).toEqual([])
})

test('cancelling ends the running turn with cancelled; an idle session refuses', async () => {
  const host = await TestHost.open()
  await host.start()
  const { body } = await host.prompt('wait')

  expect((await host.call('POST', '/sessions/s1/cancel')).body).toEqual({ ok: true })

  expect((await host.turnEnded(body.turnId)).payload).toEqual({ stopReason: 'cancelled' })
  expect(shortly(host.events)).toContain('session/cancel notification')
  await eventually(() => host.sessions.list()[0]?.status === 'idle')
  expect(await host.call('POST', '/sessions/s1/cancel')).toEqual({
    status: 409,
    body: { error: 'No turn is running' },
  })
})

test('an agent that does not end a cancelled turn is reported and left alone', async () => {
  const clock = fakeClock()
  const host = await TestHost.open({ clock })
  await host.start([], { args: await rawAgent(host.dir, `update(text)`) })
  await host.prompt('deaf')
  await eventually(() => shortly(host.events).includes('session/prompt request'))
  await host.call('POST', '/sessions/s1/cancel')

  await clock.advance(29_999)
  expect(host.of('error')).toEqual([])
  await clock.advance(1)

  const message = 'The agent did not end its turn within 30 s of its cancellation.'
  expect(host.of('error')).toEqual([{ message }])
  expect(host.sessions.list()[0]?.status).toBe('running')
  const closing = host.sessions.close()
  await eventually(async () => {
    await clock.advance(100)
    return host.of('session.terminated').length
  })
  await closing
})

test('modes, models and options are switched, and what the agent does not offer is refused', async () => {
  const host = await TestHost.open()
  await host.start(['--modes', '--models'])
  await host.start([], {}, 's2')

  expect((await host.call('POST', '/sessions/s1/mode', { modeId: 'code' })).body).toEqual({ ok: true })
  expect((await host.call('POST', '/sessions/s1/model', { modelId: 'large' })).body).toEqual({ ok: true })
  const { body } = await host.call('POST', '/sessions/s1/config', { configId: 'model', value: 'small' })

  expect(body).toMatchObject({ ok: true, configOptions: [{ id: 'model', currentValue: 'small' }] })
  expect(shortly(host.events)).toEqual(
    expect.arrayContaining([
      'session/set_mode request',
      'session/set_model request',
      'session/set_config_option response',
    ]),
  )
  expect((await host.call('POST', '/sessions/s2/mode', { modeId: 'code' })).status).toBe(400)
  expect((await host.call('POST', '/sessions/s1/mode', {})).body).toEqual({ error: "Missing 'modeId' field" })
})
