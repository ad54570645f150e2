import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { people } from '../../plane.test.support.js'
import { text } from '../../protocol/index.js'
import { sqlThreadStore } from '../../store/index.js'
import type { RunRow } from '../../store/port.js'
import type { AssistantHandler } from './handler.js'
import { held, helper, quick, roomWith } from './room.test.support.js'

describe('a run', () => {
  // proves: threads.t12
  test('is started, emits in order under one id, and completes', async () => {
    const tools: AssistantHandler = async function* (ctx, send) {
      const history = await ctx.events()
      yield send.reasoning(`${history.length}`)
      const call = send.toolCall({ name: 'search', arguments: { q: 'x' } })
      yield call
      yield send.toolResult({ toolId: call.tool.id, result: 1 })
      yield send.message([text('done')], { kept: true })
    }
    const { invoke, over, ofRuns } = await roomWith({ tools })

    const { status, body } = await invoke(['tools'])
    const [run] = body.runs
    const ended = await over(run.id)

    expect(status).toBe(201)
    expect(run).toMatchObject({ status: 'pending', triggered_by: { id: 'u_alice' }, completed_at: null })
    expect(ended).toMatchObject({ status: 'completed', error: null })
    const events = await ofRuns()
    expect(events.map(({ type }) => type)).toEqual([
      'run.started',
      'reasoning',
      'tool.call',
      'tool.result',
      'message',
      'run.completed',
    ])
    expect(new Set(events.map(({ run_id }) => run_id))).toEqual(new Set([run.id]))
    expect(new Set(events.map(({ author }) => author.id))).toEqual(new Set(['tools']))
    expect(events.at(-2)).toMatchObject({ metadata: { kept: true } })
  })

  // proves: threads.t13
  test.each([
    [true, 'boom'],
    [false, 'handler failed'],
  ])('that throws has failed; exposeErrors %j says %s', async (exposeErrors, message) => {
    const fail: AssistantHandler = async function* (_ctx, send) {
      yield send.reasoning('x')
      throw new Error('boom')
    }
    const { invoke, over, ofRuns } = await roomWith({ fail }, { exposeErrors })

    const { body } = await invoke(['fail'])

    const error = { code: 'handler_error', message }
    expect(await over(body.runs[0].id)).toMatchObject({ status: 'failed', error })
    expect((await ofRuns()).at(-1)).toMatchObject({ type: 'run.failed', error })
  })

  test('may only emit what its own send has made', async () => {
    const forge: AssistantHandler = async function* () {
      yield { type: 'message', content: [text('forged')], metadata: {} }
    }
    const { invoke, over, ofRuns } = await roomWith({ forge })

    const { body } = await invoke(['forge'])

    expect(await over(body.runs[0].id)).toMatchObject({ status: 'failed', error: { code: 'handler_error' } })
    expect((await ofRuns()).map(({ type }) => type)).toEqual(['run.started', 'run.failed'])
  })

  // proves: threads.t14
  test('that hangs fails at its time limit, and the assistant can be started again', async () => {
    const { handler, release } = held()
    const room = await roomWith({ hang: handler }, { runTimeoutSeconds: 3 })
    const { body } = await room.invoke(['hang'])
    await eventually(async () => (await room.ofRuns()).length === 2)

    await room.clock.advance(3_000)

    const ended = await room.over(body.runs[0].id)
    expect(ended).toMatchObject({ status: 'failed', error: { code: 'timeout', message: 'run exceeded 3s' } })
    release()
    expect((await room.invoke(['hang'])).status).toBe(201)
    expect((await room.ofRuns()).filter(({ run_id }) => run_id === body.runs[0].id)).toHaveLength(3)
  })

  // proves: threads.t15
  test('that is cancelled ends once, and emits nothing after it', async () => {
    const { handler, release } = held()
    const room = await roomWith({ slow: handler })
    const { body } = await room.invoke(['slow'])
    const { id } = body.runs[0]
    await eventually(async () => (await room.ofRuns()).length === 2)

    const first = await room.call('bob', 'DELETE', `/runs/${id}`)
    const again = await room.call('bob', 'DELETE', `/runs/${id}`)
    release()

    expect([first.status, again.status]).toEqual([204, 204])
    expect(await room.over(id)).toMatchObject({ status: 'cancelled', error: null })
    expect((await room.invoke(['slow'])).status).toBe(201)
    const types = (await room.ofRuns()).filter(({ run_id }) => run_id === id).map(({ type }) => type)
    expect(types).toEqual(['run.started', 'reasoning', 'run.cancelled'])
  })

  // proves: threads.t27
  test('hands over what it tracked, also when it fails, and never in the log', async () => {
    const batches: unknown[] = []
    const track: AssistantHandler = async function* (ctx, send) {
      ctx.analytics.track('tokens', { n: 1 })
      ctx.analytics.track('cost')
      yield send.message([text('x')])
      throw new Error('boom')
    }
    const { invoke, over, ofRuns } = await roomWith(
      { track },
      { onAnalytics: (batch) => void batches.push(batch) },
    )

    const { body } = await invoke(['track'])
    await over(body.runs[0].id)

    await eventually(() => batches.length === 1)
    expect(batches).toMatchObject([
      [
        { name: 'tokens', properties: { n: 1 }, run_id: body.runs[0].id, assistant_id: 'track' },
        { name: 'cost', properties: {} },
      ],
    ])
    expect((await ofRuns()).map(({ type }) => type)).toEqual(['run.started', 'message', 'run.failed'])
  })
})

