import { type FakeRuntime, fakeRuntime, localRuntime } from '@parley/sessions/runtimes'
import { eventually } from '@parley/testkit'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { openPeer } from './support/peer.js'
import { bothGrounds, sharedStage } from './support/shared-stage.js'
import { openStage, type Stage } from './support/stage.js'

type Instance = { name: string; status: string; websocketUrl?: string }

const instances = async (stage: Stage, type: string): Promise<Instance[]> => {
  const { body } = await stage.call('GET', '/runtimes')
  return body.find(({ typeName }: { typeName: string }) => typeName === type).instances
}
const instance = async (stage: Stage, type: string, name: string) =>
  (await instances(stage, type)).find((one) => one.name === name)
const statusOf = async (stage: Stage, id: string) => (await stage.call('GET', `/agents/${id}`)).body.status

describe.each(bothGrounds)('the instance of the local runtime on $name', (ground) => {
  const stage = sharedStage(ground)
  const post = (path: string, body?: unknown) => stage().call('POST', `/runtimes/${path}`, body)

  // proves: sessions.s05, sessions.s06
  test('is listed when it was started, under an address that can be dialled', async () => {
    expect(await stage().call('GET', '/runtimes')).toMatchObject({
      status: 200,
      body: [{ typeName: 'local', onlyOne: true, instances: [] }],
    })

    const started = await post('local/start')
    const again = await post('local/start', { name: 'local' })

    const running = {
      name: 'local',
      typeName: 'local',
      status: 'running',
      websocketUrl: expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\/ws/),
    }
    expect(started).toMatchObject({ status: 201, body: running })
    expect(started.body).toEqual(running)
    expect([again.status, again.body]).toEqual([201, started.body])
    expect((await stage().call('GET', '/runtimes')).body).toEqual([
      { typeName: 'local', onlyOne: true, instances: [started.body] },
    ])
    const headers = { authorization: 'Bearer alice' }
    const peer = await openPeer(started.body.websocketUrl, { headers })
    onTestFinished(() => peer.terminate())
    expect(await peer.next(() => true)).toMatchObject({ type: 'connected' })
  })

  // proves: sessions.s06
  test('has one name, and types have theirs', async () => {
    expect(await post('moon/start')).toMatchObject({
      status: 400,
      body: { error: 'Unknown runtime type: "moon". Available: local' },
    })
    expect(await post('local/start', { name: 'staging' })).toMatchObject({
      status: 400,
      body: { error: 'Runtime "local" only supports a single instance' },
    })
    // What is no JSON counts as nothing.
    expect(await post('local/start', '{"name":')).toMatchObject({ status: 201, body: { name: 'local' } })
  })

  // proves: sessions.s07
  test('can not be paused, and what is not there neither', async () => {
    await post('local/start')

    expect(await post('local/pause')).toMatchObject({
      status: 500,
      body: { error: 'Runtime "local" does not support pause' },
    })
    expect(await post('x/pause')).toMatchObject({
      status: 404,
      body: { error: 'Runtime instance "x" not found' },
    })
  })

  // proves: sessions.s08
  test('ends its sessions when it is stopped, in the middle of a turn as well', async () => {
    const ids = [await stage().session(), await stage().session()]
    const turn = stage().prompt(ids[0]!, 'wait')
    await eventually(async () => (await stage().call('GET', `/agents/${ids[0]}/status`)).body.processing)

    expect(await post('local/stop')).toMatchObject({ status: 200, body: { ok: true } })

    expect((await turn).status).toBeGreaterThanOrEqual(400)
    for (const id of ids) {
      const { body } = await stage().call('GET', `/agents/${id}`)
      expect(body).toMatchObject({ status: 'killed', pendingPermission: null, promptQueue: null })
      expect(body.logs.at(-1)).toMatchObject({ type: 'session.terminated' })
    }
    expect(await instance(stage(), 'local', 'local')).toEqual({
      name: 'local',
      typeName: 'local',
      status: 'stopped',
    })
    expect(await post('x/stop')).toMatchObject({
      status: 404,
      body: { error: 'Runtime instance "x" not found' },
    })
  })

  // proves: sessions.s06
  test('is started again by hand, and by a session that needs it', async () => {
    await post('local/start')
    expect(await instance(stage(), 'local', 'local')).toMatchObject({ status: 'running' })
    await post('local/stop')

    const id = await stage().session()

    expect(await instance(stage(), 'local', 'local')).toMatchObject({ status: 'running' })
    expect(await stage().prompt(id, 'echo here')).toMatchObject({ body: { stopReason: 'end_turn' } })
  })

  // proves: sessions.s09
  test('is gone from the list when it is deleted, with its sessions', async () => {
    const id = await stage().session()
    const remove = () => stage().call('DELETE', '/runtimes/local')

    expect(await remove()).toMatchObject({ status: 200, body: { ok: true } })

    expect(await instances(stage(), 'local')).toEqual([])
    expect(await statusOf(stage(), id)).toBe('killed')
    expect((await stage().call('DELETE', '/runtimes/x')).body).toEqual({
      error: 'Runtime instance "x" not found',
    })
    expect(await statusOf(stage(), await stage().session())).toBe('active')
  })
})

