import { openGround } from '@parley/kernel/ground'
import type { PermissionRequestContext, PermissionResponse } from '@parley/sessions'
import { fakeRuntime } from '@parley/sessions/runtimes'
import { eventually } from '@parley/testkit'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { demoTemplate, isoTime } from './support/agents.js'
import { bothGrounds, sharedStage } from './support/shared-stage.js'
import { openStage, type Stage, saidIn } from './support/stage.js'

// biome-ignore lint/suspicious/noExplicitAny: tests look into events as clients do.
type Event = { type: string; data: any; timestamp: string }

/** What clients are told of a question: nothing of one that nobody was asked. */
const questions = async (stage: Stage, id: string) =>
  ((await stage.logs(id)) as Event[]).filter(({ type }) => type.startsWith('permission_'))

describe.each(bothGrounds)('auto-approve on $name', (ground) => {
  const stage = sharedStage(ground)
  const call = (method: string, path: string, body?: unknown) => stage().call(method, path, body)
  const said = async (id: string) => saidIn(await stage().logs(id))
  const pending = async (id: string) => (await call('GET', `/agents/${id}`)).body.pendingPermission

  beforeEach(() => call('PATCH', '/settings', { autoApprovePermissions: false }).then(() => undefined))

  // proves: sessions.s32
  test('of a session lets the agent proceed without anybody', async () => {
    const id = await stage().session()
    const path = `/agents/${id}/settings`
    expect(await call('GET', path)).toMatchObject({ status: 200, body: { autoApprovePermissions: false } })

    expect(await call('PATCH', path, { autoApprovePermissions: true })).toMatchObject({
      status: 200,
      body: { autoApprovePermissions: true },
    })
    const { body } = await stage().prompt(id, 'ask 2')

    expect(body).toMatchObject({ stopReason: 'end_turn' })
    expect((await said(id)).trim().split('\n').sort()).toEqual(['1: allow', '2: allow'])
    expect((await call('GET', path)).body).toEqual({ autoApprovePermissions: true })
    expect((await questions(stage(), id)).map(({ type }) => type)).toEqual([
      'permission_approved',
      'permission_approved',
    ])
    const { permissions } = (await call('GET', `/agents/${id}/permissions`)).body
    expect(permissions).toMatchObject([
      { state: 'answered', optionId: 'allow', automatic: true },
      { state: 'answered', optionId: 'allow', automatic: true },
    ])
    // Another session is asked.
    const other = await stage().session()
    void stage().prompt(other, 'ask')
    expect(await eventually(() => pending(other))).toMatchObject({ title: 'Change file 1' })
    await call('DELETE', `/agents/${other}`)
  })

  // proves: sessions.s32
  test('of all sessions counts for those that run', async () => {
    const id = await stage().session()

    expect(await call('PATCH', '/settings', { autoApprovePermissions: true })).toMatchObject({
      status: 200,
      body: { autoApprovePermissions: true },
    })
    expect((await call('GET', '/settings')).body).toEqual({ autoApprovePermissions: true })
    await stage().prompt(id, 'ask')
    expect(await said(id)).toBe('1: allow\n')
    expect((await call('GET', `/agents/${id}/settings`)).body).toEqual({ autoApprovePermissions: false })

    // And no longer, when it is switched off.
    await call('PATCH', '/settings', { autoApprovePermissions: false })
    const turn = stage().prompt(id, 'ask')
    const { requestId } = await eventually(() => pending(id))
    await call('POST', `/agents/${id}/permissions/${requestId}`, { optionId: 'reject' })
    await turn
    expect(await said(id)).toBe('1: allow\n1: reject\n')
  })

  // proves: sessions.s32
  test('without an option that allows somebody is asked', async () => {
    const id = await stage().session()
    await call('PATCH', `/agents/${id}/settings`, { autoApprovePermissions: true })

    const turn = stage().prompt(id, 'ask 1 no-allow')
    const { requestId, options } = await eventually(() => pending(id))

    expect(options).toEqual([{ optionId: 'reject', name: 'Reject', kind: 'reject_once' }])
    await call('POST', `/agents/${id}/permissions/${requestId}`, { optionId: 'reject' })
    await turn
    expect(await said(id)).toBe('1: reject\n')
  })

  // proves: sessions.s32
  test.each([
    ['of the session', (id: string) => `/agents/${id}/settings`],
    ['of all sessions', () => '/settings'],
  ])('%s answers what was open before it was switched on', async (_, path) => {
    const id = await stage().session()
    const turn = stage().prompt(id, 'ask 2')
    await eventually(async () => (await questions(stage(), id)).length === 2)

    await call('PATCH', path(id), { autoApprovePermissions: true })

    expect(await turn).toMatchObject({ body: { stopReason: 'end_turn' } })
    expect((await said(id)).trim().split('\n').sort()).toEqual(['1: allow', '2: allow'])
    expect(await pending(id)).toBeNull()
  })

  // proves: sessions.s32
  test('settings of a session take a boolean and ignore everything else', async () => {
    const id = await stage().session()
    const path = `/agents/${id}/settings`

    for (const body of [{ autoApprovePermissions: 'no' }, { autoApprovePermissions: 1 }, { other: true }, {}])
      expect(await call('PATCH', path, body)).toMatchObject({
        status: 200,
        body: { autoApprovePermissions: false },
      })
    expect(await call('PATCH', path, '{')).toMatchObject({ status: 400, body: { error: expect.any(String) } })
    for (const method of ['GET', 'PATCH'])
      expect(
        await call(method, `/agents/${crypto.randomUUID()}/settings`, method === 'PATCH' ? {} : undefined),
      ).toMatchObject({ status: 404, body: { error: 'Agent not found' } })
  })

  // proves: sessions.s32
  test('settings of all sessions take a boolean, and nothing else at all', async () => {
    for (const autoApprovePermissions of ['no', 1, null, [], {}]) {
      const refused = await call('PATCH', '/settings', { autoApprovePermissions })
      expect([refused.status, refused.body]).toEqual([400, { error: expect.any(String) }])
    }
    expect((await call('PATCH', '/settings', '{')).status).toBe(400)

    const { status, body } = await call('PATCH', '/settings', { theme: 'dark' })

    expect([status, body]).toEqual([200, { autoApprovePermissions: false }])
    expect((await call('GET', '/settings')).body).toEqual({ autoApprovePermissions: false })
  })
})

