// The channel socket (section 3.2), with real agents behind it.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually } from '@parley/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Peer } from './support/peer.js'
import { ask, chunkIn, openStage, type Stage, startTurn } from './support/stage.js'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(async () => {
  await stage?.close()
  expect(stage.faults).toEqual([])
})

// proves: sessions.s37
it('greets first, with a connection id of its own, on both paths; a ping gets its pong', async () => {
  const [onRoot, onWs] = [await stage.dial('/'), await stage.dial('/ws')]
  for (const peer of [onRoot, onWs]) {
    peer.send({ action: 'ping' })
    await peer.next(({ type }) => type === 'pong')
    expect(peer.frames[0]).toEqual({ type: 'connected', connectionId: expect.stringMatching(/./) })
    expect(peer.texts[1]).toBe('{"type":"pong"}')
    expect(peer.texts).toHaveLength(2)
  }
  expect(onRoot.frames[0].connectionId).not.toBe(onWs.frames[0].connectionId)
})

// proves: sessions.s38
it('replays what is retained and then confirms; since counts; a repetition is the same bytes as live', async () => {
  const id = await stage.session()
  const live = await stage.dial()
  const channel = `session:${id}`
  await live.subscribe(channel)
  await ask(stage, id, 'chunks 5')
  const last = await live.next(({ event }) => event?.type === 'rpc' && isTurnEnd(event.data))
  const heard = live.texts.filter((_, at) => live.frames[at].type === 'event')

  const again = await live.subscribe(channel)
  const other = await stage.dial()
  const replayed = await other.subscribe(channel)
  const seqs = other.frames.filter(({ type }) => type === 'event').map(({ seq }) => seq)
  const logs = await stage.logs(id)

  expect(again).toEqual(heard)
  expect(replayed).toEqual(heard)
  // One gapless number, and what REST has under it.
  expect(seqs).toEqual(logs.map((_, index) => index + 1))
  expect(other.frames.filter(({ type }) => type === 'event').map(({ event }) => event)).toEqual(logs)
  expect(new Set(replayed).size).toBe(replayed.length)

  const since = seqs[3]
  expect(await other.subscribe(channel, since)).toEqual(heard.slice(4))
  expect(await other.subscribe(channel, last.seq)).toEqual([])
  expect(await other.subscribe(channel, last.seq + 1000)).toEqual([])
  expect(other.texts.at(-1)).toBe(JSON.stringify({ type: 'subscribed', channel }))
  expect(other.texts.filter((text) => text.includes('"subscribed"'))).toHaveLength(4)
})

const isTurnEnd = (data: { method: string; phase: string }) =>
  data.method === 'session/prompt' && data.phase === 'response'

