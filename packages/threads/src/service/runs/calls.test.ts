import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { people } from '../../plane.test.support.js'
import { text } from '../../protocol/index.js'
import type { AssistantHandler } from './handler.js'
import { held, helper, quick, roomWith } from './room.test.support.js'

type Room = Awaited<ReturnType<typeof roomWith>>

const tell = (room: Room, recipients: unknown, more: object = {}) =>
  room.call('alice', 'POST', `/threads/${room.id}/messages`, { content: [text('hi')], recipients, ...more })

const started = async (room: Room) =>
  (await room.events()).filter(({ type }) => type === 'run.started').map(({ author }) => author.id)

/** Waits until so many runs are over, and no more are under way. */
const untilOver = (room: Room, count: number) =>
  eventually(async () => {
    const events = await room.events()
    const over = events.filter(({ type }) => /^run\.(completed|failed|cancelled)$/.test(type))
    return over.length === count && (await started(room)).length === count
  })

describe('a message', () => {
  // proves: threads.t35
  test('starts the assistants that it names, once each, and nobody else', async () => {
    const room = await roomWith({ a: quick, b: quick })

    const { status, body } = await tell(room, ['b', 'u_bob', 'u_alice', 'b'])
    await untilOver(room, 1)
    const unnamed = await tell(room, null)
    const toBob = await tell(room, ['u_bob'])

    expect([status, unnamed.status, toBob.status]).toEqual([201, 201, 201])
    expect(body.recipients).toEqual(['b', 'u_bob'])
    expect(unnamed.body.recipients).toBeNull()
    const [run] = (await room.events()).filter(({ type }) => type === 'run.started')
    expect((await room.call('alice', 'GET', `/runs/${run!.run_id}`)).body).toMatchObject({
      assistant: { id: 'b' },
      triggered_by: { id: 'u_alice' },
    })
    expect(await started(room)).toEqual(['b'])
  })

  // proves: threads.t35
  test('for somebody who is no member is refused, and starts nobody', async () => {
    const room = await roomWith({ a: quick })

    const { status, body } = await tell(room, ['a', 'u_carol'])

    expect([status, body.error.code]).toEqual([400, 'recipient_not_member'])
    expect((await room.events()).filter(({ type }) => type === 'message')).toEqual([])
    expect(await started(room)).toEqual([])
  })

  test('for an assistant that is registered nowhere is stored, and starts nothing', async () => {
    const room = await roomWith({ a: quick })
    await room.call('alice', 'POST', `/threads/${room.id}/members`, { identity: helper('elsewhere') })

    const { status, body } = await tell(room, ['elsewhere'])

    expect([status, body.recipients]).toEqual([201, ['elsewhere']])
    const { ofRuns } = room
    expect(await ofRuns()).toEqual([])
  })

  test.each([undefined, 'refuse'])('sent again starts nothing again (when_running %s)', async (policy) => {
    const { handler, release } = held()
    const room = await roomWith({ slow: handler })
    await room.call('alice', 'PATCH', `/threads/${room.id}`, { metadata: { when_running: policy } })
    const key = { client_id: 'c1' }

    const first = await tell(room, ['slow'], key)
    const again = await tell(room, ['slow'], key)
    release()
    await untilOver(room, 1)
    const late = await tell(room, ['slow'], key)

    expect([first.status, again.status, late.status]).toEqual([201, 200, 200])
    expect([again.body.id, late.body.id]).toEqual([first.body.id, first.body.id])
    expect(await started(room)).toEqual(['slow'])
  })

  test('needs leave to invoke whom it starts', async () => {
    const room = await roomWith(
      { a: quick },
      { authorize: (_who, _id, action) => action !== 'assistant.invoke' },
    )

    const { status, body } = await tell(room, ['a'])

    expect([status, body.detail]).toEqual([403, 'not authorized: assistant.invoke'])
    expect((await tell(room, ['u_bob'])).status).toBe(201)
  })
})

