import { openGround } from '@parley/kernel/ground'
import { eventually, fakeClock } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { text } from '../../protocol/index.js'
import { sqlThreadStore } from '../../store/index.js'
import type { ThreadStore } from '../../store/port.js'
import type { AssistantHandler, FormAnswer, HandlerContext, HandlerSend } from '../runs/handler.js'
import { answerPart, deciding, formPart, schema, told } from './decisions.test.support.js'

/** A handler that asks with a form, and what it was told. */
function asking(options: Partial<Parameters<HandlerSend['form']>[0]> = {}) {
  const answers: FormAnswer[] = []
  const failures: unknown[] = []
  const waits: object[] = []
  const handler: AssistantHandler = async function* (ctx, send) {
    const asked = yield send.form({ schema, title: 'Who?', formId: 'f1', ...options }, { kept: true })
    try {
      const waiting = ctx.answer(asked)
      waits.push(waiting)
      answers.push(await waiting)
    } catch (error) {
      failures.push(error)
      throw error
    }
    yield send.message([text('thanks')])
  }
  /** Waits until the handler does. */
  const untilWaiting = () => eventually(() => waits.length === 1)
  return { handler, answers, failures, untilWaiting }
}

test('a handler is given the answer to its form, and goes on', async () => {
  const { handler, answers } = asking()
  const { send, invoke, found, over } = await deciding({ clerk: handler })
  const { body } = await invoke(['clerk'])
  const asked = await found('message')

  expect(asked).toMatchObject({
    content: [{ type: 'form', form_id: 'f1', title: 'Who?', status: 'pending' }],
    metadata: { kept: true },
  })
  expect((await send('bob', answerPart(asked.id))).status).toBe(201)
  expect(await over(body.runs[0].id)).toMatchObject({ status: 'completed' })
  expect(answers).toEqual([
    {
      status: 'submitted',
      values: { name: 'Ada' },
      by: expect.objectContaining({ id: 'u_bob', role: 'user' }),
    },
  ])
})

test('a cancelled form is an answer, too', async () => {
  const { handler, answers } = asking()
  const { send, invoke, found, over } = await deciding({ clerk: handler })
  const { body } = await invoke(['clerk'])
  const asked = await found('message')

  await send('bob', answerPart(asked.id, { status: 'cancelled', values: null }))

  await over(body.runs[0].id)
  expect(answers).toMatchObject([{ status: 'cancelled', values: null, by: { id: 'u_bob' } }])
})

test('waiting does not count against the limit of a run, working does', async () => {
  const { handler, answers, untilWaiting } = asking()
  const slow: AssistantHandler = async function* (ctx, send) {
    yield* handler(ctx, send)
    await new Promise(() => {})
  }
  const room = await deciding({ clerk: slow }, { runTimeoutSeconds: 3 })
  const { body } = await room.invoke(['clerk'])
  const asked = await room.found('message')
  await untilWaiting()

  // Not as long as a lease: nothing but the limit could end it.
  await room.clock.advance(9_000)
  expect((await room.call('bob', 'GET', `/runs/${body.runs[0].id}`)).body.status).toBe('running')
  await room.send('bob', answerPart(asked.id))
  await eventually(() => answers.length === 1)
  await eventually(async () => (await room.events()).filter(({ type }) => type === 'message').length === 3)
  await room.clock.advance(3_000)

  expect(await room.over(body.runs[0].id)).toMatchObject({ status: 'failed', error: { code: 'timeout' } })
})

test('a run that ends takes its questions along, and whoever waits is told why', async () => {
  const { handler, failures, untilWaiting } = asking()
  const { send, invoke, found, call, over } = await deciding({ clerk: handler })
  const { body } = await invoke(['clerk'])
  const asked = await found('message')
  const [run] = body.runs
  await untilWaiting()

  await call('alice', 'DELETE', `/runs/${run.id}`)
  await over(run.id)

  expect(told(await send('bob', answerPart(asked.id)))).toEqual([409, 'this form was withdrawn'])
  await eventually(() => failures.length === 1)
  expect(failures).toEqual([expect.any(Symbol)])
})

