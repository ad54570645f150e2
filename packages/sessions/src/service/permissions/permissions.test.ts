import type { Principal } from '@parley/kernel/principal'
import { eventually } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import type { PendingPermission } from '../../protocol/index.js'
import type { SessionRow } from '../../store/port.js'
import { type FakeHost, linkedHost } from '../hosts/fake-host.test.support.js'
import {
  addSession,
  eventsOf,
  type Node,
  type NodeOptions,
  openNode,
  startNode,
} from '../hosts/hosts.test.support.js'
import { permissionsStreamOf } from '../intake/streams.js'

const ann: Principal = {
  kind: 'user',
  id: 'ann',
  name: 'Ann',
  tenant: { org: 'a' },
  scopes: ['sessions:use'],
}
const bob: Principal = { ...ann, id: 'bob', name: 'Bob' }

const request = (requestId = 'r1', more: Partial<PendingPermission> = {}): PendingPermission => ({
  requestId,
  toolCallId: 'call',
  title: 'Write a file',
  kind: 'edit',
  options: [
    { optionId: 'no', name: 'No', kind: 'reject_once' },
    { optionId: 'yes', name: 'Yes', kind: 'allow_once' },
    { optionId: 'always', name: 'Always', kind: 'allow_always' },
  ],
  ...more,
})

type Opened = Awaited<ReturnType<typeof openNode>> & {
  session: SessionRow
  host: FakeHost
  ask(data: object): Promise<void>
}

async function open(options: NodeOptions & { session?: Partial<SessionRow> } = {}): Promise<Opened> {
  const node = await openNode(options)
  const session = await addSession(node, options.session)
  const host = await linkedHost({
    url: node.url,
    sessions: [session.id],
    answer: () => ({ status: 200, body: { ok: true } }),
  })
  const ask = async (data: object) => {
    host.event(session.id, { type: 'permission_request', data: { ...data } })
    await host.acked()
  }
  return { ...node, session, host, ask }
}

const typesOf = async (node: Pick<Node, 'ground'>, id: string) =>
  (await eventsOf(node, id)).map(({ type }) => type)
const answersTo = (host: FakeHost) => host.requests.filter(({ path }) => path.includes('/permissions/'))