describe('a runtime of many instances', () => {
  let box: FakeRuntime
  let stage: Stage
  const post = (path: string, body?: unknown) => stage.call('POST', `/runtimes/${path}`, body)

  beforeEach(async () => {
    box = fakeRuntime()
    const opened = await openStage({
      runtimes: { local: localRuntime(), box },
      agentTemplates: [
        {
          id: 'boxed',
          name: 'Boxed',
          spawn: { command: 'scripted', args: [] },
          runtime: { provider: 'box' },
        },
      ],
    })
    stage = opened
    onTestFinished(async () => {
      await opened.close()
      expect(opened.faults, 'faults').toEqual([])
    })
  })
  const session = (runtimeInstance: string) =>
    stage.session({ spawn: undefined, agentTemplateId: 'boxed', runtimeInstance })

  // proves: sessions.s05
  test('is listed after its configuration, with the oldest instance first', async () => {
    expect((await stage.call('GET', '/runtimes')).body).toEqual([
      { typeName: 'local', onlyOne: true, instances: [] },
      { typeName: 'box', onlyOne: false, instances: [] },
    ])

    await post('box/start', { name: 'staging' })
    await post('box/start')

    expect((await instances(stage, 'box')).map(({ name, status }) => [name, status])).toEqual([
      ['staging', 'running'],
      ['box', 'running'],
    ])
  })

  // proves: sessions.s06
  test('takes a name of the caller, once among all types', async () => {
    expect(await post('box/start', { name: 'staging' })).toMatchObject({
      status: 201,
      body: { name: 'staging', typeName: 'box', status: 'running', websocketUrl: expect.any(String) },
    })
    expect((await post('moon/start')).body).toEqual({
      error: 'Unknown runtime type: "moon". Available: local, box',
    })
    expect((await post('box/start', { name: 'local' })).status).toBeGreaterThanOrEqual(400)
  })

  // proves: sessions.s07
  test('is paused and resumed with its sessions alive', async () => {
    await post('box/start', { name: 'staging' })
    const id = await session('staging')

    expect(await post('staging/pause')).toMatchObject({ status: 200, body: { ok: true } })
    expect(await instance(stage, 'box', 'staging')).toMatchObject({ status: 'paused' })
    expect(await statusOf(stage, id)).toBe('active')

    expect(await post('box/start', { name: 'staging' })).toMatchObject({
      status: 201,
      body: { status: 'running' },
    })
    expect(await instance(stage, 'box', 'staging')).toMatchObject({ status: 'running' })
    expect(await stage.prompt(id, 'echo still here')).toMatchObject({
      status: 200,
      body: { stopReason: 'end_turn' },
    })
    expect(await statusOf(stage, id)).toBe('active')
  })

  // proves: sessions.s08
  test('stops an instance with its sessions, and no other', async () => {
    for (const name of ['a', 'b']) await post('box/start', { name })
    const [ends, stays] = [await session('a'), await session('b')]

    expect(await post('a/stop')).toMatchObject({ status: 200, body: { ok: true } })

    expect([await statusOf(stage, ends), await statusOf(stage, stays)]).toEqual(['killed', 'active'])
    const list = await instances(stage, 'box')
    expect(list.map(({ name, status }) => [name, status])).toEqual([
      ['a', 'stopped'],
      ['b', 'running'],
    ])
    expect(list[0]).not.toHaveProperty('websocketUrl')
    // What was stopped while it was paused ends as well.
    await post('b/pause')
    await post('b/stop')
    expect(await statusOf(stage, stays)).toBe('killed')
  })

  // proves: sessions.s09
  test('forgets an instance that is deleted, and only that one', async () => {
    for (const name of ['a', 'b']) await post('box/start', { name })
    const id = await session('a')

    expect(await stage.call('DELETE', '/runtimes/a')).toMatchObject({ status: 200, body: { ok: true } })

    expect((await instances(stage, 'box')).map(({ name }) => name)).toEqual(['b'])
    expect([await statusOf(stage, id), box.hosts.has('a')]).toEqual(['killed', false])
    expect(await stage.call('DELETE', '/runtimes/a')).toMatchObject({
      status: 404,
      body: { error: 'Runtime instance "a" not found' },
    })
  })

  // proves: sessions.s05
  test('tells how its instances really are', async () => {
    await post('box/start', { name: 'a' })

    await box.pause?.('a')

    expect(await instance(stage, 'box', 'a')).toMatchObject({ status: 'paused' })
  })
})
