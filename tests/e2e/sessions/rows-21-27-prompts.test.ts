import { eventually } from '@parley/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isoTime, uuid } from './support/agents.js'
import { bothGrounds, sharedStage } from './support/shared-stage.js'
import { ask, saidIn } from './support/stage.js'

type Item = { queueId: string; text: string; position: number }
// biome-ignore lint/suspicious/noExplicitAny: tests look into events as clients do.
type Event = { type: string; data: any; timestamp: string }

describe.each(bothGrounds)('prompts on $name', (ground) => {
  const stage = sharedStage(ground)
  const call = (method: string, path: string, body?: unknown) => stage().call(method, `/agents/${path}`, body)
  const status = async (id: string) => (await call('GET', `${id}/status`)).body
  const queue = async (id: string) => (await call('GET', `${id}/queue`)).body
  const read = async (id: string) => (await call('GET', id)).body
  /** A session in the middle of a turn, which ends when it is cancelled. */
  const busy = async () => {
    const id = await stage().session()
    const turn = stage().prompt(id, 'wait')
    await eventually(async () => (await status(id)).processing)
    return { id, turn }
  }
  /** Lets the running turn end and waits until nothing runs or waits. */
  const finish = async (id: string) => {
    await call('POST', `${id}/cancel`)
    await eventually(async () => {
      const { processing, size } = await queue(id)
      return !processing && size === 0
    })
  }
  const logs = async (id: string): Promise<Event[]> => (await read(id)).logs
  const prompts = async (id: string) =>
    (await logs(id))
      .filter(({ data }) => data.method === 'session/prompt' && data.phase === 'request')
      .map(({ data }) => data.payload.prompt[0].text)

  // proves: sessions.s21
  test('a prompt answers with how its turn ended, when it has ended', async () => {
    const id = await stage().session()

    expect(await stage().prompt(id, 'echo hello')).toMatchObject({
      status: 200,
      body: { stopReason: 'end_turn' },
    })
    // Everything of the turn is there by then.
    expect(saidIn(await logs(id))).toBe('hello')
    expect(await status(id)).toEqual({ processing: false, pendingPermission: false })
    expect((await stage().prompt(id, 'refuse')).body).toMatchObject({ stopReason: 'refusal' })
  })

  // proves: sessions.s21
  test('a prompt without a text is refused', async () => {
    const id = await stage().session()

    for (const body of [{}, { text: '' }, { text: 5 }, { text: null }])
      expect(await call('POST', `${id}/prompts`, body)).toMatchObject({
        status: 400,
        body: { error: "Missing 'text' field" },
      })
    const broken = await call('POST', `${id}/prompts`, '{')
    expect([broken.status, broken.body]).toEqual([400, { error: expect.any(String) }])
    expect((await read(id)).title ?? null).toBeNull()
  })

  // proves: sessions.s21
  test('the content type of a prompt does not matter', async () => {
    const id = await stage().session()
    const headers = { 'content-type': 'text/plain' }

    const answer = await stage().call('POST', `/agents/${id}/prompts`, { text: 'echo x' }, { headers })

    expect(answer).toMatchObject({ status: 200, body: { stopReason: 'end_turn' } })
  })

  // proves: sessions.s21
  test('a prompt to what is not there, or has ended, is not found', async () => {
    const ended = await stage().session()
    await call('DELETE', ended)

    for (const id of [ended, crypto.randomUUID(), 'x'])
      expect(await stage().prompt(id, 'echo x')).toMatchObject({
        status: 404,
        body: { error: expect.stringContaining('Session not found') },
      })
  })

  // proves: sessions.s21
  test('a turn that fails says what the agent said, and the session goes on', async () => {
    const id = await stage().session()

    const failed = await stage().prompt(id, 'fail')

    expect([failed.status, failed.body]).toEqual([
      500,
      { error: expect.stringContaining('The demo agent failed, as it was told to.') },
    ])
    expect(failed.body.error).toContain('-32000')
    expect((await logs(id)).at(-1)).toMatchObject({
      type: 'error',
      data: { message: expect.stringContaining('The demo agent failed') },
    })
    expect(await ask(stage(), id, 'echo still here')).toBe('still here')
  })

  // proves: sessions.s22
  test('prompts during a turn wait and run in their order', async () => {
    const { id, turn } = await busy()

    const first = await stage().prompt(id, 'echo one')
    const second = await stage().prompt(id, 'echo two')
    await call('POST', `${id}/cancel`)

    expect(first).toMatchObject({ status: 200 })
    expect(first.body).toEqual({ queued: true, queueId: expect.any(String), position: 0 })
    expect(second.body).toEqual({ queued: true, queueId: expect.any(String), position: 1 })
    expect(first.body.queueId).not.toBe(second.body.queueId)
    expect((await turn).body).toEqual({ stopReason: 'cancelled' })
    await eventually(async () => saidIn(await logs(id)) === 'onetwo')
    expect(await prompts(id)).toEqual(['wait', 'echo one', 'echo two'])
    await eventually(async () => !(await status(id)).processing)
  })

  // proves: sessions.s22
  test('one that fails does not hold up those behind it', async () => {
    const { id } = await busy()
    await stage().prompt(id, 'fail')
    await stage().prompt(id, 'echo after')

    await finish(id)

    await eventually(async () => saidIn(await logs(id)).endsWith('after'))
    const types = (await logs(id)).map(({ type }) => type)
    expect(types).toContain('error')
  })

  // proves: sessions.s22
  test('fifty wait, and no more', async () => {
    const { id } = await busy()
    for (let n = 0; n < 50; n++)
      expect((await stage().prompt(id, `echo ${n}`)).body).toMatchObject({ queued: true, position: n })

    const refused = await stage().prompt(id, 'echo too many')

    expect(refused.status).toBeGreaterThanOrEqual(400)
    expect(refused.body.error).toContain('Queue is full (max 50 items)')
    expect(await queue(id)).toMatchObject({ size: 50, processing: true })
    expect((await call('DELETE', `${id}/queue`)).body).toEqual({ ok: true, cleared: 50 })
    await finish(id)
  })

  // proves: sessions.s23
  test('the status says whether a turn runs and whether somebody is asked', async () => {
    const id = await stage().session()
    expect(await call('GET', `${id}/status`)).toMatchObject({ status: 200 })
    expect(await status(id)).toEqual({ processing: false, pendingPermission: false })

    const turn = stage().prompt(id, 'ask')
    const { requestId } = await eventually(async () => (await read(id)).pendingPermission)
    expect(await status(id)).toEqual({ processing: true, pendingPermission: true })
    await call('POST', `${id}/permissions/${requestId}`, { optionId: 'allow' })
    await turn

    expect(await status(id)).toEqual({ processing: false, pendingPermission: false })
    const waiting = stage().prompt(id, 'wait')
    await eventually(async () => (await status(id)).processing)
    expect(await status(id)).toEqual({ processing: true, pendingPermission: false })
    await call('POST', `${id}/cancel`)
    await waiting
  })

  // proves: sessions.s24
  test('what waits is read, and is part of the session', async () => {
    const id = await stage().session()
    const idle = { processing: false, paused: false, items: [], size: 0 }
    expect(await call('GET', `${id}/queue`)).toMatchObject({ status: 200 })
    expect(await queue(id)).toEqual(idle)

    const turn = stage().prompt(id, 'wait')
    await eventually(async () => (await status(id)).processing)
    const { queueId } = (await stage().prompt(id, 'echo one')).body

    const item = { queueId, text: 'echo one', enqueuedAt: expect.stringMatching(isoTime), position: 0 }
    expect(await queue(id)).toEqual({ processing: true, paused: false, items: [item], size: 1 })
    await eventually(async () => (await read(id)).promptQueue?.size === 1)
    expect((await read(id)).promptQueue).toEqual(await queue(id))
    await finish(id)
    await turn
    expect(await queue(id)).toEqual(idle)
  })

  // proves: sessions.s24
  test('one that waits is removed and the others move up', async () => {
    const { id } = await busy()
    const ids: string[] = []
    for (const text of ['echo a', 'echo b', 'echo c'])
      ids.push((await stage().prompt(id, text)).body.queueId)

    expect(await call('DELETE', `${id}/queue/${ids[0]}`)).toMatchObject({ status: 200, body: { ok: true } })

    const { items } = await queue(id)
    expect(items.map(({ text, position }: Item) => [text, position])).toEqual([
      ['echo b', 0],
      ['echo c', 1],
    ])
    for (const gone of [ids[0], 'nobody'])
      expect(await call('DELETE', `${id}/queue/${gone}`)).toMatchObject({
        status: 404,
        body: { error: `Queue item "${gone}" not found or currently processing` },
      })
    await finish(id)
    await eventually(async () => saidIn(await logs(id)) === 'bc')
  })

  // proves: sessions.s24
  test('all that wait are cleared, and not the one that runs', async () => {
    const { id, turn } = await busy()
    for (const text of ['echo a', 'echo b']) await stage().prompt(id, text)

    expect(await call('DELETE', `${id}/queue`)).toMatchObject({
      status: 200,
      body: { ok: true, cleared: 2 },
    })

    expect(await queue(id)).toEqual({ processing: true, paused: false, items: [], size: 0 })
    expect((await call('DELETE', `${id}/queue`)).body).toEqual({ ok: true, cleared: 0 })
    await call('POST', `${id}/cancel`)
    expect((await turn).body).toEqual({ stopReason: 'cancelled' })
    expect(await prompts(id)).toEqual(['wait'])
  })

  // proves: sessions.s24
  test('those that wait are reordered, by all of their ids', async () => {
    const { id } = await busy()
    const ids: string[] = []
    for (const text of ['echo a', 'echo b', 'echo c'])
      ids.push((await stage().prompt(id, text)).body.queueId)
    const [a, b, c] = ids
    const reorder = (body: unknown) => call('PUT', `${id}/queue`, body)
    const texts = async () => (await queue(id)).items.map(({ text }: Item) => text)

    for (const order of [[a, b], [a, b, b], [a, b, 'x'], [a, b, c, 'x'], []]) {
      const refused = await reorder({ order })
      expect([refused.status, refused.body]).toEqual([400, { error: expect.any(String) }])
    }
    for (const body of [{}, { order: 'a' }, { order: null }])
      expect(await reorder(body)).toMatchObject({ status: 400, body: { error: "Missing 'order' array" } })
    expect(await texts()).toEqual(['echo a', 'echo b', 'echo c'])

    expect(await reorder({ order: [c, a, b] })).toMatchObject({ status: 200, body: { ok: true } })

    const { items } = await queue(id)
    expect(items.map(({ queueId, position }: Item) => [queueId, position])).toEqual([
      [c, 0],
      [a, 1],
      [b, 2],
    ])
    await finish(id)
    await eventually(async () => saidIn(await logs(id)) === 'cab')
  })

  // proves: sessions.s24
  test('a session that is not there has no queue', async () => {
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['DELETE', '/q'],
      ['POST', '/pause'],
      ['POST', '/resume'],
    ] as const)
      expect((await call(method, `${crypto.randomUUID()}/queue${path}`)).status).toBe(404)
    expect((await call('PUT', `${crypto.randomUUID()}/queue`, { order: [] })).status).toBe(404)
  })

  // proves: sessions.s25
  test('a paused queue lets the running turn end and starts nothing until it is resumed', async () => {
    const { id, turn } = await busy()
    await stage().prompt(id, 'echo later')

    expect(await call('POST', `${id}/queue/pause`)).toMatchObject({ status: 200, body: { ok: true } })
    expect(await queue(id)).toMatchObject({ processing: true, paused: true, size: 1 })
    await call('POST', `${id}/cancel`)
    await turn
    await eventually(async () => !(await queue(id)).processing)

    expect(await queue(id)).toMatchObject({ processing: false, paused: true, size: 1 })
    expect(await prompts(id)).toEqual(['wait'])

    expect(await call('POST', `${id}/queue/resume`)).toMatchObject({ status: 200, body: { ok: true } })
    await eventually(async () => saidIn(await logs(id)) === 'later')
    await eventually(async () => (await queue(id)).size === 0)
    expect(await queue(id)).toMatchObject({ paused: false })
  })

  // proves: sessions.s25
  test('a prompt to an idle session whose queue is paused waits as well', async () => {
    const id = await stage().session()
    await call('POST', `${id}/queue/pause`)

    expect((await stage().prompt(id, 'echo held')).body).toEqual({
      queued: true,
      queueId: expect.any(String),
      position: 0,
    })
    expect(await queue(id)).toMatchObject({ processing: false, paused: true, size: 1 })

    await call('POST', `${id}/queue/resume`)
    await eventually(async () => saidIn(await logs(id)) === 'held')
  })

  // proves: sessions.s26
  test('every change of the queue is an event on its channel', async () => {
    const { id } = await busy()
    const peer = await stage().dial()
    onTestFinished(() => peer.terminate())
    await peer.next(({ type }) => type === 'connected')
    await peer.subscribe(`session:${id}:queue`)
    /** The changes that follow something, until one fits. */
    const after = async (act: () => Promise<unknown>, count: number) => {
      const from = peer.frames.length
      await act()
      await eventually(() => peer.frames.length >= from + count)
      await peer.settle()
      const frames = peer.frames.slice(from).filter(({ type }) => type === 'event')
      for (const { channel, sessionId, agentId } of frames)
        expect([channel, sessionId, agentId]).toEqual([`session:${id}:queue`, id, id])
      return frames.map(({ event }) => event as Event)
    }
    const state = (texts: string[], more = {}) => ({
      processing: true,
      paused: false,
      size: texts.length,
      items: texts.map((text, position) => expect.objectContaining({ text, position })),
      ...more,
    })
    const updated = (...args: Parameters<typeof state>) => ({
      type: 'queue.updated',
      data: state(...args),
      timestamp: expect.stringMatching(isoTime),
    })

    expect(await after(() => stage().prompt(id, 'echo a'), 1)).toEqual([updated(['echo a'])])
    expect(await after(() => stage().prompt(id, 'echo b'), 1)).toEqual([updated(['echo a', 'echo b'])])
    const [a, b] = (await queue(id)).items.map(({ queueId }: Item) => queueId)
    expect(await after(() => call('PUT', `${id}/queue`, { order: [b, a] }), 1)).toEqual([
      updated(['echo b', 'echo a']),
    ])
    expect(await after(() => call('DELETE', `${id}/queue/${b}`), 1)).toEqual([updated(['echo a'])])
    const paused = { paused: true }
    expect(await after(() => call('POST', `${id}/queue/pause`), 2)).toEqual([
      { type: 'queue.paused', data: {}, timestamp: expect.stringMatching(isoTime) },
      updated(['echo a'], paused),
    ])
    expect(await after(() => call('POST', `${id}/queue/resume`), 2)).toEqual([
      { type: 'queue.resumed', data: {}, timestamp: expect.stringMatching(isoTime) },
      updated(['echo a']),
    ])
    expect(await after(() => call('DELETE', `${id}/queue`), 1)).toEqual([updated([])])
    // The next one starts when the turn ends: it leaves the queue.
    await after(() => stage().prompt(id, 'wait'), 1)
    const started = await after(() => call('POST', `${id}/cancel`), 1)
    expect(started).toContainEqual(updated([]))
    await finish(id)
  })

  // proves: sessions.s27
  test('a cancelled turn ends as such, for whoever waits and for whoever watches', async () => {
    const { id, turn } = await busy()

    expect(await call('POST', `${id}/cancel`)).toMatchObject({ status: 200, body: { ok: true } })

    expect(await turn).toMatchObject({ status: 200, body: { stopReason: 'cancelled' } })
    const rpc = (await logs(id)).map(({ data }) => [data.method, data.direction, data.phase].join(' '))
    expect(rpc).toContain('session/cancel client_to_agent notification')
    expect((await logs(id)).at(-1)).toMatchObject({
      data: { method: 'session/prompt', phase: 'response', payload: { stopReason: 'cancelled' } },
    })
    expect(await ask(stage(), id, 'echo next')).toBe('next')
  })

  // proves: sessions.s27
  test('a cancelled turn has its questions answered with cancelled', async () => {
    const id = await stage().session()
    const turn = stage().prompt(id, 'ask 2')
    await eventually(
      async () => (await logs(id)).filter(({ type }) => type === 'permission_request').length === 2,
    )

    await call('POST', `${id}/cancel`)

    expect((await turn).body).toMatchObject({ stopReason: 'cancelled' })
    expect((await read(id)).pendingPermission).toBeNull()
    expect(await status(id)).toEqual({ processing: false, pendingPermission: false })
    const rejected = (await logs(id)).filter(({ type }) => type === 'permission_rejected')
    expect(rejected.map(({ data }) => data)).toEqual([
      { requestId: expect.stringMatching(uuid), response: { outcome: { outcome: 'cancelled' } } },
      { requestId: expect.stringMatching(uuid), response: { outcome: { outcome: 'cancelled' } } },
    ])
    const answers = (await logs(id)).filter(
      ({ data }) => data.method === 'session/request_permission' && data.phase === 'response',
    )
    expect(answers.map(({ data }) => data.payload)).toEqual([
      { outcome: { outcome: 'cancelled' } },
      { outcome: { outcome: 'cancelled' } },
    ])
  })

  // proves: sessions.s27
  test('what does not run can not be cancelled', async () => {
    const id = await stage().session()
    const ended = await stage().session()
    await call('DELETE', ended)

    expect((await call('POST', `${id}/cancel`)).status).toBe(409)
    expect((await call('POST', `${crypto.randomUUID()}/cancel`)).status).toBe(404)
    expect((await call('POST', `${ended}/cancel`)).status).toBe(404)
    expect(await ask(stage(), id, 'echo fine')).toBe('fine')
  })

  // proves: sessions.s27
  test('a socket cancels too: the running turn, or one that waits', async () => {
    const { id, turn } = await busy()
    const { queueId } = (await stage().prompt(id, 'echo never')).body
    const peer = await stage().dial()
    onTestFinished(() => peer.terminate())

    peer.send({ action: 'cancel', sessionId: id, queueId })
    await eventually(async () => (await queue(id)).size === 0)
    expect(await status(id)).toMatchObject({ processing: true })
    peer.send({ action: 'cancel', sessionId: id })

    expect((await turn).body).toEqual({ stopReason: 'cancelled' })
    expect(await prompts(id)).toEqual(['wait'])
  })
})
