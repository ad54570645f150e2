import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SessionEndContext } from '@parley/sessions'
import { eventually } from '@parley/testkit'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { isRunning } from './support/agents.js'
import { scriptedAgent } from './support/scripted-agent.js'
import { bothGrounds, sharedStage } from './support/shared-stage.js'
import { ask, demoSpawn, saidIn } from './support/stage.js'
import { openReceiver, type Receiver } from './support/webhook-receiver.js'

// biome-ignore lint/suspicious/noExplicitAny: tests look into events as clients do.
type Event = { type: string; data: any; timestamp: string }

describe.each(bothGrounds)('the end of a session on $name', (ground) => {
  const ends: SessionEndContext[] = []
  let hooks: Receiver
  beforeAll(async () => {
    hooks = await openReceiver()
  })
  afterAll(() => hooks.close())
  const stage = sharedStage(ground, {
    allowPrivateAddresses: true,
    onSessionEnd: async (context) => void ends.push(context),
  })
  const read = async (id: string) => (await stage().call('GET', `/agents/${id}`)).body
  const remove = (id: string) => stage().call('DELETE', `/agents/${id}`)
  const session = (more = {}) =>
    stage().session({ webhooks: [{ url: hooks.url, secret: 's', events: ['session_end'] }], ...more })
  const ended = (id: string) =>
    eventually(async () => {
      const one = await read(id)
      return one.status === 'killed' && one
    })
  const lastOf = (one: { logs: Event[] }) => one.logs.at(-1)
  /** What was told of the end, beside the log. */
  const told = async (id: string) => {
    const hook = await eventually(() => hooks.received.find(({ body }) => body.sessionId === id))
    const { reason, exitCode } = await eventually(() => ends.find((one) => one.session.id === id))
    return { reason, exitCode, hook: hook.body.event }
  }
  const onlyOnce = (id: string) => {
    expect(ends.filter((one) => one.session.id === id)).toHaveLength(1)
    expect(hooks.received.filter(({ body }) => body.sessionId === id)).toHaveLength(1)
  }

  // proves: sessions.s35
  test('comes when it is asked for, once', async () => {
    const id = await session()

    expect(await remove(id)).toMatchObject({ status: 200, body: { ok: true } })

    const one = await read(id)
    expect(one).toMatchObject({ status: 'killed', pendingPermission: null, promptQueue: null })
    expect(lastOf(one)).toMatchObject({ type: 'session.terminated', data: { exitCode: -1 } })
    expect(await remove(id)).toMatchObject({
      status: 409,
      body: { error: 'Cannot terminate an already-killed session' },
    })
    const nobody = crypto.randomUUID()
    expect(await remove(nobody)).toMatchObject({
      status: 404,
      body: { error: `Session "${nobody}" not found` },
    })
    expect(await told(id)).toMatchObject({ reason: 'terminated', hook: { type: 'session_end' } })
    onlyOnce(id)
  })

  // proves: sessions.s35
  test('comes once when several ask for it at the same time', async () => {
    const id = await session()

    const answers = await Promise.all([remove(id), remove(id), remove(id)])

    const statuses = answers.map(({ status }) => status)
    expect(statuses).toContain(200)
    expect(statuses.every((status) => status === 200 || status === 409)).toBe(true)
    const types = (await read(id)).logs.map(({ type }: Event) => type)
    expect(types.filter((type: string) => type === 'session.terminated')).toHaveLength(1)
    await told(id)
    onlyOnce(id)
  })

  // proves: sessions.s35
  test('ends every process of the agent, also those that ignore it', async () => {
    const id = await session()
    const pids = (await ask(stage(), id, 'tree')).match(/\d+/g)!.map(Number)
    expect(pids).toHaveLength(2)
    expect(pids.map(isRunning)).toEqual([true, true])

    await remove(id)

    await eventually(() => !pids.some(isRunning))
    expect((await read(id)).status).toBe('killed')
  })

  // proves: sessions.s35
  test('ends the running turn and what waits behind it', async () => {
    const id = await session()
    const turn = stage().prompt(id, 'ask')
    await eventually(async () => (await read(id)).pendingPermission)
    await stage().prompt(id, 'echo never')

    await remove(id)

    expect((await turn).status).toBeGreaterThanOrEqual(400)
    const one = await read(id)
    expect(one).toMatchObject({ status: 'killed', pendingPermission: null, promptQueue: null })
    expect(JSON.stringify(one.logs)).not.toContain('"text":"never"')
    expect((await stage().call('GET', `/agents/${id}/status`)).body).toEqual({
      processing: false,
      pendingPermission: false,
    })
    expect((await stage().call('GET', `/agents/${id}/queue`)).status).toBe(404)
  })

  // proves: sessions.s35
  test('comes over a socket as well', async () => {
    const id = await session()
    const peer = await stage().dial()
    onTestFinished(() => peer.terminate())
    await peer.subscribe(`session:${id}`)

    peer.send({ action: 'terminate', sessionId: id })

    expect(await peer.next(({ type }) => type === 'session.terminated')).toEqual({
      type: 'session.terminated',
      sessionId: id,
      agentId: id,
    })
    expect(await ended(id)).toMatchObject({ pendingPermission: null })
    expect((await remove(id)).status).toBe(409)
    expect(await told(id)).toMatchObject({ reason: 'terminated' })
  })

  // proves: sessions.s36
  test('comes with the end of the agent, with its exit code', async () => {
    const id = await session()
    const peer = await stage().dial()
    onTestFinished(() => peer.terminate())
    await peer.subscribe(`session:${id}`)

    const turn = await stage().prompt(id, 'crash')

    expect(turn.status).toBeGreaterThanOrEqual(400)
    const one = await ended(id)
    expect(lastOf(one)).toMatchObject({ type: 'session.terminated', data: { exitCode: 7 } })
    expect(one).toMatchObject({ pendingPermission: null, promptQueue: null })
    const { event } = await peer.next(({ event: told }) => told?.type === 'session.terminated')
    expect(event.data).toEqual(lastOf(one)?.data)
    expect(await told(id)).toMatchObject({
      reason: 'agent_exit',
      exitCode: 7,
      hook: { type: 'session_end', data: { exitCode: 7 } },
    })
    expect((await remove(id)).status).toBe(409)
    expect((await stage().prompt(id, 'echo x')).status).toBe(404)
    onlyOnce(id)
  })

  // proves: sessions.s36
  test('comes with an agent that leaves between two turns, and one that leaves while it asks', async () => {
    const leaves = await scriptedAgent(
      stage().cwd,
      `function on(message) {
        if (message.method !== 'session/prompt') return
        const [{ text }] = message.params.prompt
        if (text === 'ask') { ask('q', options); setTimeout(() => process.exit(5), 200) }
        else { reply(message, { stopReason: 'end_turn' }); setTimeout(() => process.exit(0), 20) }
      }`,
    )
    const [polite, rude] = [await session({ spawn: leaves }), await session({ spawn: leaves })]

    expect(await stage().prompt(polite, 'bye')).toMatchObject({ body: { stopReason: 'end_turn' } })
    const asking = stage().prompt(rude, 'ask')
    const { requestId } = await eventually(async () => (await read(rude)).pendingPermission)

    expect(lastOf(await ended(polite))).toMatchObject({ data: { exitCode: 0 } })
    expect(await told(polite)).toMatchObject({ reason: 'agent_exit', exitCode: 0 })
    expect((await asking).status).toBeGreaterThanOrEqual(400)
    expect(await ended(rude)).toMatchObject({ pendingPermission: null })
    expect(lastOf(await read(rude))).toMatchObject({ data: { exitCode: 5 } })
    const late = await stage().call('POST', `/agents/${rude}/permissions/${requestId}`, { optionId: 'yes' })
    expect(late.status).toBe(404)
  })

  // proves: sessions.s36
  test('comes with an agent that is killed, and takes along what that started', async () => {
    const id = await session()
    const pids = (await ask(stage(), id, 'tree')).match(/\d+/g)!.map(Number)

    expect((await stage().prompt(id, 'die')).status).toBeGreaterThanOrEqual(400)

    const one = await ended(id)
    expect(lastOf(one)).toMatchObject({ type: 'session.terminated', data: { exitCode: -1 } })
    await eventually(() => !pids.some(isRunning))
    expect(await told(id)).toMatchObject({ hook: { type: 'session_end' } })
  })

  // proves: sessions.s36
  test('does not come with an agent that is killed and can load its session: it goes on', async () => {
    const state = await mkdtemp(join(tmpdir(), 'parley-e2e-state-'))
    onTestFinished(() => rm(state, { recursive: true, force: true }))
    const id = await session({ spawn: demoSpawn('--load', '--state', state) })
    await stage().prompt(id, 'echo before')

    expect((await stage().prompt(id, 'die')).status).toBeGreaterThanOrEqual(400)

    const resumed = await eventually(async () =>
      (await stage().logs(id)).find(({ type }) => type === 'session.resumed'),
    )
    expect(resumed.data).toMatchObject({ how: 'load', acpSessionId: expect.any(String) })
    expect(await ask(stage(), id, 'echo after')).toBe('after')
    expect(await read(id)).toMatchObject({ status: 'active' })
    // What the agent tells again of its past is not told twice.
    expect(saidIn(await stage().logs(id))).toBe('beforeafter')
    expect(ends.filter((one) => one.session.id === id)).toEqual([])
    expect(await remove(id)).toMatchObject({ status: 200 })
  })

  // proves: sessions.s36
  test('of one agent is not the end of another', async () => {
    const [one, other] = [await session(), await session()]

    await stage().prompt(one, 'crash')
    await ended(one)

    expect(await ask(stage(), other, 'echo alive')).toBe('alive')
    expect((await read(other)).status).toBe('active')
  })
})