describe('a request', () => {
  it('is shown, stays open, and is answered once: the host learns of it', async () => {
    const node = await open()
    const { session, permissions, host, store } = node
    await node.ask(request())
    expect(await typesOf(node, session.id)).toEqual(['permission_request'])
    expect(await permissions.list(session)).toMatchObject([{ ...request(), state: 'open' }])

    await permissions.resolve(ann, session, 'r1', { optionId: 'no' }, 'rest')

    await eventually(() => answersTo(host).length === 1)
    expect(answersTo(host)[0]).toMatchObject({
      method: 'POST',
      path: `/sessions/${session.id}/permissions/r1`,
      body: { optionId: 'no' },
    })
    await eventually(async () => (await store.calls.list('h1')).length === 0)
    const [, responded] = await eventsOf(node, session.id)
    expect(responded).toMatchObject({
      type: 'permission_responded',
      data: { requestId: 'r1', optionId: 'no' },
    })
    expect(await permissions.list(session)).toMatchObject([
      {
        state: 'answered',
        optionId: 'no',
        answeredBy: { kind: 'user', id: 'ann', name: 'Ann' },
        automatic: false,
      },
    ])
    await expect(permissions.resolve(bob, session, 'r1', { optionId: 'yes' }, 'rest')).rejects.toMatchObject({
      code: 'sessions.permission_not_found',
      message: 'Permission resolve failed (404): Permission request r1 not found or already resolved',
    })
  })

  it('can be cancelled, and the record says by whom', async () => {
    const node = await open()
    const { session, permissions, host } = node
    await node.ask(request())

    await permissions.resolve(ann, session, 'r1', { outcome: 'cancelled' }, 'rest')

    await eventually(() => answersTo(host).length === 1)
    expect(answersTo(host)[0]?.body).toEqual({ outcome: 'cancelled' })
    expect((await eventsOf(node, session.id)).at(-1)).toMatchObject({
      type: 'permission_cancelled',
      data: { requestId: 'r1', outcome: 'cancelled' },
    })
    expect(await permissions.list(session)).toMatchObject([{ state: 'cancelled', answeredBy: { id: 'ann' } }])
  })

  it('answered over a socket adds nothing to the stream of the session', async () => {
    const node = await open()
    await node.ask(request())

    await node.permissions.resolve(ann, node.session, 'r1', { optionId: 'yes' }, 'socket')

    expect(await typesOf(node, node.session.id)).toEqual(['permission_request'])
    const { events } = await node.ground.log.read(permissionsStreamOf(node.session.id), { after: 0 })
    expect(events.map(({ type, actor }) => [type, actor.id])).toEqual([
      ['permission.asked', node.session.id],
      ['permission.answered', 'ann'],
    ])
  })

  it('answered by two at once is answered by one', async () => {
    const node = await open()
    const { session, permissions } = node
    for (let round = 0; round < 5; round++) {
      await node.ask(request(`r${round}`))
      const tries = await Promise.allSettled([
        permissions.resolve(ann, session, `r${round}`, { optionId: 'yes' }, 'rest'),
        permissions.resolve(bob, session, `r${round}`, { optionId: 'no' }, 'rest'),
      ])
      expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    }
    expect((await typesOf(node, session.id)).filter((type) => type === 'permission_responded')).toHaveLength(
      5,
    )
  })

  it('takes only what was offered', async () => {
    const { session, permissions, ask } = await open()
    await ask(request())

    for (const body of [{}, { optionId: '' }, { outcome: 'maybe' }, null, 'yes'])
      await expect(permissions.resolve(ann, session, 'r1', body, 'rest')).rejects.toMatchObject({
        status: 400,
        message: 'Missing optionId or outcome field',
      })
    await expect(
      permissions.resolve(ann, session, 'r1', { optionId: 'maybe' }, 'rest'),
    ).rejects.toMatchObject({ status: 400 })
    for (const id of ['r2', 'a\0b'])
      await expect(permissions.resolve(ann, session, id, { optionId: 'yes' }, 'rest')).rejects.toMatchObject({
        status: 404,
      })
  })

  it('is one of several that wait, each with an answer of its own', async () => {
    const { session, permissions, ask, store } = await open()
    for (const id of ['a', 'b', 'c']) await ask(request(id))

    await permissions.resolve(ann, session, 'b', { optionId: 'yes' }, 'rest')

    expect((await store.permissions.listOpen([session.id])).map(({ requestId }) => requestId)).toEqual([
      'a',
      'c',
    ])
  })

  it('that is answered while the host is away reaches it when it is back', async () => {
    const node = await open()
    const { session, permissions, host, url, store } = node
    await node.ask(request())
    await host.left()

    await permissions.resolve(ann, session, 'r1', { optionId: 'yes' }, 'rest')

    expect(await store.calls.list('h1')).toHaveLength(1)
    const back = await linkedHost({
      url,
      sessions: [session.id],
      n: 1,
      oldest: 2,
      answer: () => ({ status: 200 }),
    })
    await eventually(() => answersTo(back).length === 1)
  })

  it('is over when its host says so', async () => {
    const node = await open()
    const { session, host, permissions } = node
    await node.ask(request('a'))
    await node.ask(request('b'))
    const outcome = (inner: object) => ({ response: { outcome: inner } })

    host.event(session.id, {
      type: 'permission_rejected',
      data: { requestId: 'a', ...outcome({ outcome: 'cancelled' }) },
    })
    host.event(session.id, {
      type: 'permission_approved',
      data: { requestId: 'b', ...outcome({ outcome: 'selected', optionId: 'yes' }) },
    })
    await host.acked()

    expect(await permissions.list(session)).toMatchObject([
      { requestId: 'a', state: 'cancelled' },
      { requestId: 'b', state: 'answered', optionId: 'yes', answeredBy: { kind: 'host' } },
    ])
    expect(answersTo(host)).toEqual([])
  })

  it('is over with its turn and with its session; who was shown it is told', async () => {
    const node = await open()
    const { session, host, permissions } = node
    await node.ask(request('a'))
    host.event(session.id, {
      type: 'rpc',
      data: { method: 'session/prompt', phase: 'response', payload: {} },
    })
    await node.ask(request('b'))
    host.event(session.id, { type: 'session.terminated', data: { exitCode: 0 } })
    await host.acked()

    expect(await typesOf(node, session.id)).toEqual([
      'permission_request',
      'permission_cancelled',
      'rpc',
      'permission_request',
      'permission_cancelled',
      'session.terminated',
    ])
    expect((await permissions.list(session)).map(({ state }) => state)).toEqual(['cancelled', 'cancelled'])
    await expect(permissions.resolve(ann, session, 'b', { optionId: 'yes' }, 'rest')).rejects.toMatchObject({
      status: 404,
    })
  })

  it('that comes in with its end in one batch is whole', async () => {
    const node = await openNode()
    const session = await addSession(node)
    const timestamp = 't'
    const events = [
      { type: 'permission_request', data: { ...request() }, timestamp },
      { type: 'permission_request', data: { ...request() }, timestamp },
      { type: 'permission_request', data: { ...request('r2') }, timestamp },
      {
        type: 'permission_approved',
        data: { requestId: 'r1', response: { outcome: { optionId: 'yes' } } },
        timestamp,
      },
      { type: 'session.terminated', data: { exitCode: 0 }, timestamp },
    ]

    await node.intake.take(
      events.map((event) => ({ sessionId: session.id, event })),
      { hostId: 'h1' },
    )

    expect((await node.permissions.list(session)).map(({ requestId, state }) => [requestId, state])).toEqual([
      ['r1', 'answered'],
      ['r2', 'cancelled'],
    ])
  })

  it.each([
    ['without options', { ...request(), options: [] }],
    ['with the same option twice', { ...request(), options: [request().options[0], request().options[0]] }],
    ['without a title', { ...request(), title: undefined }],
    ['that is too large', { ...request(), title: 'x'.repeat(70_000) }],
    [
      'with too many options',
      {
        ...request(),
        options: Array.from({ length: 32 }, (_, i) => ({ optionId: `${i}`, name: '', kind: '' })),
      },
    ],
  ])('%s is refused, and nothing is stuck', async (_, data) => {
    const node = await open()

    await node.ask(data)

    await eventually(() => answersTo(node.host).length === 1)
    expect(answersTo(node.host)[0]?.body).toEqual({ outcome: 'cancelled' })
    expect(await typesOf(node, node.session.id)).toEqual(['error'])
    await node.ask(request('fine'))
    expect(await node.permissions.list(node.session)).toHaveLength(1)
  })

  it('too many at once is refused', async () => {
    const node = await open()
    for (let i = 0; i < 91; i++)
      node.host.event(node.session.id, { type: 'permission_request', data: { ...request(`r${i}`) } })
    await node.host.acked()

    expect(await node.permissions.list(node.session)).toHaveLength(90)
    await eventually(() => answersTo(node.host).length === 1)
  })
})

