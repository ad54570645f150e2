// Every operation that both doors have gives the same answer and has the same effect over REST and over Socket.IO.
import { describe, expect, test } from 'vitest'
import { mount } from './mounted.test.support.js'
import { openPlane, type Plane, people } from './plane.test.support.js'
import { assistant, text } from './protocol/index.js'
import type { Peer, Wire } from './socket/door.test.support.js'

/** What an operation is about. */
type Place = { thread: string; message: string; run: string; call: string }

type Operation = {
  event: string
  rest(place: Place, body: object): [method: string, path: string, body?: object]
  socket(place: Place, body: object): object
  /** What the route answers, made from what the socket answers. */
  toRest(answer: Wire): unknown
  good: object
  bad: object
}

const thread = ({ thread }: Place, rest = ''): string => `/threads/${thread}${rest}`

const operations: Operation[] = [
  {
    event: 'message:send',
    rest: (place, draft) => ['POST', thread(place, '/messages'), draft],
    socket: (place, draft) => ({ thread_id: place.thread, draft }),
    toRest: ({ event }) => event,
    good: { client_id: 'c1', content: [text('hi')], recipients: ['u_bob'], metadata: { a: 1 } },
    bad: { content: [] },
  },
  {
    event: 'message:edit',
    rest: (place, body) => ['PATCH', thread(place, `/events/${place.message}`), body],
    socket: (place, body) => ({ thread_id: place.thread, event_id: place.message, ...body }),
    toRest: ({ event }) => event,
    good: { content: [text('better')] },
    bad: { content: 'better' },
  },
  {
    event: 'message:delete',
    rest: (place) => ['DELETE', thread(place, `/events/${place.message}`)],
    socket: (place) => ({ thread_id: place.thread, event_id: place.message }),
    toRest: () => undefined,
    good: {},
    bad: {},
  },
  {
    event: 'thread:read',
    rest: (place, body) => ['POST', thread(place, '/read'), body],
    socket: (place, body) => ({ thread_id: place.thread, ...body }),
    toRest: (answer) => answer,
    good: { seq: 3 },
    bad: { seq: 'three' },
  },
  {
    event: 'assistant:invoke',
    rest: (place, body) => ['POST', thread(place, '/invocations'), body],
    socket: (place, body) => ({ thread_id: place.thread, ...body }),
    toRest: (answer) => answer,
    good: { assistant_ids: ['quiet'], idempotency_key: 'k' },
    bad: { assistant_ids: [] },
  },
  {
    event: 'run:cancel',
    rest: (place) => ['DELETE', `/runs/${place.run}`],
    socket: (place) => ({ run_id: place.run }),
    toRest: () => undefined,
    good: {},
    bad: {},
  },
  ...(['approve', 'reject'] as const).map(
    (verb): Operation => ({
      event: `tool:${verb}`,
      rest: (place, body) => ['POST', thread(place, `/tool-calls/${place.call}/${verb}`), body],
      socket: (place, body) => ({ thread_id: place.thread, call_id: place.call, ...body }),
      toRest: ({ event }) => event,
      good: { reason: 'fine' },
      bad: { reason: 7 },
    }),
  ),
]

type Door = 'rest' | 'socket'

async function openRoom(): Promise<{ plane: Plane; place: Place }> {
  const plane = await openPlane({
    authorize: (identity) => identity.id !== 'u_forbidden',
    authenticate: ({ headers, auth }) => {
      const name = headers.authorization?.replace(/^Bearer /, '') ?? String(auth.token)
      if (name === 'forbidden') return { ...people.bob!, id: 'u_forbidden' }
      return people[name] ?? null
    },
  })
  const { threads, call } = plane
  threads.assistant('quiet', async function* () {})
  threads.assistant('asks', async function* (ctx, send) {
    yield send.toolCall({ id: 'call_1', name: 'rm', arguments: {}, metadata: { approval: 'required' } })
    await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve))
  })
  const assistants = ['quiet', 'asks'].map((id) => assistant({ id, name: id }))
  const forbidden = { ...people.bob!, id: 'u_forbidden' }
  const id = await plane.room({ members: [people.bob!, forbidden, ...assistants] })
  const sent = await call('alice', 'POST', `/threads/${id}/messages`, { content: [text('first')] })
  const invoked = await call('alice', 'POST', `/threads/${id}/invocations`, { assistant_ids: ['asks'] })
  await plane.until(id, 'tool.call')
  return {
    plane,
    place: { thread: id, message: sent.body.id, run: invoked.body.runs[0].id, call: 'call_1' },
  }
}

/** Asks by one door; answers what the other would have to answer, and what the room has then. */
async function ask(door: Door, operation: Operation, who: string, change: Change): Promise<unknown> {
  const { plane, place } = await openRoom()
  const about = change === 'nowhere' ? nowhere(place) : place
  const body = change === 'malformed' ? operation.bad : operation.good
  const { connect } = await mount(plane.threads)
  const peer: Peer = await connect(who)
  const answers: unknown[] = []
  for (let times = 0; times < 2; times++)
    answers.push(
      door === 'socket'
        ? fromSocket(operation, await peer.ask(operation.event, operation.socket(about, body)))
        : fromRest(await plane.call(who, ...operation.rest(about, body))),
    )
  const { body: log } = await plane.call('alice', 'GET', `/threads/${place.thread}/events`)
  return alike({ answers, log: log.items }, place)
}

type Change = 'as it should be' | 'malformed' | 'nowhere'

const nowhere = (place: Place): Place => ({ ...place, thread: 'th_none', run: 'run_none' })

const fromSocket = (operation: Operation, answer: Wire) =>
  answer.error ? { error: answer.error } : { answer: operation.toRest(answer) }

const fromRest = ({ status, body }: { status: number; body: Wire }) =>
  status < 300 ? { answer: body } : { error: body.error }

/** Without what differs from room to room, and where a body lies in a payload. */
function alike(value: object, place: Place): unknown {
  let json = JSON.stringify(value)
  for (const [name, id] of Object.entries(place)) json = json.replaceAll(id, `<${name}>`)
  json = json.replace(/"(evt|run|dec)_[0-9a-f]{32}"/g, '"<id>"').replaceAll('"draft.', '"')
  return JSON.parse(json)
}

const changes: readonly Change[] = ['as it should be', 'malformed', 'nowhere']
const callers = ['alice', 'bob', 'erin', 'carol', 'forbidden'] as const

describe.each(operations)('$event', (operation) => {
  // proves: threads.t22
  test.each(callers.flatMap((who) => changes.map((change) => [who, change] as const)))(
    'by %s, %s, is the same by both doors',
    async (who, change) => {
      const [rest, socket] = [
        await ask('rest', operation, who, change),
        await ask('socket', operation, who, change),
      ]

      expect(socket).toEqual(rest)
    },
  )

  test('does what it should for a member', async () => {
    expect(await ask('socket', operation, 'alice', 'as it should be')).not.toMatchObject({
      answers: [{ error: expect.anything() }, expect.anything()],
    })
  })
})