// proves: sessions.s39
it('sends each event to exactly the channels of its kind, once, tagged with the narrowest subscribed', async () => {
  const cwd = join(stage.cwd, 'routing')
  await mkdir(cwd)
  const id = await stage.session({ cwd })
  const other = await stage.session()
  const names = [
    'agents',
    `agent:${id}`,
    `agent:${id}:fs`,
    `session:${id}`,
    `session:${id}:fs`,
    `session:${id}:queue`,
    `session:${id}:terminal`,
  ]
  const before = (await stage.logs(id)).length
  const alone = await Promise.all(names.map((name) => subscribed(name)))
  const all = await subscribed(...names)
  const elsewhere = await subscribed(`session:${other}`)

  // One of each kind: rpc, terminal, queue and file events.
  await ask(stage, id, 'run echo hi')
  await writeFile(join(cwd, 'new.txt'), 'x')
  await stage.call('POST', `/agents/${id}/queue/pause`)
  await stage.call('POST', `/agents/${id}/queue/resume`)
  await eventually(() =>
    ['filesystem.changed', 'terminal.exit', 'queue.resumed'].every((type) =>
      all.frames.some(({ event }) => event?.type === type),
    ),
  )
  const stored = await eventually(async () => {
    const logs = await stage.logs(id)
    return of(id, all).length >= logs.length - before && logs
  })
  for (const peer of [...alone, all, elsewhere]) await peer.settle()

  const everything = stored.map((_, index) => index + 1).slice(before)
  const seqsOf = (kinds?: RegExp) => everything.filter((seq) => !kinds || kinds.test(stored[seq - 1]!.type))
  const [fs, queue, terminal] = [/^filesystem\.|^file\./, /^queue\./, /^terminal\./]
  const wanted = [undefined, undefined, fs, undefined, fs, queue, terminal].map(seqsOf)
  const got = alone.map((peer) => of(id, peer))
  expect(got.map((frames) => frames.map(({ seq }) => seq))).toEqual(wanted)
  // Whoever has one subscription gets its name as the tag.
  expect(got.map((frames) => [...new Set(frames.map(({ channel }) => channel))])).toEqual(
    names.map((name) => [name]),
  )
  // Whoever has all gets each once, with the narrowest.
  expect(of(id, all).map(({ seq }) => seq)).toEqual(everything)
  for (const { seq, channel } of of(id, all)) {
    const { type } = stored[seq - 1]!
    const narrowest = fs.test(type)
      ? ':fs'
      : queue.test(type)
        ? ':queue'
        : terminal.test(type)
          ? ':terminal'
          : ''
    expect([type, channel]).toEqual([type, `session:${id}${narrowest}`])
  }
  expect(of(id, elsewhere)).toEqual([])
  for (const frame of of(id, all)) expect([frame.sessionId, frame.agentId]).toEqual([id, id])

  // One terminal of an agent has a channel of its own.
  const { terminalId } = stored.find(({ type }) => type === 'terminal.started')!.data
  const one = await stage.dial()
  await one.subscribe(`session:${id}:terminal`)
  await one.subscribe(`session:${id}:terminal:${terminalId}`)
  const tags = of(id, one).map(({ channel }) => channel)
  const count = seqsOf(terminal).length
  expect(count).toBeGreaterThan(2)
  expect(tags).toEqual([
    ...Array(count).fill(`session:${id}:terminal`),
    ...Array(count).fill(`session:${id}:terminal:${terminalId}`),
  ])
  await stage.call('DELETE', `/agents/${id}`)
})

/** Without what was: a number that is not reached yet replays nothing. */
async function subscribed(...channels: string[]) {
  const peer = await stage.dial()
  for (const channel of channels) await peer.subscribe(channel, 1_000_000)
  return peer
}

/** The stored events of a session that came, in order. */
const of = (id: string, { frames }: Peer) =>
  frames.filter(({ type, seq, sessionId }) => type === 'event' && seq > 0 && sessionId === id)

// proves: sessions.s40
it('tells whoever watches all, one agent or one session when it comes and goes', async () => {
  const all = await stage.dial()
  await all.subscribe('agents', 1_000_000_000)
  const id = '11111111-2222-4333-8444-555555555555'
  const [one, agent] = [await stage.dial(), await stage.dial()]
  await one.subscribe(`session:${id}`).catch(() => undefined)
  await agent.subscribe(`agent:${id}`).catch(() => undefined)

  await stage.session({ sessionId: id })
  const created = await all.next(({ type, sessionId }) => type === 'session.created' && sessionId === id)
  await one.subscribe(`session:${id}`)
  await agent.subscribe(`agent:${id}`)
  await stage.call('DELETE', `/agents/${id}`)

  expect(created).toEqual({ type: 'session.created', sessionId: id, agentId: id })
  for (const peer of [all, one, agent]) {
    const gone = await peer.next(({ type, sessionId }) => type === 'session.terminated' && sessionId === id)
    expect(gone).toEqual({ type: 'session.terminated', sessionId: id, agentId: id })
    const ends = peer.frames.filter(({ event }) => event?.type === 'session.terminated')
    expect(ends).toHaveLength(1)
    expect(peer.frames.indexOf(ends[0])).toBeLessThan(peer.frames.indexOf(gone))
  }
  // Lifecycle messages are told and not kept.
  const later = await stage.dial()
  await later.subscribe(`session:${id}`)
  expect(later.frames.filter(({ type }) => type.startsWith('session.'))).toEqual([])
})