// proves: sessions.s32
test.each(bothGrounds)('settings are still there after a restart on $name', async (where) => {
  const { ground, close } = await where.open()
  onTestFinished(close)
  const open = async () => {
    const stage = await openStage({ ground })
    onTestFinished(() => stage.close())
    return stage
  }
  const before = await open()
  await before.call('PATCH', '/settings', { autoApprovePermissions: true })
  await before.close()

  const after = await open()

  expect((await after.call('GET', '/settings')).body).toEqual({ autoApprovePermissions: true })
  const id = await after.session()
  await after.prompt(id, 'ask')
  expect(saidIn(await after.logs(id))).toBe('1: allow\n')
})

// proves: sessions.s32
test('settings of a session are still there after a restart', async () => {
  const ground = await openGround()
  onTestFinished(() => ground.close())
  const box = fakeRuntime()
  const open = async () => {
    const stage = await openStage({ ground, runtimes: { box } })
    onTestFinished(() => stage.close())
    return stage
  }
  const before = await open()
  await before.call('POST', '/runtimes/box/start')
  const id = await before.session()
  await before.call('PATCH', `/agents/${id}/settings`, { autoApprovePermissions: true })
  await before.close({})

  const after = await open()

  expect((await after.call('GET', `/agents/${id}/settings`)).body).toEqual({ autoApprovePermissions: true })
  expect(await after.prompt(id, 'ask')).toMatchObject({ status: 200, body: { stopReason: 'end_turn' } })
})