describe('an invocation', () => {
  // proves: threads.t11
  test('starts one run for each assistant, in the order asked, or nothing at all', async () => {
    const { invoke, call, id, threads, ofRuns, over } = await roomWith({ a: quick, b: quick })
    threads.assistant('outside', quick)
    const bad = async (ids: unknown) => {
      const { status, body } = await call('alice', 'POST', `/threads/${id}/invocations`, {
        assistant_ids: ids,
      })
      return [status, body.detail]
    }

    expect(await bad(['a', 'nobody'])).toEqual([404, 'assistant not registered: nobody'])
    expect(await bad(['a', 'outside'])).toEqual([403, 'assistant not a member of this thread: outside'])
    expect((await bad([]))[0]).toBe(400)
    expect((await bad(['']))[0]).toBe(400)
    expect(await ofRuns()).toEqual([])
    const { body } = await invoke(['b', 'a', 'b'])
    expect(body.runs.map(({ assistant }: { assistant: { id: string } }) => assistant.id)).toEqual(['b', 'a'])
    expect(body.reused).toEqual([])
    for (const run of body.runs) await over(run.id)
  })

  // proves: threads.t16
  test('of an assistant that is active answers its run', async () => {
    const { handler, release } = held()
    const { invoke, over } = await roomWith({ slow: handler })

    const first = await invoke(['slow'])
    const again = await invoke(['slow'])

    expect([first.status, again.status]).toEqual([201, 200])
    expect(again.body.runs[0].id).toBe(first.body.runs[0].id)
    expect(again.body.reused).toEqual([first.body.runs[0].id])
    release()
    await over(first.body.runs[0].id)
  })

  test('that may queue starts one more run when the active one ends', async () => {
    const { handler, release } = held()
    const { invoke, over, ofRuns } = await roomWith({ slow: handler })
    const first = await invoke(['slow'])

    for (let n = 0; n < 3; n++) await invoke(['slow'], { if_active: 'queue' })
    release()
    await over(first.body.runs[0].id)

    await eventually(async () => (await ofRuns()).filter(({ type }) => type === 'run.completed').length === 2)
    expect((await ofRuns()).filter(({ type }) => type === 'run.started')).toHaveLength(2)
  })

  // proves: threads.t17
  test('with a key is done once, whoever comes at the same time', async () => {
    const { invoke, over, call, id } = await roomWith({ a: quick, b: quick })
    const key = { idempotency_key: 'k1' }

    const pair = await Promise.all([invoke(['a', 'b'], key), invoke(['b', 'a'], key)])
    const ids = pair.map(({ body }) => body.runs.map((run: { id: string }) => run.id).toSorted())
    for (const runId of ids[0]) await over(runId)
    const replayed = await invoke(['a', 'b'], key)
    const swapped = await invoke(['b', 'a'], key)
    const other = await invoke(['a'], key)

    expect(ids[0]).toEqual(ids[1])
    expect(swapped.body.runs).toEqual(replayed.body.runs.toReversed())
    expect(new Set(ids[0]).size).toBe(2)
    expect(pair.map(({ status }) => status).toSorted()).toEqual([200, 201])
    expect(replayed.status).toBe(200)
    expect(replayed.body.runs.map(({ status }: { status: string }) => status)).toEqual([
      'completed',
      'completed',
    ])
    expect([other.status, other.body.error.code]).toEqual([409, 'conflict'])
    for (const broken of ['', 'x'.repeat(256)])
      expect(
        (
          await call('alice', 'POST', `/threads/${id}/invocations`, {
            assistant_ids: ['a'],
            idempotency_key: broken,
          })
        ).status,
      ).toBe(400)
  })

  // proves: threads.t18
  test('from a run starts another, triggered by the assistant, up to a depth', async () => {
    const refusals: string[] = []
    const ping: AssistantHandler = async function* (ctx, send) {
      try {
        await ctx.invoke(ctx.assistant.id === 'ping' ? 'pong' : 'ping')
      } catch (error) {
        refusals.push((error as Error).message)
      }
      // The other one finds this assistant free only once this run is over.
      yield send.message([text(ctx.assistant.id)])
    }
    const { invoke, ofRuns, over } = await roomWith({ ping, pong: ping })

    const { body } = await invoke(['ping'])
    await over(body.runs[0].id)

    const started = () => ofRuns().then((events) => events.filter(({ type }) => type === 'run.started'))
    await eventually(async () => (await started()).length >= 2)
    expect((await started())[1]).toMatchObject({ author: { id: 'pong' } })
  })
})

