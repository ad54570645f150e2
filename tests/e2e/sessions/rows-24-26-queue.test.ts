import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openGround } from '@parley/kernel/ground'
import { eventually } from '@parley/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isoTime } from './support/agents.js'
import { type Event, prompting } from './support/prompting.js'
import { oneGround, sharedStage } from './support/shared-stage.js'
import { openStage, type Stage, saidIn } from './support/stage.js'

type Item = { queueId: string; text: string; position: number }

describe.each(oneGround)('the queue on $name', (ground) => {
  const stage = sharedStage(ground)
  const { call, status, queue, read, logs, busy, finish, prompts } = prompting(stage)

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
    for (const text of ['echo a', 'echo b', 'echo c']) ids.push((await stage().prompt(id, text)).body.queueId)

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
    for (const text of ['echo a', 'echo b', 'echo c']) ids.push((await stage().prompt(id, text)).body.queueId)
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
  test('one that runs by now does not wait any more', async () => {
    const { id, turn } = await busy()
    const { queueId } = (await stage().prompt(id, 'wait')).body
    await call('POST', `${id}/cancel`)
    await turn
    await eventually(async () => {
      const { processing, size } = await queue(id)
      return processing && size === 0
    })

    expect(await call('DELETE', `${id}/queue/${queueId}`)).toMatchObject({
      status: 404,
      body: { error: `Queue item "${queueId}" not found or currently processing` },
    })
    expect(await call('PUT', `${id}/queue`, { order: [queueId] })).toMatchObject({ status: 400 })
    const broken = await call('PUT', `${id}/queue`, '{')
    expect([broken.status, broken.body]).toEqual([400, { error: expect.any(String) }])
    await finish(id)
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
})

// proves: sessions.s24
test('what waits is still there after the server restarted, and runs', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'parley-e2e-host-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const ground = await openGround()
  onTestFinished(() => ground.close())
  const open = async () => {
    const stage = await openStage({ ground, dataDir: join(directory, 'host'), cwd: directory })
    onTestFinished(() => stage.close())
    return stage
  }
  const before = await open()
  const id = await before.session()
  const queue = async (stage: Stage) => (await stage.call('GET', `/agents/${id}/queue`)).body
  void before.prompt(id, 'wait').catch(() => undefined)
  await eventually(async () => (await queue(before)).processing)
  const { queueId } = (await before.prompt(id, 'echo later')).body
  await before.close({})

  const after = await open()

  const waiting = await eventually(async () => {
    const state = await queue(after)
    return state.size === 1 && state
  })
  expect(waiting).toMatchObject({ processing: true, items: [{ queueId, text: 'echo later', position: 0 }] })
  await after.call('POST', `/agents/${id}/cancel`)
  await eventually(async () => saidIn(await after.logs(id)) === 'later')
})
