// Much output of an agent: its order through every door, and a client that does not read it.
import { eventually } from '@parley/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventsOf } from './support/event-stream.js'
import { chunkIn, openStage, type Stage } from './support/stage.js'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(async () => {
  await stage?.close()
  expect(stage.faults).toEqual([])
})

type Event = { type: string; data: { method?: string; phase?: string } }

const isTurnEnd = ({ data }: Event) => data.method === 'session/prompt' && data.phase === 'response'

/** What a turn looked like from one door: its chunks, and its answer. */
const turnIn = (events: readonly Event[]) =>
  events
    .map((event) => (isTurnEnd(event) ? 'end' : chunkIn(event.data)))
    .filter((text) => text !== undefined)
    .map((text) => text.trim())

const expectedTurn = (count: number, word: string) => [
  ...Array.from({ length: count }, (_, index) => `${word} ${index + 1}`),
  'end',
]

// proves: sessions.s47
it('a thousand chunks come in order and before the answer, on every socket, the stream and in the log', async () => {
  const id = await stage.session()
  const channels = [`session:${id}`, `agent:${id}`, 'agents']
  const peers = await Promise.all(channels.map(() => stage.dial()))
  for (const [index, channel] of channels.entries()) await peers[index]!.subscribe(channel)
  peers.push(await stage.dial(`/ws/sessions/${id}`))
  const streamed: Event[] = []
  const stop = new AbortController()
  const init = { headers: { authorization: 'Bearer alice' }, signal: stop.signal }
  const response = await fetch(`${stage.origin}/api/agents/${id}/stream`, init)
  const reading = (async () => {
    for await (const { data } of eventsOf(response)) streamed.push(JSON.parse(data).event)
  })().catch(() => undefined)

  const answer = await stage.prompt(id, 'chunks 1000')
  // The answer of REST is not there before the log.
  const logs: Event[] = await stage.logs(id)

  expect(answer.body).toMatchObject({ stopReason: 'end_turn' })
  const wanted = expectedTurn(1000, 'chunk')
  expect(turnIn(logs)).toEqual(wanted)
  for (const peer of peers) {
    await peer.next(({ event }) => event && isTurnEnd(event))
    expect(turnIn(peer.frames.flatMap(({ event }) => event ?? []))).toEqual(wanted)
  }
  await eventually(() => streamed.some(isTurnEnd))
  expect(turnIn(streamed)).toEqual(wanted)
  // Whoever comes later gets the same order.
  const later = await stage.dial()
  await later.subscribe(`session:${id}`)
  expect(later.frames.filter(({ type }) => type === 'event').map(({ event }) => event)).toEqual(logs)
  stop.abort()
  await reading
})

// proves: sessions.s48
it('a client that never reads delays neither the agent nor other clients, and misses nothing silently', async () => {
  const id = await stage.session()
  const [slow, quick] = [await stage.dial(), await stage.dial()]
  for (const peer of [slow, quick]) await peer.subscribe(`session:${id}`)
  const from = slow.frames.length
  slow.socket.pause()

  // More than any buffer of a socket holds.
  const answer = await stage.prompt(id, 'flood 12000')
  await quick.next(({ event }) => event && isTurnEnd(event))

  expect(answer.body).toMatchObject({ stopReason: 'end_turn' })
  const floods = turnIn(quick.frames.flatMap(({ event }) => event ?? [])).map((text) =>
    text.replace(/ ~+$/, ''),
  )
  expect(floods).toEqual(expectedTurn(12_000, 'flood'))
  expect(slow.frames).toHaveLength(from)

  // When it reads again it has everything, or is told to come again; what it has is without a gap.
  slow.socket.resume()
  const code = await Promise.race([
    slow.closed,
    slow.next(({ event }) => event && isTurnEnd(event)).then(() => 'all' as const),
  ])
  const seqs = slow.frames.filter(({ type }) => type === 'event').map(({ seq }) => seq)
  expect(seqs).toEqual(seqs.map((_, index) => index + 1))
  expect(['all', 1013]).toContain(code)
  const again = await stage.dial()
  const rest = await again.subscribe(`session:${id}`, seqs.at(-1))
  expect(seqs.length + rest.length).toBe((await stage.logs(id)).length)
})
