import { randomBytes } from 'node:crypto'
import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { listen } from './support/listener.js'
import { bothGrounds, discord, openPlane, telegram } from './support/plane.js'

describe.each(bothGrounds)('on $name', (on) => {
  // proves: relay.f23, relay.p19
  test('provisioning for one platform after another keeps the first secret good', async () => {
    const slack = { platform: 'slack', botId: 'S1' }
    const plane = await openPlane({ on, bots: [discord, telegram, slack] })
    const gateway = { gatewayId: 'gw-7', instanceId: 'inst-7' }
    const provision = (body: object) =>
      plane.callAs('org-a', '/relay/provision', { ...gateway, gatewayEndpoint: '', ...body })
    const answers = []
    for (const bot of [discord, telegram, slack]) {
      const routeKeys = [`scope-of-${bot.platform}`]
      const answer = await provision({
        ...bot,
        routeKeys,
        wakeUrl: 'https://inst-7.example/wake',
        displayName: 'Ops helper',
      })
      expect(answer).toMatchObject({ status: 200, body: { tenant: 'org-a', gatewayId: 'gw-7', routeKeys } })
      answers.push(answer.body)
    }
    const [first] = answers
    const letIn = async (secret: string) => {
      const peer = await plane.dial(undefined, plane.tokenOf({ gatewayId: 'gw-7', secret }))
      peer.send({ type: 'hello', ...discord }, { type: 'hello', ...telegram }, { type: 'hello', ...slack })
      return await Promise.race([
        peer.got('descriptor', 3).then(() => true),
        peer.closedWith().then(() => false),
      ])
    }

    expect(new Set(answers.map(({ secret }) => secret)).size).toBe(1)
    expect(Object.keys(first).toSorted()).toEqual([
      'deliveryKey',
      'gatewayId',
      'routeKeys',
      'secret',
      'tenant',
    ])
    expect(await letIn(first.secret)).toBe(true)
    // Only on demand there is another one; for a day both are good.
    await plane.clock.advance(600_001)
    const rotated = (await provision({ ...discord, rotate: true })).body.secret
    expect(rotated).not.toBe(first.secret)
    expect([await letIn(first.secret), await letIn(rotated)]).toEqual([true, true])
    expect((await provision({ ...discord, rotate: true })).body.secret).toBe(rotated)
    // Nobody else has the name, nor the route keys; and nothing is written of what was refused.
    expect(await plane.callAs('org-b', '/relay/provision', { gatewayId: 'gw-7', ...discord })).toMatchObject({
      status: 403,
    })
    const taken = await plane.callAs('org-b', '/relay/provision', {
      gatewayId: 'gw-8',
      ...discord,
      routeKeys: ['new', 'scope-of-discord'],
    })
    expect(taken.status).toBe(409)
    expect(await plane.operator.listScopes({ tenant: 'org-b' })).toEqual([])
    expect(await plane.operator.listGateways({ tenant: 'org-b' })).toEqual([])
    expect(
      (await plane.call('/relay/provision', { ...gateway, ...discord }, { token: 'nobody' })).status,
    ).toBe(401)
    expect((await plane.call('/relay/provision', { ...gateway, ...discord })).status).toBe(401)
  })

  // proves: relay.p21, relay.f22
  test('an address to wake comes with the enrolment, or later', async () => {
    const { origin, hits } = await listen()
    const plane = await openPlane({ on, wakeAddresses: ['127.0.0.1'] })
    const { token } = await plane.operator.createEnrolmentToken({}, { tenant: 'org-a' })
    const asked = {
      enrollmentToken: token,
      gatewayId: 'gw-laptop',
      instanceId: 'laptop',
      wakeUrl: `${origin}/first`,
    }
    const { body } = await plane.callAs('org-a', '/relay/enroll', asked)
    await plane.operator.link(
      {},
      { tenant: 'org-a', instanceId: 'laptop', platform: 'discord', userId: 'ana' },
    )
    const say = (text: string) =>
      plane.sim().say({ userId: 'ana', chatId: 'direct-ana', chatType: 'dm', text })

    await say('one')
    await eventually(() => hits.length === 1)
    const bearer = plane.tokenOf(body)
    expect(
      (await plane.call('/manage/wake', { wakeUrl: `${origin}/second` }, { token: bearer })).status,
    ).toBe(200)
    await plane.pass(60_001)
    await say('two')
    await eventually(() => hits.length === 2)
    expect((await plane.call('/manage/wake', { wakeUrl: null }, { token: bearer })).status).toBe(200)
    await plane.pass(60_001)
    await say('three')
    const peer = await plane.dial(undefined, plane.tokenOf(body))
    peer.isAcking = true
    await peer.hello(discord)
    await peer.got('inbound', 3)
    expect(hits.map(({ path }) => path)).toEqual(['/first', '/second'])
  })

  // proves: relay.f28
  test('files go up and down within their limits, for an hour, for their tenants', async () => {
    const plane = await openPlane({ on })
    const [a, b] = [await plane.enrol('org-a', 'a'), await plane.enrol('org-b', 'b')]
    const sibling = await plane.enrol('org-a', 'a2')
    const bytes = new Uint8Array(randomBytes(300_000))
    const put = (body: Uint8Array, more = {}) =>
      plane.call('/relay/media', body, {
        token: plane.tokenOf(a),
        headers: { 'content-type': 'image/png', 'x-media-filename': 'log.png', ...more },
      })
    const get = async (id: string, gateway = a) => {
      const headers = { authorization: `Bearer ${plane.tokenOf(gateway)}` }
      const answer = await fetch(`${plane.origin}/relay/media/${id}`, { headers })
      return {
        status: answer.status,
        headers: answer.headers,
        bytes: new Uint8Array(await answer.arrayBuffer()),
      }
    }
    const { status, body } = await put(bytes)
    const read = await get(body.id)

    expect([status, body]).toEqual([200, { id: expect.stringMatching(/^[0-9a-f]{32}$/), size: 300_000 }])
    expect(read.status).toBe(200)
    expect(Buffer.compare(read.bytes, bytes)).toBe(0)
    expect(Object.fromEntries(read.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': '300000',
      'content-disposition': expect.stringContaining('log.png'),
      'x-content-type-options': 'nosniff',
      'cache-control': expect.stringMatching(/no-store/),
    })
    expect([(await get(body.id, sibling)).status, (await get(body.id, b)).status]).toEqual([200, 404])
    expect((await put(new Uint8Array())).status).toBe(400)
    expect((await plane.call('/relay/media', bytes, { token: 'x' })).status).toBe(401)
    await plane.clock.advance(3_600_001)
    expect((await get(body.id)).status).toBe(404)
  })
})

// proves: relay.f28
test('25 MB are taken, and not a byte more', async () => {
  const plane = await openPlane()
  const token = plane.tokenOf(await plane.enrol('org-a', 'a'))
  const put = (size: number) =>
    plane.call('/relay/media', new Uint8Array(size).fill(7), {
      token,
      headers: { 'content-type': 'video/mp4' },
    })
  expect(await put(26_214_400)).toMatchObject({ status: 200, body: { size: 26_214_400 } })
  expect(await put(26_214_401)).toMatchObject({ status: 413, body: { error: expect.any(String) } })
})