// proves: threads.t30
test('a run whose process died is failed as orphaned, and its assistant is free', async () => {
  const room = await roomWith({ slow: quick })
  const store = sqlThreadStore(room.ground.db)
  // What a killed process leaves: a row that says running, and nobody who renews it.
  const run: RunRow = {
    id: 'run_left',
    threadId: room.id,
    assistant: helper('slow'),
    triggeredBy: people.alice!,
    status: 'running',
    startedAt: 1,
    runningAt: 1,
    completedAt: null,
    error: null,
    idempotencyKey: null,
    metadata: {},
    depth: 0,
    queuedBy: null,
    leaseExpiresAt: 1,
  }
  await room.ground.log.commit({ ops: [store.insertRun(run)], appends: [] })
  expect((await room.invoke(['slow'])).body.reused).toEqual([run.id])

  await room.clock.advance(5_000)

  const error = { code: 'orphaned', message: 'the process that ran it is gone' }
  expect(await room.over(run.id)).toMatchObject({ status: 'failed', error })
  expect((await room.ofRuns()).at(-1)).toMatchObject({ type: 'run.failed', run_id: run.id, error })
  expect((await room.invoke(['slow'])).status).toBe(201)
})

test('a plane that stops fails its runs at once, those that have only just begun included', async () => {
  const { handler, release } = held()
  const room = await roomWith({ slow: handler, hang: handler })
  const { body: first } = await room.invoke(['slow'])
  await eventually(async () => (await room.ofRuns()).length === 2)
  const { body: second } = await room.invoke(['hang'])

  await room.threads.stop()
  release()

  const store = sqlThreadStore(room.ground.db)
  const error = { code: 'orphaned', message: 'the server was stopped' }
  for (const { id } of [first.runs[0], second.runs[0]])
    expect(await store.findRun(id)).toMatchObject({ status: 'failed', error })
})

// proves: threads.t26
test('a handler reads all of a long thread, or the latest', async () => {
  let seen: number[] = []
  const reader: AssistantHandler = async function* (ctx, send) {
    const all = await ctx.events()
    const latest = await ctx.events({ limit: 2, types: ['message'] })
    seen = [all.length, ...latest.map(({ seq }) => seq)]
    yield send.message([text(`${(await ctx.members()).length}`)])
  }
  const room = await roomWith({ reader }, { limits: { writesPer10Seconds: 5_000 } })
  const before = (await room.call('alice', 'GET', `/threads/${room.id}/events?limit=500`)).body.items.length
  for (let n = 0; n < 1_100; n++)
    await room.call('alice', 'POST', `/threads/${room.id}/messages`, { content: [text('x')] })

  const { body } = await room.invoke(['reader'])
  await room.over(body.runs[0].id)

  const last = before + 1_100
  // Its own `run.started` is there, too.
  expect(seen).toEqual([last + 1, last - 1, last])
})
