import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { assistant, text } from '../protocol/index.js'
import type { ThreadsOptions } from '../service/options.js'
import type { AssistantHandler } from '../service/runs/handler.js'
import { coalesceMs } from '../service/runs/streams/stream-writer.js'
import { script } from '../service/runs/streams/text.test.support.js'
import { openDoor, type Transport } from './door.test.support.js'
import { readStreams } from './stream-reader.test.support.js'

const writer = assistant({ id: 'writer', name: 'writer' })

/** A door to a thread whose assistant writes what the test tells it to. */
async function openWriting(given: Partial<ThreadsOptions> = {}, handler?: AssistantHandler) {
  const one = script()
  const door = await openDoor(given)
  door.threads.assistant(
    'writer',
    handler ??
      async function* (_ctx, send) {
        yield send.message(one.text)
      },
  )
  const id = await door.room({ members: [writer] })
  const invoke = async (): Promise<string> => {
    const asked = { assistant_ids: ['writer'] }
    return (await door.call('alice', 'POST', `/threads/${id}/invocations`, asked)).body.runs[0].id
  }
  return { ...door, ...one, one, id, invoke }
}

describe.each<Transport>(['websocket', 'polling'])('over %s', (transport) => {
  // proves: threads.t34
  test('text comes as it is written, then its end, then the event', async () => {
    const { connect, id, invoke, write, end, clock } = await openWriting()
    const alice = await connect('alice', { transport })
    await alice.join(id)

    const run = await invoke()
    write('Two')
    const [first] = await alice.until('stream:delta')
    write(' wo', 'rds')
    await clock.advance(coalesceMs)
    await alice.until('stream:delta', 2)
    end()
    await alice.until('event', 3)

    const [start] = alice.of('stream:start')
    const { event_id } = start
    expect(start).toEqual({ event_id, thread_id: id, run_id: run, target_type: 'message', author: writer })
    expect(first).toEqual({ event_id, thread_id: id, text: 'Two', offset: 0 })
    expect(alice.of('stream:delta')[1]).toEqual({ event_id, thread_id: id, text: ' words', offset: 3 })
    expect(alice.of('stream:end')).toEqual([{ event_id, thread_id: id, error: null }])
    expect(alice.of('event')[1]).toMatchObject({ id: event_id, run_id: run, content: [text('Two words')] })
    expect(alice.names.filter((name) => !name.startsWith('run:updated'))).toEqual([
      'event run.started',
      'stream:start',
      'stream:delta',
      'stream:delta',
      'stream:end',
      'event message',
      'event run.completed',
    ])
  })
})