test('a plane that stops withdraws what its handlers wait for', async () => {
  const { handler, failures, untilWaiting } = asking()
  const room = await deciding({ clerk: handler })
  await room.invoke(['clerk'])
  await untilWaiting()

  await room.threads.stop()

  type Tables = { decisions: { state: string } }
  const rows = await room.ground.db.tables<Tables>().selectFrom('decisions').select('state').execute()
  expect(rows).toEqual([{ state: 'withdrawn' }])
  expect([failures.length, room.faults]).toEqual([1, []])
})

test('a node that did not keep its lease loses what its handlers wait for', async () => {
  const { handler, failures, untilWaiting } = asking()
  const clock = fakeClock()
  const ground = await openGround({ clock })
  onTestFinished(() => ground.close())
  const real = sqlThreadStore(ground.db)
  const store: ThreadStore = { ...real, renewRun: (id) => real.renewRun(id, 1) }
  const { send, invoke, found, call } = await deciding({ clerk: handler }, { ground, store })
  const { body } = await invoke(['clerk'])
  await untilWaiting()

  const run = await eventually(async () => {
    await clock.advance(1_000)
    const { body: now } = await call('alice', 'GET', `/runs/${body.runs[0].id}`)
    return now.completed_at && now
  })

  expect(run).toMatchObject({ status: 'failed', error: { code: 'orphaned' } })
  expect(told(await send('bob', answerPart((await found('message')).id)))).toEqual([
    409,
    'this form was withdrawn',
  ])
  await eventually(() => failures.length === 1)
})

test('a form that nobody waited for outlives its run', async () => {
  const ask: AssistantHandler = async function* (_ctx, send) {
    yield send.form({ schema, formId: 'f1' })
  }
  const { send, invoke, found, over } = await deciding({ clerk: ask })
  const { body } = await invoke(['clerk'])
  await over(body.runs[0].id)

  expect((await send('bob', answerPart((await found('message')).id))).status).toBe(201)
})

test('a form expires at its deadline, with an event, and the handler goes on', async () => {
  const { handler, answers } = asking({ deadlineSeconds: 5 })
  const { send, invoke, found, over, clock } = await deciding({ clerk: handler })
  const { body } = await invoke(['clerk'])
  const asked = await found('message')

  // One more: a sleep that begins between two milliseconds ends after the next.
  await clock.advance(5_001)

  expect(await over(body.runs[0].id)).toMatchObject({ status: 'completed' })
  expect(answers).toEqual([{ status: 'expired', values: null, by: null }])
  expect(await found('form.expired')).toMatchObject({
    target_id: asked.id,
    form_id: 'f1',
    author: { role: 'system', id: 'parley' },
  })
  expect(told(await send('bob', answerPart(asked.id)))).toEqual([
    409,
    'this form can not be answered any more: its time is over',
  ])
})

test('an assistant answers the form of a person as anybody does, and a second answer fails its run', async () => {
  const answer: AssistantHandler = async function* (ctx, send) {
    const [asked] = await ctx.events({ types: ['message'] })
    for (let n = 0; n < 2; n++) yield send.message([answerPart(asked!.id)])
  }
  const { send, invoke, over } = await deciding({ clerk: answer })
  await send('alice', formPart())

  const { body } = await invoke(['clerk'])

  const error = { code: 'handler_error', message: 'this form was answered by clerk' }
  expect(await over(body.runs[0].id)).toMatchObject({ status: 'failed', error })
})

test.each<[string, (ctx: HandlerContext) => Promise<unknown>]>([
  ['answer', (ctx) => ctx.answer({ id: 'evt_nowhere' })],
  ['approval', (ctx) => ctx.approval({ tool: { id: 'call_nowhere' } })],
])('waiting for an %s that was not asked for fails at once', async (_, wait) => {
  const hopeful: AssistantHandler = async function* (ctx, send) {
    await wait(ctx)
    yield send.message([text('never')])
  }
  const { invoke, over } = await deciding({ clerk: hopeful })
  const { body } = await invoke(['clerk'])

  const error = { code: 'handler_error', message: expect.stringMatching(/^Nothing to wait for/) }
  expect(await over(body.runs[0].id)).toMatchObject({ status: 'failed', error })
})