describe('auto-approve', () => {
  it('of the session answers with the first that allows, and shows nothing', async () => {
    const node = await open({ session: { autoApprove: true } })

    await node.ask(request())

    await eventually(() => answersTo(node.host).length === 1)
    expect(answersTo(node.host)[0]?.body).toEqual({ optionId: 'yes' })
    expect(await eventsOf(node, node.session.id)).toEqual([])
    expect(await node.permissions.list(node.session)).toMatchObject([
      { state: 'answered', optionId: 'yes', automatic: true, answeredBy: { kind: 'system' } },
    ])
  })

  it('of the plane does, too; what nothing allows is left to people', async () => {
    const node = await open()
    await node.ground.log.commit({ ops: [node.store.settings.write({ autoApprove: true })], appends: [] })

    await node.ask(request('a'))
    await node.ask(request('b', { options: [{ optionId: 'no', name: 'No', kind: 'reject_once' }] }))

    expect(await typesOf(node, node.session.id)).toEqual(['permission_request'])
    expect((await node.permissions.list(node.session)).map(({ state }) => state)).toEqual([
      'answered',
      'open',
    ])
  })

  it('that was switched on answers what is open', async () => {
    const node = await open()
    await node.ask(request('a'))
    await node.ask(request('b'))

    await node.permissions.approveOpen([node.session])

    await eventually(() => answersTo(node.host).length === 2)
    expect((await node.permissions.list(node.session)).map(({ state }) => state)).toEqual([
      'answered',
      'answered',
    ])
  })

  it('of the host is put on record, and nobody is asked or told', async () => {
    const node = await open({ onPermissionRequest: async () => expect.unreachable() })

    await node.ask({ ...request(), auto: { optionId: 'always' } })

    expect(await node.permissions.list(node.session)).toMatchObject([
      { state: 'answered', optionId: 'always', automatic: true, answeredBy: { kind: 'host', id: 'h1' } },
    ])
    expect(await eventsOf(node, node.session.id)).toEqual([])
    expect(answersTo(node.host)).toEqual([])
    expect(node.faults).toEqual([])
  })
})

