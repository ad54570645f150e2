import { eventually } from '@parley/testkit'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { openPlane } from '../../../plane.test.support.js'
import { assistant, type ThreadEvent, text } from '../../../protocol/index.js'
import type { ThreadsOptions } from '../../options.js'
import type { AssistantHandler } from '../handler.js'
import { coalesceMs, reminderMs } from './stream-writer.js'
import { readable, script } from './text.test.support.js'
import type { StreamBegun, StreamWord, StreamWritten } from './words.js'

/** A thread whose assistant has begun to run, and what is told of its streams. */
async function running(handler: AssistantHandler, options: Partial<ThreadsOptions> = {}) {
  const plane = await openPlane(options)
  const { threads, ground, call, room } = plane
  threads.assistant('writer', handler)
  const id = await room({ members: [assistant({ id: 'writer', name: 'writer' })] })
  const words: StreamWord[] = []
  ground.log.tap(`thread:${id}`, {
    signal: (payload) => {
      const word = JSON.parse(payload)
      if (word.changed.startsWith('stream.')) words.push(word)
    },
  })
  const { body } = await call('alice', 'POST', `/threads/${id}/invocations`, { assistant_ids: ['writer'] })
  const [run] = body.runs
  return {
    ...plane,
    id,
    run,
    words,
    written: () => words.filter((word): word is StreamWritten => word.changed === 'stream.written'),
    begun: () => eventually(() => words.find((word): word is StreamBegun => word.changed === 'stream.begun')),
    want: (have: Record<string, number>) =>
      ground.log.signal(`thread:${id}`, JSON.stringify({ changed: 'stream.wanted', have })),
    events: async (): Promise<ThreadEvent[]> =>
      (await call('alice', 'GET', `/threads/${id}/events?limit=500`)).body.items.filter(
        ({ run_id }: ThreadEvent) => run_id,
      ),
    over: () =>
      eventually(async () => {
        const answer = await call('alice', 'GET', `/runs/${run.id}`)
        return answer.body.completed_at && answer.body
      }),
  }
}

const textOf = (words: readonly StreamWritten[]) => words.map(({ text: piece }) => piece).join('')

describe('a stream of text', () => {
  // proves: threads.t34
  test('becomes one event with the id that was promised, which the handler gets', async () => {
    const [thought, answer] = [script(), script()]
    const stored: ThreadEvent[] = []
    const { words, begun, events, over, run } = await running(async function* (_ctx, send) {
      const event = yield send.reasoning(thought.text)
      expectTypeOf(event).toEqualTypeOf<ThreadEvent>()
      stored.push(event, yield send.message(answer.text, { model: 'm' }))
    })
    await begun()

    thought.write('hm')
    thought.end()
    answer.write('Hello', ', ', 'world')
    answer.end()

    expect(await over()).toMatchObject({ status: 'completed' })
    const all = await events()
    expect(all.map(({ type }) => type)).toEqual(['run.started', 'reasoning', 'message', 'run.completed'])
    expect(all.slice(1, 3)).toEqual(stored)
    expect(stored).toMatchObject([
      { content: 'hm' },
      { content: [{ type: 'text', text: 'Hello, world' }], metadata: { model: 'm' } },
    ])
    const starts = words.filter(({ changed }) => changed === 'stream.begun')
    expect(starts).toMatchObject([
      { event_id: stored[0]!.id, run_id: run.id, target_type: 'reasoning', author: { id: 'writer' } },
      { event_id: stored[1]!.id, run_id: run.id, target_type: 'message' },
    ])
  })

  test('is told at once, then as often as the pace allows, and whole before it is stored', async () => {
    const { text: source, write, end } = script()
    const { clock, written, begun, over } = await running(async function* (_ctx, send) {
      yield send.message(source)
    })
    await begun()

    write('a')
    await eventually(() => written().length === 1)
    write('b', 'c', '\ud83d')
    await clock.advance(coalesceMs)
    write('\ude00')
    await clock.advance(coalesceMs)
    write('d')
    end()
    await over()

    expect(written().map(({ offset, text: piece }) => [offset, piece])).toEqual([
      [0, 'a'],
      [1, 'bc'],
      [3, '😀'],
      [5, 'd'],
    ])
  })

  test('may be long, and travels in pieces that fit', async () => {
    const long = '\u0000😀'.repeat(50_000)
    const { written, events, over } = await running(async function* (_ctx, send) {
      yield send.message(readable(['x', long]))
    })

    expect(await over()).toMatchObject({ status: 'completed' })
    expect(textOf(written())).toBe(`x${long}`)
    expect((await events())[1]).toMatchObject({ content: [{ text: `x${long}` }] })
  })

  test('may be empty', async () => {
    const { written, events, over } = await running(async function* (_ctx, send) {
      yield send.message(readable([]))
      yield send.reasoning(readable(['', '']))
    })

    await over()

    expect(await events()).toMatchObject([
      {},
      { content: [text('')] },
      { content: '' },
      { type: 'run.completed' },
    ])
    expect(written()).toEqual([])
  })

  test('is told again to who asks, from where it is missing, and it reminds of itself', async () => {
    const { text: source, write } = script()
    const { clock, words, written, begun, want } = await running(async function* (_ctx, send) {
      yield send.message(source)
    })
    const { event_id } = await begun()
    write('abcdef')
    await eventually(() => written().length === 1)
    await clock.advance(coalesceMs)
    const since = words.length

    want({ [event_id]: 6 })
    want({ [event_id]: 4 })
    await clock.advance(coalesceMs)
    want({})
    await clock.advance(reminderMs)

    expect(words.slice(since).filter(({ changed }) => changed !== 'stream.wanted')).toMatchObject([
      { event_id, offset: 4, text: 'ef' },
      { changed: 'stream.begun', event_id },
      { event_id, offset: 0, text: 'abcdef' },
      { event_id, offset: 6, text: '' },
    ])
  })

  // A client that opens rooms as fast as it can would have the whole text sent around each time.
  test('is told again at a pace, however many ask', async () => {
    const { text: source, write } = script()
    const { clock, words, written, begun, want } = await running(async function* (_ctx, send) {
      yield send.message(source)
    })
    await begun()
    write('abcdef')
    await eventually(() => written().length === 1)
    const since = words.length
    const again = () => words.slice(since).filter(({ changed }) => changed === 'stream.begun').length

    for (let n = 0; n < 40; n++) {
      want({})
      await clock.advance(10)
    }
    expect(again()).toBe(10)
    await clock.advance(5_000)

    await eventually(() => again() > 10)
    expect(again()).toBeLessThanOrEqual(20)
  })
})