describe('who comes late', () => {
  // proves: threads.t34
  test('to a room gets the beginning in one piece, alone, and reads on with the others', async () => {
    const { connect, id, invoke, write, end, clock } = await openWriting()
    const alice = await connect('alice')
    await alice.join(id)
    await invoke()
    write('a')
    await alice.until('stream:delta')
    write('b')
    await clock.advance(coalesceMs)
    await alice.until('stream:delta', 2)

    const late = await connect('alice')
    await late.join(id)
    await late.until('stream:delta')
    write('c')
    await clock.advance(coalesceMs)
    end()
    await Promise.all([alice.until('stream:end'), late.until('stream:end')])

    expect(late.of('stream:delta').map(({ offset, text: piece }) => [offset, piece])).toEqual([
      [0, 'ab'],
      [2, 'c'],
    ])
    expect(late.of('stream:start')).toEqual(alice.of('stream:start'))
    expect(alice.of('stream:delta').map(({ text: piece }) => piece)).toEqual(['a', 'b', 'c'])
  })

  // proves: threads.t34
  test('and is the first gets it as soon as there is a room', async () => {
    const { connect, id, invoke, write, until, clock } = await openWriting()
    await invoke()
    await until(id, 'run.started')
    write('nobody ', 'has read this')

    const alice = await connect('alice')
    await alice.join(id)

    await eventually(async () => {
      await clock.advance(coalesceMs)
      const [reading] = readStreams(alice.frames).values()
      return reading?.texts.at(-1) === 'nobody has read this'
    })
  })

  test('after the end gets nothing of it, whatever is told late', async () => {
    const { connect, id, invoke, write, end, ground, until } = await openWriting()
    const run = await invoke()
    write('gone')
    end()
    await until(id, 'run.completed')
    const events = await ground.log.last(`thread:${id}`, { limit: 2 })
    const alice = await connect('alice')
    await alice.join(id)

    for (const event_id of [events[0]!.id, 'evt_never_stored']) {
      const begun = { changed: 'stream.begun', event_id, run_id: run, target_type: 'message', author: writer }
      ground.log.signal(`thread:${id}`, JSON.stringify(begun))
      const written = { changed: 'stream.written', event_id, offset: 0, text: 'gone' }
      ground.log.signal(`thread:${id}`, JSON.stringify(written))
    }
    await alice.ask('message:send', { thread_id: id, draft: { content: [text('and?')] } })
    await alice.until('event')

    expect(alice.names).toEqual(['event message'])
  })

  test('to what is stored gets nothing of it, also while its run goes on', async () => {
    const [first, second] = [script(), script()]
    const { connect, id, invoke, ground, until } = await openWriting({}, async function* (_ctx, send) {
      yield send.message(first.text)
      yield send.message(second.text)
    })
    const run = await invoke()
    first.end()
    await until(id, 'message')
    const [{ id: event_id } = { id: '' }] = await ground.log.last(`thread:${id}`, { limit: 1 })
    const alice = await connect('alice')
    await alice.join(id)

    const begun = { changed: 'stream.begun', event_id, run_id: run, target_type: 'message', author: writer }
    ground.log.signal(`thread:${id}`, JSON.stringify(begun))
    second.end()
    await alice.until('event', 2)

    expect(alice.of('stream:start').map((start) => start.event_id)).not.toContain(event_id)
  })
})

// proves: threads.t34
test.each([
  ['cancelled', { code: 'cancelled', message: 'the run was cancelled' }, 'event run.cancelled'],
  ['timed out', { code: 'timeout', message: 'run exceeded 3s' }, 'event run.failed'],
  ['failed', { code: 'handler_error', message: 'overloaded' }, 'event run.failed'],
  ['stopped', { code: 'orphaned', message: 'the server was stopped' }, 'event run.failed'],
])('a stream whose run was %s ends with why, before the run does', async (how, error, last) => {
  const { connect, id, invoke, write, fail, clock, call, threads } = await openWriting({
    runTimeoutSeconds: 3,
  })
  const alice = await connect('alice')
  await alice.join(id)
  const run = await invoke()
  write('half of')
  await alice.until('stream:delta')

  if (how === 'cancelled') await call('alice', 'DELETE', `/runs/${run}`)
  if (how === 'timed out') await clock.advance(3_000)
  if (how === 'failed') fail(new Error('overloaded'))
  if (how === 'stopped') await threads.stop()
  await alice.until('event', 2)

  const [{ event_id }] = alice.of('stream:start')
  expect(alice.of('stream:end')).toEqual([{ event_id, thread_id: id, error }])
  expect(alice.names.filter((name) => !name.startsWith('run:updated')).slice(-2)).toEqual([
    'stream:end',
    last,
  ])
})

test('a thread that is deleted while somebody writes is gone, and so is the writer', async () => {
  const { connect, id, invoke, write, call, faults, one } = await openWriting()
  const alice = await connect('alice')
  await alice.join(id)
  await invoke()
  write('half of')
  await alice.until('stream:delta')

  await call('alice', 'DELETE', `/threads/${id}`)

  await alice.until('thread:left')
  await eventually(() => one.isClosed)
  expect(faults).toEqual([])
})
