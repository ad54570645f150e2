import { describe, expect, test } from 'vitest'
import { discord, nobodys, type Plane } from '../support/plane.js'
import { chats, guild, openTwoTenants } from '../support/two-tenants.js'

/** All that operators see of a tenant. */
const viewOf = async ({ operator }: Plane, tenant: string) => ({
  gateways: await operator.listGateways({ tenant }),
  instances: await operator.listInstances({ tenant }),
  links: await operator.listLinks({ tenant }),
  scopes: await operator.listScopes({ tenant }),
  policies: await operator.listPolicies({ tenant }),
  conversations: await operator.listConversations({ tenant }, {}),
  receipts: await operator.listReceipts({ tenant }, {}),
})

describe('the routes', () => {
  // proves: relay.s2, relay.s3, relay.f28
  test('give another tenant’s file the same answer as one that nobody has', async () => {
    const { plane, a, b, known } = await openTwoTenants()
    const read = (id: string, gateway = b.gateway) =>
      plane.call(`/relay/media/${id}`, undefined, { method: 'GET', token: plane.tokenOf(gateway) })
    const theirs = await read(known.mediaId)
    const nobody = await read(nobodys().replaceAll('-', ''))
    const headers = (answer: typeof theirs) => [...answer.headers].filter(([name]) => name !== 'date')

    expect([theirs.status, theirs.text, headers(theirs)]).toEqual([404, nobody.text, headers(nobody)])
    expect((await read(known.mediaId, a.gateway)).text).toBe('secret of A')
    for (const id of [
      '',
      '..',
      `${known.mediaId}/`,
      `${known.mediaId}x`,
      known.mediaId.toUpperCase(),
      'x'.repeat(5_000),
    ])
      expect((await read(id)).status, id).toBeGreaterThan(399)
  })

  // proves: relay.s2, relay.s3
  test('know nobody of another tenant', async () => {
    const { plane, b } = await openTwoTenants()
    const token = plane.tokenOf(b.gateway)
    const choose = (userId: string) =>
      plane.call('/manage/dm-default', { platform: 'discord', userId }, { token })
    const [theirs, nobody] = [await choose('ana'), await choose(nobodys())]

    expect([theirs.status, theirs.text]).toEqual([404, nobody.text])
  })

  // proves: relay.s2, relay.s15
  test('leave what another tenant has as it is', async () => {
    const { plane, a, b } = await openTwoTenants()
    const [token, tokenA] = [plane.tokenOf(b.gateway), plane.tokenOf(a.gateway)]
    const chat = { platform: 'discord', scopeId: guild, chatId: chats.a }
    expect((await plane.call('/manage/scope', chat, { token: tokenA })).status).toBe(200)
    const before = await viewOf(plane, 'org-a')

    const claimed = await plane.call('/manage/scope', chat, { token })
    const nobodysChat = { ...chat, chatId: nobodys() }
    expect([claimed.status, claimed.text]).toEqual([
      403,
      (await plane.call('/manage/scope', nobodysChat, { token })).text,
    ])
    expect((await plane.call('/manage/scope/release', chat, { token })).status).toBe(200)
    const provision = (body: object) => plane.callAs('org-b', '/relay/provision', { ...discord, ...body })
    expect(await provision({ gatewayId: 'gw-a' })).toMatchObject({ status: 403 })
    expect(await provision({ gatewayId: 'gw-a', rotate: true, instanceId: 'inst-a' })).toMatchObject({
      status: 403,
    })
    expect(
      await provision({ gatewayId: 'gw-b', instanceId: 'inst-b', routeKeys: ['G-new', guild] }),
    ).toMatchObject({
      status: 409,
    })
    expect(await viewOf(plane, 'org-a')).toEqual(before)
    // Nothing of a claim that was refused is kept.
    expect(await plane.operator.listScopes({ tenant: 'org-b' })).toEqual([])
  })

  // proves: relay.s2, relay.s3
  test('show an operator of one tenant nothing of another', async () => {
    const { plane } = await openTwoTenants()
    const of = JSON.stringify(await viewOf(plane, 'org-b'))
    expect(of).not.toMatch(/org-a|inst-a|gw-a|ana|channel-a/)
    const within = { tenant: 'org-b' }
    const refusals = async (act: (id: string) => Promise<unknown>, theirs: string) => {
      const told = async (id: string) =>
        await act(id).catch((error: Error) => JSON.stringify([error.name, error.message, error]))
      expect(await told(theirs)).toEqual(await told(nobodys()))
    }
    const [receipt] = (await plane.operator.listReceipts({ tenant: 'org-a' }, {})).receipts
    await refusals((id) => plane.operator.rotateGateway(within, id), 'gw-a')
    await refusals((id) => plane.operator.revokeGateway(within, id), 'gw-a')
    await refusals((id) => plane.operator.retryReceipt(within, id), receipt!.id)
    await refusals(
      (id) => plane.operator.unlink(within, { tenant: 'org-a', platform: 'discord', userId: id }),
      'ana',
    )
  })
})