// proves: sessions.s41
it('is silent about a channel that was left, and confirms leaving one that was never joined', async () => {
  const id = await stage.session()
  const [leaver, stayer] = [await stage.dial(), await stage.dial()]
  const channel = `session:${id}`
  for (const peer of [leaver, stayer]) await peer.subscribe(channel)
  leaver.send({ action: 'unsubscribe', channel })
  await leaver.next(({ type }) => type === 'unsubscribed')
  const from = leaver.texts.length
  expect(leaver.texts[from - 1]).toBe(JSON.stringify({ type: 'unsubscribed', channel }))

  await ask(stage, id, 'echo once')
  await stayer.next(({ event }) => event && chunkIn(event.data) === 'once')
  await stage.call('DELETE', `/agents/${id}`)
  await stayer.next(({ type }) => type === 'session.terminated')
  leaver.send({ action: 'unsubscribe', channel: `session:${id}:fs` })
  await leaver.settle()

  expect(leaver.texts.slice(from)).toEqual([
    JSON.stringify({ type: 'unsubscribed', channel: `session:${id}:fs` }),
    '{"type":"pong"}',
  ])
})

// proves: sessions.s42
it('answers nonsense with an error and stays connected', async () => {
  const peer = await stage.dial()
  const id = await stage.session()
  const unknown = '00000000-0000-4000-8000-000000000000'
  const answered = async (message: object | string) => {
    const from = peer.frames.length
    peer.send(message)
    await peer.settle()
    return peer.frames.slice(from, -1)
  }
  const error = (message: string) => [{ type: 'error', message }]

  expect(await answered('{not json')).toEqual([{ type: 'error', message: expect.any(String) }])
  for (const wrong of ['[]', '"ping"', 'null', '7', '{}', { action: 7 }])
    expect(await answered(wrong)).toEqual(error('Invalid message'))
  expect(await answered({ action: 'no.such' })).toEqual([{ type: 'error', message: expect.any(String) }])
  expect(await answered({ action: 'subscribe' })).toEqual(error('Missing channel'))
  expect(await answered({ action: 'unsubscribe' })).toEqual(error('Missing channel'))
  for (const channel of ['session', 'agent', 'everything', 'session:', 'terminal', `session:${id}:nothing`])
    expect(await answered({ action: 'subscribe', channel })).toEqual([
      { type: 'error', message: expect.any(String), channel },
    ])
  expect(await answered({ action: 'prompt', sessionId: unknown, text: 'hi' })).toEqual(
    error(`Session "${unknown}" not found`),
  )
  expect(await answered({ action: 'prompt', sessionId: id })).toEqual(error("Missing 'text' field"))
  expect(await answered({ action: 'file.preview', sessionId: id, path: 'none' })).toEqual(
    error('Cannot read: none'),
  )
  expect(
    await answered({ action: 'permission.respond', sessionId: id, requestId: 'x', body: { optionId: 'y' } }),
  ).toEqual([])
  expect(await answered({ action: 'terminal.kill', terminalId: 'term-none' })).toEqual([])
  expect(await answered({ action: 'terminal.input', terminalId: 'term-none', data: 'x' })).toEqual([
    { type: 'error', message: expect.stringMatching(/^terminal\.input: ./) },
  ])
  // After all of this it still does what it is told.
  const turn = await startTurn(stage, id)
  expect(await answered({ action: 'cancel', sessionId: id })).toEqual([])
  expect((await turn.ended).body).toMatchObject({ stopReason: 'cancelled' })
})
