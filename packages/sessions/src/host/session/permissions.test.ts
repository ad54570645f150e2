import { eventually } from '@parley/testkit'
import { expect, test } from 'vitest'
import { rawAgent, shortly, TestHost } from './sessions.test.support.js'

async function asked(text: string, options: Parameters<typeof TestHost.open>[0] = {}, count = 1) {
  const host = await TestHost.open(options)
  await host.start()
  const { body } = await host.prompt(text)
  const requests = await host.until('permission_request', count)
  const answer = (index: number, response: unknown) =>
    host.call('POST', `/sessions/s1/permissions/${requests[index]?.requestId}`, response)
  return { host, requests, answer, turnId: body.turnId as string }
}

test('a question is told after its request, and its answer before the outcome', async () => {
  const { host, requests, answer, turnId } = await asked('ask')

  expect(requests[0]).toEqual({
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    toolCallId: 'ask-1',
    title: 'Change file 1',
    kind: 'edit',
    options: [
      { optionId: 'allow', name: 'Allow', kind: 'allow_once' },
      { optionId: 'always', name: 'Always allow', kind: 'allow_always' },
      { optionId: 'reject', name: 'Reject', kind: 'reject_once' },
    ],
  })
  expect(await answer(0, { optionId: 'always' })).toEqual({ status: 200, body: { ok: true } })
  await host.turnEnded(turnId)

  const order = shortly(host.events)
  const at = order.indexOf('session/request_permission request')
  expect(order[at + 1]).toBe('permission_request')
  const answered = order.indexOf('session/request_permission response')
  expect(order[answered + 1]).toBe('permission_approved')
  const response = { outcome: { outcome: 'selected', optionId: 'always' } }
  expect(host.of('permission_approved')).toEqual([{ requestId: requests[0]?.requestId, response }])
})

test('a rejecting option is told as rejected', async () => {
  const { host, answer } = await asked('ask')

  await answer(0, { optionId: 'reject' })

  expect(host.of('permission_approved')).toEqual([])
  expect(host.of('permission_rejected')).toMatchObject([{ response: { outcome: { optionId: 'reject' } } }])
})

test('a second answer, an unknown question and an option that was not offered are refused', async () => {
  const { host, requests, answer } = await asked('ask')

  expect(await answer(0, { optionId: 'other' })).toEqual({
    status: 400,
    body: { error: 'Unknown option "other"' },
  })
  expect(await answer(0, {})).toEqual({ status: 400, body: { error: 'Missing optionId or outcome field' } })
  expect((await answer(0, { outcome: 'cancelled' })).status).toBe(200)
  expect(await answer(0, { optionId: 'allow' })).toEqual({
    status: 404,
    body: { error: `Permission request ${requests[0]?.requestId} not found or already resolved` },
  })
  expect((await host.call('POST', '/sessions/s1/permissions/none', { optionId: 'allow' })).status).toBe(404)
  expect(host.of('permission_rejected')).toMatchObject([{ response: { outcome: { outcome: 'cancelled' } } }])
})

test.each([
  [0, 1],
  [1, 0],
])('two open questions are answered in any order (%i first)', async (first, second) => {
  const { host, answer, turnId } = await asked('ask 2', {}, 2)

  await answer(first, { optionId: 'allow' })
  await answer(second, { optionId: 'reject' })
  await host.turnEnded(turnId)

  const said = [`${first + 1}: allow\n`, `${second + 1}: reject\n`]
  const texts = host.rpc().flatMap((data) => {
    const { update } = (data.payload ?? {}) as { update?: { content?: { text?: string } } }
    return update?.content?.text ?? []
  })
  expect(texts).toEqual(said)
})

test('an open question does not block the other calls of the agent', async () => {
  const host = await TestHost.open()
  const code = `
    send({ id: 1, method: 'session/request_permission', params: { sessionId: 'raw',
      toolCall: { toolCallId: 't' }, options: [{ optionId: 'a', name: 'A', kind: 'allow_once' }] } })
    send({ id: 2, method: 'fs/read_text_file', params: { sessionId: 'raw', path: ${JSON.stringify(`${host.dir}/raw-agent.mjs`)}, limit: 1 } })
    onMessage = (message) => { if (message.id === 2) send({ id, result: { stopReason: 'end_turn' } }) }`
  await host.start([], { args: await rawAgent(host.dir, code) })

  const { body } = await host.prompt('go')
  await host.turnEnded(body.turnId)

  expect(host.of('permission_request')).toMatchObject([{ toolCallId: 't', title: 't' }])
  expect((await host.record()).permissions).toHaveLength(1)
})

