// The socket of one session (3.1, 14.4) and its event stream (2.9).
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually } from '@parley/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventsOf, type StreamEvent } from './support/event-stream.js'
import { type Peer, upgradeStatus } from './support/peer.js'
import { ask, chunkIn, openStage, type Stage, startTurn } from './support/stage.js'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(async () => {
  await stage?.close()
  expect(stage.faults).toEqual([])
})

const on = (id: string) => stage.dial(`/ws/sessions/${id}`)
const isEvent = (type: string) => (frame: { event?: { type: string } }) => frame.event?.type === type
const turnEnd = ({ event }: { event?: { data: { method?: string; phase?: string } } }) =>
  event?.data.method === 'session/prompt' && event.data.phase === 'response'

// proves: sessions.s45
it('is greeted, has its history and then what happens, without numbers', async () => {
  const id = await stage.session()
  await ask(stage, id, 'echo before')
  const history = await stage.logs(id)
  const peer = await on(id)
  peer.send({ action: 'prompt', text: 'echo live' })
  await peer.next(({ event }) => event && chunkIn(event.data) === 'live')
  await peer.next(turnEnd, history.length + 1)
  const logs = await eventually(async () => {
    const all = await stage.logs(id)
    return all.length === peer.frames.length - 1 && all
  })

  expect(peer.texts[0]).toBe(JSON.stringify({ type: 'connected', sessionId: id }))
  expect(peer.frames.slice(1)).toEqual(
    logs.map((event) => ({ type: 'event', timestamp: event.timestamp, event })),
  )
  // Another one has the same bytes.
  const again = await on(id)
  await again.next(() => again.texts.length >= peer.texts.length)
  expect(again.texts).toEqual(peer.texts)
})

// proves: sessions.s45
it('takes prompts, queue actions, answers and cancels', async () => {
  const id = await stage.session()
  const peer = await on(id)
  const queue = async () => (await stage.call('GET', `/agents/${id}/queue`)).body
  peer.send({ action: 'prompt', text: 'wait' })
  await eventually(async () => (await queue()).processing)

  const queued: { queueId: string }[] = []
  for (const text of ['echo one', 'echo two', 'echo three']) {
    peer.send({ action: 'prompt', text })
    queued.push(await peer.next((frame) => frame.queued && frame.position === queued.length))
  }
  expect(queued).toEqual(
    [0, 1, 2].map((position) => ({ queued: true, queueId: expect.any(String), position })),
  )
  const [one, two, three] = queued.map(({ queueId }) => queueId)
  peer.send({ action: 'queue.reorder', order: [three, two, one] })
  await eventually(async () => (await queue()).items[0].queueId === three)
  peer.send({ action: 'cancel', queueId: two })
  await eventually(async () => (await queue()).size === 2)
  peer.send({ action: 'queue.pause' })
  await eventually(async () => (await queue()).paused)
  peer.send({ action: 'cancel' })
  await eventually(async () => !(await queue()).processing)
  expect((await queue()).items.map(({ queueId }: { queueId: string }) => queueId)).toEqual([three, one])
  peer.send({ action: 'queue.resume' })
  await peer.next(({ event }) => event && chunkIn(event.data) === 'one')
  const said = peer.frames.map(({ event }) => event && chunkIn(event.data)).filter(Boolean)
  expect(said).toEqual(['three', 'one'])

  peer.send({ action: 'queue.pause' })
  await eventually(async () => (await queue()).paused)
  peer.send({ action: 'prompt', text: 'echo never' })
  await eventually(async () => (await queue()).size === 1)
  peer.send({ action: 'queue.clear' })
  await eventually(async () => (await queue()).size === 0)
  peer.send({ action: 'queue.resume' })

  for (const answer of [{ body: { optionId: 'allow' } }, { response: { optionId: 'reject' } }]) {
    const from = peer.frames.length
    peer.send({ action: 'prompt', text: 'ask' })
    const { event } = await peer.next(isEvent('permission_request'), from)
    peer.send({ action: 'permission.respond', requestId: event.data.requestId, ...answer })
    await peer.next(turnEnd, from)
    const isAllowed = 'body' in answer
    expect(
      peer.frames.slice(from).find(isEvent(isAllowed ? 'permission_approved' : 'permission_rejected')).event
        .data,
    ).toEqual({
      requestId: event.data.requestId,
      response: { outcome: { outcome: 'selected', optionId: isAllowed ? 'allow' : 'reject' } },
    })
  }
  expect(peer.frames.filter(({ type }) => type === 'error')).toEqual([])

  peer.send({ action: 'terminate' })
  await peer.next(isEvent('session.terminated'))
  expect((await stage.call('GET', `/agents/${id}`)).body.status).toBe('killed')
})

