import { fakeClock } from '@parley/testkit'
import { expect, it } from 'vitest'
import { openServer, type TestServer } from '../server.test.support.js'
import { connect, newRoom, type Peer, say, type Wire } from '../threads.test.support.js'
import { words } from './words.js'

type Room = {
  id: string
  peer: Peer
  /** Asks an assistant; answers how to wait for the end of its run, with what it sent. */
  ask(assistantId: string, words: string): Promise<() => Promise<Wire[]>>
}

/** A room that is watched. */
async function openRoom(server: TestServer): Promise<Room> {
  const id = await newRoom(server, undefined)
  const peer = await connect(server, { token: server.controlToken })
  await peer.ask('thread:join', { thread_id: id })
  const ask: Room['ask'] = async (assistantId, words) => {
    await peer.ask('message:send', { thread_id: id, draft: say(words) })
    const { runs } = await peer.ask('assistant:invoke', { thread_id: id, assistant_ids: [assistantId] })
    const isOfRun = ({ run_id }: Wire) => run_id === runs[0].id
    return async () => {
      const end = await peer.until((event) => isOfRun(event) && /^run\.(completed|failed)$/.test(event.type))
      expect(end).toMatchObject({ type: 'run.completed' })
      const { text } = await server.call(`/acp/threads/${id}/events`)
      return (JSON.parse(text).items as Wire[]).filter(isOfRun)
    }
  }
  return { id, peer, ask }
}

const endOf = async (asking: ReturnType<Room['ask']>): Promise<Wire[]> => (await asking)()

const textOf = (events: Wire[]): string =>
  events
    .filter(({ type }) => type === 'message')
    .flatMap(({ content }) => content)
    .map((part) => part.text ?? '')
    .join('')

it('echo repeats', async () => {
  const { ask } = await openRoom(await openServer())
  expect(textOf(await endOf(ask('echo', 'say that again')))).toBe('say that again')
})

it.each([
  ['help', /`code`.*`picture`/s],
  ['show me some code, please', /```ts\n.*```/s],
  ['anything at all', /^> anything at all\n\n/],
])('guide answers %s', async (asked, expected) => {
  const { ask } = await openRoom(await openServer())
  expect(textOf(await endOf(ask('guide', asked)))).toMatch(expected)
})

it('guide shows a picture that this server has, for anybody', async () => {
  const server = await openServer()
  const { ask } = await openRoom(server)

  const message = (await endOf(ask('guide', 'a picture'))).find(({ type }) => type === 'message')
  const image = message.content.find((part: Wire) => part.type === 'image')
  const response = await fetch(image.url)

  expect(image.url.startsWith(server.url)).toBe(true)
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/svg+xml'])
  expect(await response.text()).toMatch(/^<svg/)
})

it('guide writes word by word before everybody’s eyes', async () => {
  const { peer, ask } = await openRoom(await openServer())
  const deltas: string[] = []
  peer.socket.on('stream:delta', ({ text }) => deltas.push(text))

  const [message] = (await endOf(ask('guide', 'help'))).filter(({ type }) => type === 'message')

  expect(deltas.length).toBeGreaterThan(3)
  expect(deltas.join('')).toBe(message.content[0].text)
})

it.each([
  ['submitted', { what: 'dinner', guests: 3 }, /```json\n.*"guests": 3/s],
  ['cancelled', null, /plan nothing/],
])('guide asks with a form, and reads that it was %s', async (status, values, expected) => {
  const { id, peer, ask } = await openRoom(await openServer())
  const ended = await ask('guide', 'a form, please')
  const isAsking = ({ content }: Wire) => content?.some((part: Wire) => part.status === 'pending')
  const asked = await peer.until(isAsking)
  const { form_id, schema } = asked.content.find((part: Wire) => part.type === 'form')

  const part = { type: 'form', form_id, schema, status, values, answers_event_id: asked.id }
  const answer = await peer.ask('message:send', { thread_id: id, draft: { content: [part] } })

  expect(answer).toMatchObject({ event: { type: 'message' } })
  expect(textOf(await ended())).toMatch(expected)
})

it.each([
  ['approve', ['tool.call', 'tool.result'], /21 °C/],
  ['reject', ['tool.call'], /without the weather/],
])('guide asks to use a tool, and abides by %s', async (verdict, expected, words) => {
  const { id, peer, ask } = await openRoom(await openServer())
  const ended = await ask('guide', 'use a tool')
  const { tool } = await peer.until(({ type }) => type === 'tool.call')

  await peer.ask(`tool:${verdict}`, { thread_id: id, call_id: tool.id })

  const events = await ended()
  expect(events.map(({ type }) => type).filter((type) => /^tool\.(call|result)$/.test(type))).toEqual(
    expected,
  )
  expect(textOf(events)).toMatch(words)
})

it('guide can be stopped while it writes slowly', async () => {
  const { id, peer, ask } = await openRoom(await openServer())
  await ask('guide', 'slow')
  const { run_id } = await peer.until(({ type }) => type === 'reasoning')

  expect(await peer.ask('run:cancel', { run_id })).toMatchObject({ cancelled: true })

  await peer.until((event) => event.type === 'run.cancelled' && event.run_id === run_id)
  expect(id).toMatch(/^th_/)
})

it('a server that is told to do without has neither', async () => {
  const server = await openServer({ demoAssistants: false })
  const room = await newRoom(server, undefined)

  const answer = await server.call(`/acp/threads/${room}/invocations`, { body: { assistant_ids: ['echo'] } })

  expect(answer.status).toBe(404)
  expect((await server.call('/demo-assistants/picture.svg')).status).toBe(404)
})

it.each(['one', 'one two\n\n- three\n', '  a  b '])('words of %j together are the text', async (text) => {
  const clock = fakeClock()
  const written: string[] = []
  for await (const word of words(text, { clock, everyMs: 0, signal: new AbortController().signal })) {
    written.push(word)
    void clock.advance(1)
  }
  expect(written.join('')).toBe(text)
})