test('cancelling the turn answers all open questions with cancelled', async () => {
  const { host, turnId } = await asked('ask 3', {}, 3)

  await host.call('POST', '/sessions/s1/cancel')

  expect((await host.turnEnded(turnId)).payload).toEqual({ stopReason: 'cancelled' })
  const outcomes = host.of('permission_rejected').map(({ response }) => response.outcome.outcome)
  expect(outcomes).toEqual(['cancelled', 'cancelled', 'cancelled'])
})

test('questions that are open when the session ends are told as cancelled, before its end', async () => {
  const { host } = await asked('ask 2', {}, 2)

  await host.call('POST', '/sessions/s1/terminate')

  const order = shortly(host.events)
  expect(order.filter((type) => type === 'permission_rejected')).toHaveLength(2)
  expect(order.at(-1)).toBe('session.terminated')
})

test('a session that approves by itself says with the question what it chose', async () => {
  const host = await TestHost.open()
  await host.start([], { autoApprove: true })

  expect(await host.say('ask 2')).toBe('1: allow\n2: allow\n')

  expect(host.of('permission_request')).toMatchObject([
    { toolCallId: 'ask-1', auto: { optionId: 'allow' } },
    { toolCallId: 'ask-2', auto: { optionId: 'allow' } },
  ])
  expect(host.of('permission_approved')).toHaveLength(2)
})

test('what can not be allowed is asked although the session approves by itself', async () => {
  const host = await TestHost.open()
  await host.start([], { autoApprove: true })
  await host.prompt('ask 1 no-allow')

  const [request] = await host.until('permission_request')

  expect(request.auto).toBeUndefined()
  expect(request.options).toEqual([{ optionId: 'reject', name: 'Reject', kind: 'reject_once' }])
})

test('switching approval on answers what is open already', async () => {
  const { host, turnId } = await asked('ask 2', {}, 2)
  expect((await host.call('GET', '/sessions/s1/settings')).body).toEqual({ autoApprovePermissions: false })

  const { body } = await host.call('PATCH', '/sessions/s1/settings', { autoApprovePermissions: true })

  expect(body).toEqual({ autoApprovePermissions: true })
  expect((await host.turnEnded(turnId)).payload).toEqual({ stopReason: 'end_turn' })
  expect(host.of('permission_approved')).toHaveLength(2)
  expect((await host.record()).autoApprove).toBe(true)
  for (const wrong of [{ autoApprovePermissions: 'no' }, {}, undefined])
    expect((await host.call('PATCH', '/sessions/s1/settings', wrong)).status).toBe(400)
})

test('past the limit a question is refused to the agent and shown to nobody', async () => {
  const { host, turnId } = await asked('ask 3', { limits: { openPermissions: 2 } }, 2)

  expect((await host.turnEnded(turnId)).payload).toMatchObject({ error: { code: -32000 } })
  expect(host.of('permission_request')).toHaveLength(2)
})

test('a malformed question is refused to the agent and shown to nobody', async () => {
  const host = await TestHost.open()
  const code = `
    send({ id: 'q', method: 'session/request_permission', params: { sessionId: 'raw', toolCall: {} } })
    onMessage = (message) => { update(String(message.error?.code)); send({ id, result: { stopReason: 'end_turn' } }) }`
  await host.start([], { args: await rawAgent(host.dir, code) })
  const { body } = await host.prompt('go')
  await host.turnEnded(body.turnId)

  expect(host.of('permission_request')).toEqual([])
  const refusal = host
    .rpc()
    .find(({ method, phase }) => method === 'session/request_permission' && phase === 'response')
  expect(refusal?.payload).toMatchObject({ error: { code: -32602 } })
  expect(await eventually(() => host.sessions.list()[0]?.status === 'idle')).toBe(true)
})