describe('a handler of questions', () => {
  let stage: Stage
  let asked: PermissionRequestContext[]
  let handle: (context: PermissionRequestContext) => Promise<PermissionResponse | undefined>

  beforeAll(async () => {
    stage = await openStage({
      agentTemplates: [demoTemplate()],
      onPermissionRequest: (context) => {
        asked.push(context)
        return handle(context)
      },
    })
  })
  beforeEach(() => {
    asked = []
  })
  afterAll(() => stage?.close())
  const session = () => stage.session({ spawn: undefined, agentTemplateId: 'demo' })
  const pending = async (id: string) => (await stage.call('GET', `/agents/${id}`)).body.pendingPermission
  const said = async (id: string) => saidIn(await stage.logs(id))
  const shown = async (id: string) =>
    (await questions(stage, id)).filter(({ type }) => type === 'permission_request')

  // proves: sessions.s33
  test('is told what is asked, and where', async () => {
    handle = async ({ allow }) => allow()
    const id = await session()

    await stage.prompt(id, 'ask')

    const { body } = await stage.call('GET', `/agents/${id}`)
    const [{ allow, deny, ...context }] = asked as [PermissionRequestContext]
    expect(context).toEqual({
      session: {
        id,
        agentName: 'Demo',
        runtime: 'local',
        spawn: body.spawn,
        startedAt: expect.stringMatching(isoTime),
      },
      requestId: expect.any(String),
      toolCallId: 'ask-1',
      title: 'Change file 1',
      kind: 'edit',
      options: [
        { optionId: 'allow', name: 'Allow', kind: 'allow_once' },
        { optionId: 'always', name: 'Always allow', kind: 'allow_always' },
        { optionId: 'reject', name: 'Reject', kind: 'reject_once' },
      ],
    })
    expect([allow(), deny()]).toEqual([{ optionId: 'allow' }, { optionId: 'reject' }])
  })

  // proves: sessions.s33
  test.each([
    ['allows', async ({ allow }: PermissionRequestContext) => allow(), 'ask', 'allow', 'permission_approved'],
    ['denies', async ({ deny }: PermissionRequestContext) => deny(), 'ask', 'reject', 'permission_rejected'],
    ['chooses an option', async () => ({ optionId: 'always' }), 'ask', 'always', 'permission_approved'],
    ['cancels', async () => ({ outcome: 'cancelled' as const }), 'ask', 'cancelled', 'permission_rejected'],
    [
      'allows what can only be rejected',
      async ({ allow }: PermissionRequestContext) => allow(),
      'ask 1 no-allow',
      'cancelled',
      'permission_rejected',
    ],
  ])('that %s answers before anybody sees the question', async (_, handler, prompt, word, type) => {
    handle = handler
    const id = await session()

    expect(await stage.prompt(id, prompt)).toMatchObject({ body: { stopReason: 'end_turn' } })

    expect(await said(id)).toBe(`1: ${word}\n`)
    expect((await questions(stage, id)).map((event) => event.type)).toEqual([type])
    expect(await pending(id)).toBeNull()
  })

  // proves: sessions.s33
  test.each([
    ['says nothing', async () => undefined],
    ['throws', () => Promise.reject(new Error('the handler broke'))],
    ['chooses what was not offered', async () => ({ optionId: 'moon' })],
  ])('that %s leaves the question to people', async (_, handler) => {
    handle = handler
    const id = await session()

    const turn = stage.prompt(id, 'ask')
    const { requestId } = await eventually(() => pending(id))

    expect(await shown(id)).toMatchObject([{ data: { requestId, title: 'Change file 1' } }])
    await stage.call('POST', `/agents/${id}/permissions/${requestId}`, { optionId: 'allow' })
    expect(await turn).toMatchObject({ body: { stopReason: 'end_turn' } })
    expect(await said(id)).toBe('1: allow\n')
    expect(asked).toHaveLength(1)
  })

  // proves: sessions.s33
  test('that takes its time is waited for, and holds up nobody else', async () => {
    let decide: (response: PermissionResponse) => void = () => {}
    const decided = new Promise<PermissionResponse>((resolve) => {
      decide = resolve
    })
    const slow = await session()
    const quick = await session()
    handle = ({ session: { id }, allow }) => (id === slow ? decided : Promise.resolve(allow()))
    const waiting = stage.prompt(slow, 'ask')
    await eventually(() => asked.length === 1)

    expect(await stage.prompt(quick, 'ask')).toMatchObject({ body: { stopReason: 'end_turn' } })
    expect(await said(quick)).toBe('1: allow\n')
    expect(await shown(slow)).toEqual([])

    decide({ optionId: 'reject' })
    await waiting
    expect(await said(slow)).toBe('1: reject\n')
  })

  // proves: sessions.s33
  test('is not asked what auto-approve answers', async () => {
    handle = async ({ deny }) => deny()
    const id = await session()
    await stage.call('PATCH', `/agents/${id}/settings`, { autoApprovePermissions: true })

    await stage.prompt(id, 'ask')

    expect(await said(id)).toBe('1: allow\n')
    expect(asked).toEqual([])
  })
})
