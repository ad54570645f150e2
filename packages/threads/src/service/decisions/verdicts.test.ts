import { eventually } from '@parley/testkit'
import { expect, test } from 'vitest'
import type { AssistantHandler, HandlerSend, ToolVerdict } from '../runs/handler.js'
import { deciding, told } from './decisions.test.support.js'

/** A handler that wants to run a tool, and what it was told. */
function calling(options: Partial<Parameters<HandlerSend['toolCall']>[0]> = {}) {
  const verdicts: ToolVerdict[] = []
  const handler: AssistantHandler = async function* (ctx, send) {
    const call = send.toolCall({
      name: 'deploy',
      arguments: {},
      id: 'call 1/2',
      metadata: { approval: 'required' },
      ...options,
    })
    yield call
    verdicts.push(await ctx.approval(call))
    yield send.toolResult({ toolId: call.tool.id, result: verdicts[0]?.approved })
  }
  return { handler, verdicts, path: encodeURIComponent('call 1/2') }
}

test.each(['approve', 'reject'])('somebody has to %s a call; then it is decided', async (verdict) => {
  const { handler, verdicts, path } = calling()
  const { invoke, found, over, decide } = await deciding({ clerk: handler })
  const { body } = await invoke(['clerk'])
  const call = await found('tool.call')

  const first = await decide('bob', path, verdict, { reason: 'because' })
  const second = await decide('alice', path, 'reject')

  const past = { approve: 'approved', reject: 'rejected' }[verdict]
  expect(first).toMatchObject({
    status: 200,
    body: {
      type: `tool.${past}`,
      tool: { id: 'call 1/2' },
      reason: 'because',
      target_id: call.id,
      run_id: null,
    },
  })
  expect(await over(body.runs[0].id)).toMatchObject({ status: 'completed' })
  expect(verdicts).toEqual([
    {
      approved: verdict === 'approve',
      status: past,
      by: expect.objectContaining({ id: 'u_bob' }),
      reason: 'because',
    },
  ])
  expect(told(second)).toEqual([409, `this tool call was ${past} by bob`])
})

test('a call expires at its deadline, with an event, and is not approved', async () => {
  const { handler, verdicts, path } = calling({ deadlineSeconds: 5 })
  const { invoke, found, over, decide, clock } = await deciding({ clerk: handler })
  const { body } = await invoke(['clerk'])
  const call = await found('tool.call')

  await clock.advance(5_001)
  await over(body.runs[0].id)

  expect(verdicts).toEqual([{ approved: false, status: 'expired', by: null, reason: null }])
  expect(await found('tool.expired')).toMatchObject({ target_id: call.id, tool: { id: 'call 1/2' } })
  expect((await decide('bob', path, 'approve')).status).toBe(409)
})

test('nobody agrees to what will never be done', async () => {
  const ask: AssistantHandler = async function* (_ctx, send) {
    yield send.toolCall({ name: 'x', arguments: 1, id: 'c1', metadata: { approval: 'required' } })
  }
  const { invoke, over, decide } = await deciding({ clerk: ask })
  const { body } = await invoke(['clerk'])
  await over(body.runs[0].id)

  expect(told(await decide('bob', 'c1', 'approve'))).toEqual([409, 'this tool call was withdrawn'])
})

test('ids of calls may come again in later runs, and once in each', async () => {
  const { handler, path } = calling()
  const { invoke, found, over, decide } = await deciding({
    clerk: handler,
    twice: async function* (_ctx, send) {
      const call = { name: 'x', arguments: 1, id: 'c1', metadata: { approval: 'required' } }
      yield send.toolCall(call)
      yield send.toolCall(call)
    },
  })
  for (const _ of [1, 2]) {
    const { body } = await invoke(['clerk'])
    await found('tool.call')
    await eventually(async () => (await decide('bob', path, 'approve')).status === 200)
    expect(await over(body.runs[0].id)).toMatchObject({ status: 'completed' })
  }

  const { body } = await invoke(['twice'])

  const error = { code: 'handler_error', message: 'This run has used the tool call id c1 already.' }
  expect(await over(body.runs[0].id)).toMatchObject({ status: 'failed', error })
})