describe('while an assistant runs', () => {
  test('messages ask for one more run, however many they are', async () => {
    const { handler, release } = held()
    const room = await roomWith({ slow: handler })

    const answers = await Promise.all(Array.from({ length: 20 }, () => tell(room, ['slow'])))
    release()
    await untilOver(room, 2)

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
    expect(await started(room)).toEqual(['slow', 'slow'])
  })

  test('a room may ignore that they name it', async () => {
    const { handler, release } = held()
    const room = await roomWith({ slow: handler })
    await room.call('alice', 'PATCH', `/threads/${room.id}`, { metadata: { when_running: 'ignore' } })

    await tell(room, ['slow'])
    const { status } = await tell(room, ['slow'])
    release()
    await untilOver(room, 1)

    expect(status).toBe(201)
    expect((await room.events()).filter(({ recipients }) => recipients)).toHaveLength(2)
  })

  test('a room may refuse them', async () => {
    const { handler, release } = held()
    const room = await roomWith({ slow: handler, other: quick })
    await room.call('alice', 'PATCH', `/threads/${room.id}`, { metadata: { when_running: 'refuse' } })

    await tell(room, ['slow'])
    const { status, body } = await tell(room, ['other', 'slow'])
    release()
    await untilOver(room, 1)

    expect([status, body.error.code, body.detail]).toEqual([
      409,
      'conflict',
      'assistant is active already: slow',
    ])
    expect((await room.events()).filter(({ recipients }) => recipients)).toHaveLength(1)
    expect((await tell(room, ['slow', 'other'])).status).toBe(201)
    await untilOver(room, 3)
  })
})

describe('a handler', () => {
  // proves: threads.t35
  test('that names an assistant starts it, one step deeper', async () => {
    const asks: AssistantHandler = async function* (_ctx, send) {
      yield send.message([text('your turn')], {}, { recipients: ['answers', 'asks', 'u_alice'] })
    }
    const room = await roomWith({ asks, answers: quick })

    await tell(room, ['asks'])
    await untilOver(room, 2)

    const asked = (await room.events()).find(({ author, type }) => type === 'message' && author.id === 'asks')
    expect(asked).toMatchObject({ recipients: ['answers', 'u_alice'] })
    const runOf = (await room.events()).findLast(({ type }) => type === 'run.started')!.run_id
    expect((await room.call('alice', 'GET', `/runs/${runOf}`)).body.triggered_by.id).toBe('asks')
  })

  // proves: threads.t35
  test('and another that answer each other are stopped after eight times, and the room is told', async () => {
    const answer = (to: string): AssistantHandler =>
      async function* (_ctx, send) {
        yield send.message([text(`over to ${to}`)], {}, { recipients: [to] })
      }
    const room = await roomWith({ ping: answer('pong'), pong: answer('ping') })

    await tell(room, ['ping'])
    await untilOver(room, 9)

    const events = await room.events()
    const notice = events.filter(({ author }) => author.role === 'system')
    expect(notice).toMatchObject([
      {
        type: 'message',
        run_id: null,
        recipients: null,
        author: { id: 'parley', name: 'Parley' },
        content: [{ text: 'Assistants called each other 8 times in a row; the chain was stopped.' }],
      },
    ])
    const before = events.find(({ seq }) => seq === notice[0]!.seq - 1)
    expect(before).toMatchObject({ type: 'message', author: { id: 'ping' }, recipients: ['pong'] })
    expect((await started(room)).length).toBe(9)
  })

  test('that calls an assistant which runs still comes to an end by the same rule', async () => {
    // Each waits for the answer before it ends, so that every answer is queued.
    const insists = (to: string): AssistantHandler =>
      async function* (ctx, send) {
        const before = (await ctx.events({ types: ['message'] })).length
        yield send.message([text('and?')], {}, { recipients: [to] })
        await Promise.race([
          new Promise((resolve) => ctx.signal.addEventListener('abort', resolve)),
          eventually(async () => (await ctx.events({ types: ['message'] })).length > before + 1),
        ])
      }
    const room = await roomWith({ left: insists('right'), right: insists('left') })

    await tell(room, ['left'])

    await eventually(async () => (await room.events()).some(({ author }) => author.id === 'parley'))
  })

  test('that names somebody who is no member has failed', async () => {
    const lost: AssistantHandler = async function* (_ctx, send) {
      yield send.message([text('anybody?')], {}, { recipients: [people.carol!.id] })
    }
    const room = await roomWith({ lost })

    const { body } = await room.invoke(['lost'])

    expect(await room.over(body.runs[0].id)).toMatchObject({
      status: 'failed',
      error: { code: 'handler_error', message: 'recipient is not a member: u_carol' },
    })
    expect((await room.ofRuns()).map(({ type }) => type)).toEqual(['run.started', 'run.failed'])
  })
})
