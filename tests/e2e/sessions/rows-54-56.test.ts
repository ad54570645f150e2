// The global message queue (sections 2.10 and 5.3): also all that a mail gateway needs.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually } from '@parley/testkit'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { demoTemplate, isoTime, uuid } from './support/agents.js'
import { openStage, type Stage, saidIn, startTurn } from './support/stage.js'

let stage: Stage
beforeAll(async () => {
  const other = demoTemplate({ id: 'other', name: 'Other' })
  stage = await openStage({ agentTemplates: [demoTemplate(), other] })
})
beforeEach(() => stage.call('DELETE', '/message-queue'))
afterAll(async () => {
  await stage?.close()
  expect(stage.faults).toEqual([])
})

const messages = async () => (await stage.call('GET', '/message-queue')).body
const enqueue = (body: unknown) => stage.call('POST', '/message-queue', body)
const isSent = async (id: number) =>
  (await messages()).some((one: { id: number; status: string }) => one.id === id && one.status === 'sent')

/** Texts of the prompts of a session, in the order in which its turns began. */
async function promptsOf(id: string): Promise<string[]> {
  // The cast: the payload of an ACP prompt.
  type Prompt = { method: string; phase: string; payload: { prompt: { text: string }[] } }
  return (await stage.logs(id))
    .map(({ data }) => data as Prompt)
    .filter(({ method, phase }) => method === 'session/prompt' && phase === 'request')
    .map(({ payload }) => payload.prompt.map(({ text }) => text).join(''))
}

// proves: sessions.s54
it('keeps, lists, sends and removes messages', async () => {
  const id = await stage.session()
  expect(await messages()).toEqual([])
  const { status, body: first } = await enqueue({ text: 'echo first', sessionId: id })

  expect(status).toBe(201)
  expect(first).toEqual({
    id: expect.any(Number),
    sessionId: id,
    text: 'echo first',
    runtime: 'local',
    agent: 'Demo',
    agentTemplateId: 'demo',
    directory: null,
    status: 'pending',
    createdAt: expect.stringMatching(isoTime),
    sentAt: null,
  })
  await eventually(() => isSent(first.id))
  const [sent] = await messages()
  expect(sent).toEqual({ ...first, status: 'sent', sentAt: expect.stringMatching(isoTime) })
  expect(await promptsOf(id)).toEqual(['echo first'])

  // Oldest first, sent ones until they are removed; sending one that was sent sends it again.
  const { body: second } = await enqueue({
    text: 'echo second',
    sessionId: id,
    agent: 'Ann',
    agentTemplateId: 'other',
  })
  expect(second).toMatchObject({ agent: 'Ann', agentTemplateId: 'other' })
  await eventually(() => isSent(second.id))
  expect((await messages()).map(({ text }: { text: string }) => text)).toEqual(['echo first', 'echo second'])
  const again = await stage.call('POST', `/message-queue/${first.id}/send`)
  expect(again).toMatchObject({ status: 200, body: { stopReason: 'end_turn' } })
  expect(await promptsOf(id)).toEqual(['echo first', 'echo second', 'echo first'])

  expect(await stage.call('DELETE', `/message-queue/${first.id}`)).toMatchObject({
    status: 200,
    body: { ok: true },
  })
  expect((await messages()).map((one: { id: number }) => one.id)).toEqual([second.id])
  expect(await stage.call('DELETE', `/message-queue/${first.id}`)).toMatchObject({
    status: 200,
    body: { ok: true },
  })
  expect(await stage.call('DELETE', '/message-queue')).toMatchObject({ status: 200, body: { ok: true } })
  expect(await messages()).toEqual([])
})

// proves: sessions.s54
it('refuses what is no message', async () => {
  for (const body of [{}, { text: '' }, { text: '  \n' }, { text: 7 }])
    expect(await enqueue(body)).toMatchObject({ status: 400, body: { error: "Missing 'text' field" } })
  expect(await enqueue('{nope')).toMatchObject({ status: 400, body: { error: expect.any(String) } })
  for (const [method, path] of [
    ['POST', '/message-queue/x/send'],
    ['POST', '/message-queue/1.5/send'],
    ['DELETE', '/message-queue/x'],
  ] as const)
    expect(await stage.call(method, path)).toMatchObject({ status: 400, body: { error: 'Invalid id' } })
  expect(await stage.call('POST', '/message-queue/999999/send')).toMatchObject({
    status: 404,
    body: { error: 'Message not found' },
  })
  const unknown = '00000000-0000-4000-8000-000000000000'
  expect((await enqueue({ text: 'x', sessionId: unknown })).status).toBe(404)
  expect(await messages()).toEqual([])
})