describe('what a body or a frame says of tenant, instance and gateway', () => {
  const claims = {
    tenant: 'org-a',
    tenantId: 'org-a',
    tenant_id: 'org-a',
    org: 'org-a',
    instanceId: 'inst-a',
    instance_id: 'inst-a',
    gatewayId: 'gw-a',
    gateway_id: 'gw-a',
  }

  // proves: relay.s6
  test('has no effect on any route', async () => {
    const { plane, a, b } = await openTwoTenants()
    const headers = { 'x-tenant': 'org-a', 'x-instance-id': 'inst-a', 'x-gateway-id': 'gw-a' }
    const before = await viewOf(plane, 'org-a')
    const post = (path: string, body: object) =>
      plane.call(
        `${path}?tenant=org-a&instanceId=inst-a`,
        { ...body, ...claims },
        { token: plane.tokenOf(b.gateway), headers },
      )
    const platform = 'discord'

    expect((await post('/relay/policy', { platform, requireAddress: false })).status).toBe(200)
    expect((await post('/manage/principal', { platform, policy: 'any' })).status).toBe(200)
    expect((await post('/manage/wake', { wakeUrl: 'https://b.example/wake' })).status).toBe(200)
    expect((await post('/manage/scope', { platform, scopeId: 'G-b', chatId: 'C-b' })).status).toBe(200)
    expect((await post('/manage/dm-default', { platform, userId: 'ben' })).status).toBe(200)
    const code = await post('/manage/link', { platform })
    await plane
      .sim()
      .say({ userId: 'cara', chatId: 'direct-cara', chatType: 'dm', text: `/link ${code.body.code}` })

    expect(await viewOf(plane, 'org-a')).toEqual(before)
    const own = await viewOf(plane, 'org-b')
    expect(own.links).toContainEqual(expect.objectContaining({ instanceId: 'inst-b', userId: 'cara' }))
    expect(own.instances).toMatchObject([{ instanceId: 'inst-b', wakeUrl: 'https://b.example/wake' }])
    expect(own.policies).toMatchObject([{ tenant: 'org-b', instanceId: 'inst-b' }])
    // The end of B is not the end of A.
    expect((await post('/manage/deprovision', {})).status).toBe(200)
    expect(await b.peer.closedWith()).toEqual({ code: 4401, reason: 'unauthorized' })
    expect(await viewOf(plane, 'org-a')).toEqual(before)
    expect(a.peer.closed).toBeUndefined()
    expect(await plane.operator.listInstances({ tenant: 'org-b' })).toEqual([])
  })

  // proves: relay.s6
  test('has no effect when a caller enrols or provisions', async () => {
    const { plane } = await openTwoTenants()
    const before = await viewOf(plane, 'org-a')
    const { token } = await plane.operator.createEnrolmentToken({}, { tenant: 'org-b' })
    const asked = { ...claims, gatewayId: 'gw-b2', instanceId: 'inst-a' }
    const enrolled = await plane.callAs('org-b', '/relay/enroll', { ...asked, enrollmentToken: token })
    const provisioned = await plane.callAs('org-b', '/relay/provision', {
      ...asked,
      ...discord,
      gatewayId: 'gw-b3',
    })

    expect([enrolled.body.tenant, provisioned.body.tenant]).toEqual(['org-b', 'org-b'])
    expect(await viewOf(plane, 'org-a')).toEqual(before)
  })

  // proves: relay.s6, relay.s9
  test('has no effect in frames', async () => {
    const { plane, a, b, known, stateOfA } = await openTwoTenants()
    const before = JSON.stringify(stateOfA())
    b.peer.send({ type: 'hello', ...discord, ...claims, tenant: 'org-a' })
    b.peer.send({ type: 'going_idle', ...claims })
    await b.peer.got('going_idle_ack')
    const action = {
      op: 'send',
      chat_id: chats.a,
      content: 'x',
      ...claims,
      metadata: { scope_id: guild, user_id: 'ana' },
    }
    b.peer.send({ type: 'outbound', requestId: 'r1', action, ...claims })
    const [result] = await b.peer.got('outbound_result')
    expect(result.result.code).toBe('egress_declined')
    b.peer.send({ type: 'interrupt', session_key: known.sessionKey, reason: null, ...claims })
    await b.peer.read()
    await plane.sim().say({ userId: 'ana', chatId: chats.a, text: 'still there?' })

    expect((await a.peer.got('inbound', 4)).at(-1)!.event.text).toBe('still there?')
    expect(a.peer.of('interrupt_inbound')).toEqual([])
    expect(JSON.stringify(stateOfA()).length).toBeGreaterThan(before.length)
    expect(
      plane
        .sim()
        .messages(chats.a)
        .some(({ text }) => text === 'x'),
    ).toBe(false)
    expect(b.peer.heard).not.toContain('still there?')
  })
})
