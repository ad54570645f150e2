import { openGround } from '@parley/kernel/ground'
import { describe, expect, onTestFinished, test } from 'vitest'
import { demoTemplate, uuid } from './support/agents.js'
import { bothGrounds, sharedStage } from './support/shared-stage.js'
import { demoSpawn, openStage, type StageOptions } from './support/stage.js'

const managed = [demoTemplate({ id: 'first', name: 'First' }), demoTemplate({ id: 'second', name: 'Second' })]

describe.each(bothGrounds)('health, settings and templates on $name', (ground) => {
  const stage = sharedStage(ground, { agentTemplates: managed })
  const templates = async () => (await stage().call('GET', '/agent-templates')).body
  const register = (body: unknown) => stage().call('POST', '/agent-templates', body)

  // proves: sessions.s01
  test('health counts every session that was made, those that ended too', async () => {
    const before = await stage().call('GET', '/health')
    const id = await stage().session()
    const during = await stage().call('GET', '/health')
    await stage().call('DELETE', `/agents/${id}`)

    expect(before).toMatchObject({ status: 200, body: { status: 'ok', sessions: expect.any(Number) } })
    expect(during.body).toEqual({ status: 'ok', sessions: before.body.sessions + 1 })
    expect((await stage().call('GET', '/health')).body).toEqual(during.body)
  })

  // proves: sessions.s02
  test('configured templates are listed first and in their order', async () => {
    await register({ name: 'Mine', spawn: demoSpawn() })

    const list = await templates()
    expect(list.slice(0, 2)).toEqual(managed)
    expect(list.slice(2).map(({ id }: { id: string }) => id)).toEqual(
      list.slice(2).map(() => expect.stringMatching(uuid)),
    )
  })

  // proves: sessions.s03
  test('a template is registered with what the contract keeps of it', async () => {
    const body = {
      name: 'Reviewer',
      spawn: { command: 'node', args: ['agent.js'] },
      runtime: { provider: 'local', setup: 'npm ci', env: { MODE: 'ci' }, image: 'x', unknown: 1 },
      env: { LOG: '1' },
      unknown: true,
    }
    const answer = await register(body)

    const template = {
      id: expect.stringMatching(uuid),
      name: 'Reviewer',
      spawn: { command: 'node', args: ['agent.js'] },
      runtime: { provider: 'local', setup: 'npm ci', env: { MODE: 'ci' } },
      env: { LOG: '1' },
    }
    expect(answer).toMatchObject({ status: 201, body: template })
    expect(answer.body).toEqual(template)
    expect((await templates()).at(-1)).toEqual(answer.body)
  })

  // proves: sessions.s03
  test('arguments and the runtime may be left out', async () => {
    const { status, body } = await register({ name: 'Short', spawn: { command: 'agent' } })

    expect([status, body.spawn, body.runtime]).toEqual([
      201,
      { command: 'agent', args: [] },
      { provider: 'local' },
    ])
  })

  // proves: sessions.s03
  test.each([
    ['no name', { spawn: { command: 'a' } }],
    ['an empty name', { name: '', spawn: { command: 'a' } }],
    ['no command', { name: 'A' }],
    ['an empty command', { name: 'A', spawn: { command: '' } }],
    ['an unknown provider', { name: 'A', spawn: { command: 'a' }, runtime: { provider: 'moon' } }],
  ])('a template with %s is refused', async (_, body) => {
    const before = await templates()

    const answer = await register(body)

    expect(answer).toMatchObject({ status: 400, body: { success: false, error: { name: 'ZodError' } } })
    expect(JSON.parse(answer.body.error.message)).toEqual(expect.arrayContaining([expect.any(Object)]))
    expect(await templates()).toEqual(before)
  })

  // proves: sessions.s03
  test('what is no JSON, or does not say so, is refused in the words of the contract', async () => {
    const broken = await register('{"name":')
    const typed = await stage().call(
      'POST',
      '/agent-templates',
      { name: 'A', spawn: { command: 'a' } },
      { headers: { 'content-type': 'text/plain' } },
    )

    expect(broken).toMatchObject({ status: 400, text: 'Malformed JSON in request body' })
    expect(typed).toMatchObject({ status: 400, body: { success: false, error: { name: 'ZodError' } } })
  })

  // proves: sessions.s04
  test('a template is changed: its runtime merged, its environment replaced', async () => {
    const runtime = { provider: 'local', setup: 'true', env: { A: '1' } }
    const { body: made } = await register({
      name: 'Old',
      spawn: demoSpawn(),
      runtime,
      env: { X: '1', Y: '1' },
    })
    const path = `/agent-templates/${made.id}`

    const patch = { name: 'New', runtime: { env: { B: '2' }, image: 'box:1' }, env: { Z: '3' } }
    const changed = await stage().call('PUT', path, patch)

    expect(changed.status).toBe(200)
    expect(changed.body).toEqual({
      ...made,
      name: 'New',
      runtime: { provider: 'local', setup: 'true', image: 'box:1', env: { B: '2' } },
      env: { Z: '3' },
    })
    expect(await templates()).toContainEqual(changed.body)
  })

  // proves: sessions.s04
  test('a change that fits nothing is refused and changes nothing', async () => {
    const { body: made } = await register({ name: 'Stays', spawn: demoSpawn() })
    const put = (id: string, body: unknown) => stage().call('PUT', `/agent-templates/${id}`, body)

    expect(await put('nobody', { name: 'X' })).toMatchObject({
      status: 404,
      body: { error: 'Agent template "nobody" not found' },
    })
    for (const body of [{ name: '' }, { spawn: { command: '' } }, { runtime: { provider: 'moon' } }])
      expect(await put(made.id, body)).toMatchObject({ status: 400, body: { success: false } })
    expect(await put(made.id, '{')).toMatchObject({ status: 400, text: 'Malformed JSON in request body' })
    expect(await templates()).toContainEqual(made)
  })

  // proves: sessions.s04
  test("users' templates can be deleted, configured ones not", async () => {
    const { body: made } = await register({ name: 'Goes', spawn: demoSpawn() })
    const remove = (id: string) => stage().call('DELETE', `/agent-templates/${id}`)

    expect(await remove(made.id)).toMatchObject({ status: 200, body: { ok: true } })
    expect(await remove(made.id)).toMatchObject({ status: 404 })
    expect((await remove('first')).status).toBeGreaterThanOrEqual(400)

    expect(await templates()).not.toContainEqual(made)
    expect((await templates()).slice(0, 2)).toEqual(managed)
  })
})