// proves: sessions.s55, sessions.s72
it('makes a session for a text alone, and sends it there', async () => {
  const before = (await stage.call('GET', '/agents')).body.length
  // What a mail gateway does: one call.
  const { status, body } = await enqueue({ text: 'echo from a mail' })

  expect(status).toBe(201)
  expect(body).toMatchObject({
    sessionId: expect.stringMatching(uuid),
    text: 'echo from a mail',
    runtime: 'local',
    agent: 'Demo',
    agentTemplateId: 'demo',
    directory: null,
    status: 'pending',
  })
  await eventually(() => isSent(body.id))
  const session = await eventually(async () => {
    const { body: one } = await stage.call('GET', `/agents/${body.sessionId}`)
    return saidIn(one.logs) === 'from a mail' && one
  })
  expect(session).toMatchObject({
    agentName: 'Demo',
    status: 'active',
    title: 'echo from a mail',
    cwd: stage.cwd,
  })
  expect((await stage.call('GET', '/agents')).body).toHaveLength(before + 1)
})

// proves: sessions.s55
it('makes the session of the template and in the directory that were asked for', async () => {
  const directory = join(stage.cwd, 'asked')
  await mkdir(directory)
  const { body } = await enqueue({ text: 'cwd', agentTemplateId: 'other', directory })

  expect(body).toMatchObject({ agent: 'Other', agentTemplateId: 'other', directory })
  await eventually(async () => saidIn(await stage.logs(body.sessionId)) === directory)
  const { body: session } = await stage.call('GET', `/agents/${body.sessionId}`)
  expect(session).toMatchObject({ agentName: 'Other', cwd: directory })
})

// proves: sessions.s56
it('sends what waits for a busy session one per turn, in order, each once', async () => {
  const id = await stage.session()
  const turn = await startTurn(stage, id)
  const texts = ['echo 1', 'fail', 'refuse', 'ask', 'echo 5']
  const ids: number[] = []
  for (const text of texts) ids.push((await enqueue({ text, sessionId: id })).body.id)
  const states = async () => (await messages()).map(({ status }: { status: string }) => status)
  expect(await states()).toEqual(texts.map(() => 'pending'))
  expect(await promptsOf(id)).toEqual(['wait'])

  // Every end of a turn goes on: cancelled, done, failed, refused. A question holds them.
  await turn.cancel()
  const { pendingPermission } = await eventually(async () => {
    const { body } = await stage.call('GET', `/agents/${id}`)
    return body.pendingPermission && body
  })
  expect(await promptsOf(id)).toEqual(['wait', ...texts.slice(0, 4)])
  expect((await states()).at(-1)).toBe('pending')
  await stage.call('POST', `/agents/${id}/permissions/${pendingPermission.requestId}`, { optionId: 'allow' })
  await eventually(() => isSent(ids[4]!))
  await eventually(async () => saidIn(await stage.logs(id)).endsWith('5'))

  expect(await promptsOf(id)).toEqual(['wait', ...texts])
  expect(await states()).toEqual(texts.map(() => 'sent'))
  // One turn at a time: no request before the answer of the one before it.
  const phases = (await stage.logs(id))
    .filter(({ data }) => data.method === 'session/prompt')
    .map(({ data }) => data.phase)
  expect(phases.filter((_, at) => at % 2 === 0).every((phase) => phase === 'request')).toBe(true)
  expect(phases.filter((_, at) => at % 2 === 1).every((phase) => phase === 'response')).toBe(true)
})

// proves: sessions.s56
it('waits behind prompts that are queued, and is sent once although it is sent by hand meanwhile', async () => {
  const id = await stage.session()
  const turn = await startTurn(stage, id)
  await stage.prompt(id, 'echo queued')
  const { body: first } = await enqueue({ text: 'echo first', sessionId: id })
  const { body: second } = await enqueue({ text: 'echo second', sessionId: id })
  const byHand = stage.call('POST', `/message-queue/${second.id}/send`)
  await eventually(async () => (await stage.call('GET', `/agents/${id}/queue`)).body.size === 2)
  await turn.cancel()

  expect((await byHand).status).toBe(200)
  await eventually(async () => (await isSent(first.id)) && (await isSent(second.id)))
  await eventually(async () => !(await stage.call('GET', `/agents/${id}/status`)).body.processing)
  expect(await promptsOf(id)).toEqual(['wait', 'echo queued', 'echo second', 'echo first'])
})