// proves: sessions.s45
it('lists and previews files for whoever asks, and nobody else', async () => {
  const id = await stage.session()
  await writeFile(join(stage.cwd, 'seen.txt'), 'contents')
  const [peer, other] = [await on(id), await on(id)]
  const answered = async (message: object): Promise<Peer['frames'][number]> => {
    const from = peer.frames.length
    peer.send(message)
    return peer.next(
      ({ type, event }) => type === 'error' || !/^(rpc|filesystem.changed)$/.test(event?.type),
      from,
    )
  }

  const preview = await answered({ action: 'file.preview', path: 'seen.txt' })
  expect(preview).toMatchObject({
    type: 'event',
    event: { type: 'file.preview', data: { path: 'seen.txt', content: 'contents' } },
  })
  expect(preview.timestamp).toBe(preview.event.timestamp)
  const snapshot = await answered({ action: 'fs.snapshot' })
  expect(snapshot.event.type).toBe('filesystem.snapshot')
  expect(snapshot.event.data.snapshot.root).toBe(stage.cwd)
  expect(snapshot.event.data.snapshot.entries).toContainEqual({ path: 'seen.txt', type: 'file' })
  expect(await answered({ action: 'file.preview', path: '../../etc/passwd' })).toMatchObject({
    type: 'error',
  })
  expect(await answered({ action: 'file.preview', path: 'none.txt' })).toEqual({
    type: 'error',
    message: 'Cannot read: none.txt',
  })
  expect(await answered({ action: 'file.preview' })).toEqual({ type: 'error', message: 'Invalid message' })
  expect(other.frames.some(isEvent('file.preview'))).toBe(false)
  expect((await stage.logs(id)).some(({ type }) => type === 'file.preview')).toBe(false)

  await stage.call('DELETE', `/agents/${id}`)
  const ended = await on(id)
  ended.send({ action: 'prompt', text: 'hello?' })
  await ended.next(({ type }) => type === 'error')
  const headers = { authorization: 'Bearer alice' }
  const unknown = `${stage.origin.replace('http', 'ws')}/ws/sessions/00000000-0000-4000-8000-000000000000`
  expect(await upgradeStatus(unknown, { headers })).toBe(404)
})

async function openStream(id: string, headers: Record<string, string> = {}) {
  const stop = new AbortController()
  const response = await fetch(`${stage.origin}/api/agents/${id}/stream`, {
    headers: { authorization: 'Bearer alice', ...headers },
    signal: stop.signal,
  })
  const events: StreamEvent[] = []
  const ended = (async () => {
    for await (const event of eventsOf(response)) events.push(event)
  })().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error
  })
  return { response, events, ended, stop: () => stop.abort() }
}

// proves: sessions.s46
it('replays, goes on live, tells of the end last, and ends', async () => {
  const id = await stage.session()
  await ask(stage, id, 'chunks 3')
  const before = (await stage.logs(id)).length
  const stream = await openStream(id)
  await eventually(() => stream.events.length >= before)
  await ask(stage, id, 'echo live')
  await stage.call('DELETE', `/agents/${id}`)
  await stream.ended

  expect(stream.response.headers.get('content-type')).toMatch(/^text\/event-stream/)
  expect(stream.response.headers.get('cache-control')).toBe('no-cache')
  const logs = await stage.logs(id)
  const last = stream.events.at(-1)!
  expect(last).toEqual({
    event: 'session.terminated',
    data: JSON.stringify({ type: 'session.terminated', sessionId: id, agentId: id }),
  })
  const stored = stream.events.slice(0, -1)
  expect(stored.map(({ event, id: seq }) => [event, Number(seq)])).toEqual(
    logs.map(({ type }, index) => [type, index + 1]),
  )
  expect(stored.map(({ data }) => JSON.parse(data))).toEqual(
    logs.map((event, index) => ({
      type: 'event',
      channel: `session:${id}`,
      sessionId: id,
      agentId: id,
      seq: index + 1,
      event,
    })),
  )

  // The bytes of a socket with the same subscription; later, from a number on, and for an id that is none.
  const peer = await stage.dial()
  expect(await peer.subscribe(`session:${id}`)).toEqual(stored.map(({ data }) => data))
  const later = await openStream(id)
  await later.ended
  expect(later.events).toEqual(stream.events)
  const rest = await openStream(id, { 'last-event-id': '5' })
  await rest.ended
  expect(rest.events).toEqual(stream.events.slice(5))
  const nonsense = await openStream(id, { 'last-event-id': 'seven' })
  await nonsense.ended
  expect(nonsense.events).toEqual(stream.events)
  const unknown = await openStream('00000000-0000-4000-8000-000000000000')
  expect(unknown.response.status).toBe(404)
})

// proves: sessions.s46
it('resumes during a turn where it left', async () => {
  const id = await stage.session()
  const first = await openStream(id)
  const turn = await startTurn(stage, id)
  await eventually(() => first.events.length >= 5)
  first.stop()
  await first.ended
  const seen = first.events.length
  await turn.cancel()
  await turn.ended

  const second = await openStream(id, { 'last-event-id': first.events.at(-1)!.id! })
  await stage.call('DELETE', `/agents/${id}`)
  await second.ended

  const ids = [...first.events, ...second.events].map(({ id: seq }) => seq)
  expect(second.events.length).toBeGreaterThan(2)
  expect(ids.slice(0, -1)).toEqual((await stage.logs(id)).map((_, index) => String(index + 1)))
  expect(ids[seen]).toBe(String(seen + 1))
})