// proves: sessions.s01
test('health says that the store does not answer', async () => {
  const ground = await openGround()
  const stage = await openStage({ ground })
  onTestFinished(() => stage.close({}))
  await ground.close()

  const { status, body } = await stage.call('GET', '/health', undefined, { as: '' })

  expect([status, body]).toEqual([503, { status: 'degraded', error: 'This was closed already.' }])
})

// proves: sessions.s01
test('what is no route is not found, in the words of the contract', async () => {
  const stage = await openStage()
  onTestFinished(() => stage.close())

  for (const path of ['/sessions', '/nowhere', '/agents/1/prompt'])
    expect(await stage.call('POST', path, {})).toMatchObject({ status: 404, text: '404 Not Found' })
  expect(await stage.call('GET', '/agents/1/events')).toMatchObject({ status: 404, text: '404 Not Found' })
})

// proves: sessions.s02
test.each(bothGrounds)(
  'a template that leaves the configuration is forgotten, users keep theirs on $name',
  async (where) => {
    const { ground, close } = await where.open()
    onTestFinished(close)
    const open = async (options: StageOptions) => {
      const stage = await openStage({ ground, ...options })
      onTestFinished(() => stage.close())
      return stage
    }
    const before = await open({ agentTemplates: managed })
    const { body: mine } = await before.call('POST', '/agent-templates', { name: 'Mine', spawn: demoSpawn() })
    await before.close()

    const third = demoTemplate({ id: 'third', name: 'Third' })
    const after = await open({ agentTemplates: [third, { ...managed[1]!, name: 'Renamed' }] })

    expect((await after.call('GET', '/agent-templates')).body).toEqual([
      third,
      { ...managed[1], name: 'Renamed' },
      mine,
    ])
  },
)