describe('a handler', () => {
  it('that answers decides: nothing is shown', async () => {
    const node = await open({
      onPermissionRequest: async (context) => {
        expect(context).toMatchObject({
          requestId: 'r1',
          title: 'Write a file',
          kind: 'edit',
          session: { agentName: 'Agent' },
        })
        return context.deny()
      },
    })

    await node.ask(request())

    await eventually(() => answersTo(node.host).length === 1)
    expect(answersTo(node.host)[0]?.body).toEqual({ optionId: 'no' })
    expect(await eventsOf(node, node.session.id)).toEqual([])
    expect(node.faults).toEqual([])
  })

  it.each([
    ['returns nothing', async () => undefined, 0],
    ['throws', async () => Promise.reject(new Error('no')), 1],
    ['answers what was not offered', async () => ({ optionId: 'maybe' }), 1],
  ])('that %s leaves it to people', async (_, onPermissionRequest, faults) => {
    const node = await open({ onPermissionRequest })

    await node.ask(request())

    await eventually(async () => (await typesOf(node, node.session.id)).includes('permission_request'))
    expect((await eventsOf(node, node.session.id))[0]?.data).toEqual(request())
    expect(await node.permissions.list(node.session)).toMatchObject([{ state: 'open' }])
    expect(node.faults).toHaveLength(faults)
  })

  it('is asked anew after a crash', async () => {
    const asked: string[] = []
    const first = await open({
      onPermissionRequest: async ({ requestId }) => {
        asked.push(`first ${requestId}`)
        return new Promise(() => {})
      },
    })
    await first.ask(request())
    await eventually(() => asked.length === 1)
    expect(await first.permissions.list(first.session)).toEqual([])
    await first.stop()

    const second = await startNode(first.ground, {
      onPermissionRequest: async ({ requestId, allow }) => {
        asked.push(`second ${requestId}`)
        return allow()
      },
    })

    await eventually(async () => (await second.permissions.list(first.session))[0]?.state === 'answered')
    expect(asked).toEqual(['first r1', 'second r1'])
    expect(await second.store.calls.list('h1')).toHaveLength(1)
  })

  it('that is too late changes nothing', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const node = await open({
      onPermissionRequest: async ({ allow }) => {
        await held
        return allow()
      },
    })
    await node.ask(request())
    node.host.event(node.session.id, { type: 'session.terminated', data: { exitCode: 0 } })
    await node.host.acked()

    release()

    await eventually(
      async () =>
        !(await node.ground.leases.holder(
          `permission:${(await node.store.permissions.list(node.session.id))[0]?.decisionId}`,
        )),
    )
    expect(await node.permissions.list(node.session)).toMatchObject([{ state: 'cancelled' }])
    expect(answersTo(node.host)).toEqual([])
  })
})

describe('a host that calls back', () => {
  const byUrl = { session: { hostId: null } }
  const callback = (node: Opened) => node.permissions.decideCallback(node.session, { ...request() })

  it('gets the answer of the handler', async () => {
    const node = await open({ ...byUrl, onPermissionRequest: async ({ allow }) => allow() })

    expect(await callback(node)).toEqual({ optionId: 'yes' })
    expect(await eventsOf(node, node.session.id)).toEqual([])
  })

  it('gets that of auto-approve', async () => {
    const node = await open({ session: { hostId: null, autoApprove: true } })

    expect(await callback(node)).toEqual({ optionId: 'yes' })
  })

  it('is told to wait for people otherwise; the same request on its events is one', async () => {
    const node = await open(byUrl)

    expect(await callback(node)).toEqual({ deferred: true })
    await node.intake.take([
      {
        sessionId: node.session.id,
        event: { type: 'permission_request', data: { ...request() }, timestamp: 't' },
      },
    ])

    expect(await typesOf(node, node.session.id)).toEqual(['permission_request'])
    await expect(node.permissions.decideCallback(node.session, {})).rejects.toMatchObject({ status: 400 })
  })
})