describe('nothing is stored of a stream', () => {
  // proves: threads.t34
  test.each([
    ['that fails', (one: ReturnType<typeof script>) => one.fail(new Error('overloaded')), 'overloaded'],
    [
      'of what is no text',
      (one: ReturnType<typeof script>) => one.write(7),
      'A stream of text may only give strings.',
    ],
    [
      'that is too long',
      (one: ReturnType<typeof script>) => one.write('ü'.repeat(131_071)),
      'A stream of text has at most 262144 bytes.',
    ],
  ])('%s', async (_what, break_, message) => {
    const one = script()
    let hasCleanedUp = false
    const { clock, events, over, begun } = await running(async function* (_ctx, send) {
      try {
        yield send.message(one.text)
      } finally {
        hasCleanedUp = true
      }
    })
    await begun()

    one.write('abc')
    break_(one)

    const error = { code: 'handler_error', message }
    expect(await over()).toMatchObject({ status: 'failed', error })
    expect(await events()).toMatchObject([{ type: 'run.started' }, { type: 'run.failed', error }])
    expect(hasCleanedUp).toBe(true)
    await clock.advance(reminderMs)
    expect(one.isClosed).toBe(message !== 'overloaded')
  })

  // proves: threads.t34
  test.each([
    ['cancelled', 'run.cancelled'],
    ['timeout', 'run.failed'],
    ['stopped', 'run.failed'],
  ])('whose run is over first: %s', async (how, type) => {
    const one = script()
    const plane = await running(
      async function* (_ctx, send) {
        yield send.message(one.text)
        yield send.message([text('never')])
      },
      { runTimeoutSeconds: 3 },
    )
    const { threads, ground, clock, call, id, run, written } = plane
    one.write('half of')
    await eventually(() => written().length === 1)

    if (how === 'cancelled') await call('alice', 'DELETE', `/runs/${run.id}`)
    if (how === 'timeout') await clock.advance(3_000)
    if (how === 'stopped') await threads.stop()
    await eventually(() => one.isClosed)
    one.write(' it')
    one.end()

    const stored = await eventually(async () => {
      const { events } = await ground.log.read(`thread:${id}`, { after: 0 })
      return events.some((event) => event.type === type) && events
    })
    expect(stored.map((event) => event.type).slice(-2)).toEqual(['run.started', type])
    const told = written().length
    await clock.advance(2 * reminderMs)
    expect(written().length).toBe(told)
  })
})

test('a stream for somebody who is no member is refused before a word of it is told', async () => {
  const one = script()
  const { words, over } = await running(async function* (_ctx, send) {
    yield send.message(one.text, {}, { recipients: ['u_nobody'] })
  })

  expect(await over()).toMatchObject({ status: 'failed', error: { code: 'handler_error' } })
  expect(words).toEqual([])
})

test('the source that hangs, whatever it is told, holds nobody up', async () => {
  const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) }
  const { call, run, over, begun } = await running(async function* (_ctx, send) {
    yield send.message(silent)
  })
  await begun()

  await call('alice', 'DELETE', `/runs/${run.id}`)

  expect(await over()).toMatchObject({ status: 'cancelled' })
})
