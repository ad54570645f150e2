import { randomUUID } from 'node:crypto'
import { eventually } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { FakeHost, linkedHost, listen } from './fake-host.test.support.js'
import { addSession, chunk, eventsOf, openNode, passTime, textsOf } from './hosts.test.support.js'

describe('a link begins with', () => {
  it('a token: an unknown one is refused by 101 and 4401, before any frame', async () => {
    const { url } = await openNode()

    const host = new FakeHost({ url, token: 'another' })

    expect(await host.closedWith()).toEqual({ code: 4401, reason: 'unauthorized' })
    expect(host.frames).toEqual([])
  })

  it('our subprotocol and a version that the server speaks', async () => {
    const { url } = await openNode()
    const old = await new FakeHost({ url }).opened()

    old.hello({ v: 2 })

    expect(await old.closedWith()).toEqual({ code: 4400, reason: 'version not supported' })
    expect((await new FakeHost({ url, protocol: 'parley.host.9' }).closedWith()).code).not.toBe(1000)
  })

  it('a hello within ten seconds', async () => {
    const { url, clock } = await openNode()
    const host = await new FakeHost({ url }).opened()
    await eventually(() => clock.pending > 1)

    await clock.advance(10_000)

    expect(await host.closedWith()).toEqual({ code: 4408, reason: 'hello timeout' })
  })

  it('the hello of the host whose token it is', async () => {
    const { url } = await openNode()
    const host = await new FakeHost({ url, hostId: 'h2' }).opened()

    host.hello()

    expect((await host.closedWith()).code).toBe(4401)
  })

  it.each([
    ['an event', { type: 'event', epoch: 'e1', n: 1, event: { type: 'x', data: {} } }],
    ['no JSON', 'hello'],
  ])('a hello and not %s', async (_, frame) => {
    const { url } = await openNode()
    const host = await new FakeHost({ url }).opened()

    host.send(frame)

    expect((await host.closedWith()).code).toBe(4403)
  })

  it('a hello of at most 256 KiB', async () => {
    const { url } = await openNode()
    const host = await new FakeHost({ url }).opened()

    host.hello({ padding: 'x'.repeat(256 * 1024) })

    expect(await host.closedWith()).toEqual({ code: 4413, reason: 'frame too large' })
  })

  it('a welcome that says where to go on', async () => {
    const { url, store } = await openNode()

    const host = await linkedHost({ url })

    const { acked, v, heartbeatSeconds, limits } = await host.welcomed()
    expect({ acked, v, heartbeatSeconds }).toEqual({
      acked: { epoch: 'e1', n: 0 },
      v: 1,
      heartbeatSeconds: 15,
    })
    expect(limits).toEqual({ frameBytes: 1_048_576, unackedEvents: 2_000, unackedBytes: 8 * 1_048_576 })
    expect((await store.hosts.find('h1'))?.acked).toEqual({ epoch: 'e1', n: 0 })
  })

  it('a welcome again when the store was away: 1013 until then', async () => {
    let isAway = true
    const { url, faults } = await openNode({
      commit: (commit) => (unit) =>
        isAway && unit.ops.some(({ sql }) => sql.startsWith('update "hosts"'))
          ? Promise.reject(new Error('away'))
          : commit(unit),
    })
    const first = await new FakeHost({ url }).opened()

    first.hello()

    expect((await first.closedWith()).code).toBe(1013)
    expect(faults).toContainEqual(new Error('away'))
    isAway = false
    expect((await (await linkedHost({ url })).welcomed()).acked.n).toBe(0)
  })
})

describe('a link is closed when', () => {
  it('its host is silent for 45 seconds; one that answers pings is not', async () => {
    const node = await openNode()
    await node.hosts.links.register({ hostId: 'h2', name: 'two', token: 'second' })
    const alive = await linkedHost({ url: node.url, hostId: 'h2', token: 'second' })
    const silent = await linkedHost({ url: node.url })
    silent.deafen()

    await eventually(async () => {
      await passTime(node, 5_000)
      return !(await node.hosts.links.isConnected('h1'))
    })

    expect(alive.closed).toBeUndefined()
    expect(await node.hosts.links.isConnected('h2')).toBe(true)
  })

  it('a frame is larger than 1 MiB', async () => {
    const { url } = await openNode()
    const host = await linkedHost({ url })

    host.send({ type: 'note', text: 'x'.repeat(1_048_576) })

    expect(await host.closedWith()).toEqual({ code: 4413, reason: 'frame too large' })
  })

  it('its address has dialled thirty times in a minute', async () => {
    const { hosts } = await openNode()
    const url = await listen(hosts.acceptLink, '192.0.2.1')
    const dials = Array.from({ length: 31 }, () => new FakeHost({ url, token: 'wrong' }))

    const codes = await Promise.all(dials.map(async (host) => (await host.closedWith()).code))

    expect(codes.filter((code) => code === 4401)).toHaveLength(30)
    expect(codes.filter((code) => code === 1013)).toHaveLength(1)
  })
})

describe('after a reconnect', () => {
  it('the host goes on after what is stored', async () => {
    const node = await openNode()
    const { id } = await addSession(node)
    const first = await linkedHost({ url: node.url, sessions: [id] })
    for (let i = 1; i <= 5; i++) first.event(id, chunk(i))
    await first.acked()
    await first.left()

    const second = await linkedHost({ url: node.url, sessions: [id], n: 7, oldest: 4 })

    expect((await second.welcomed()).acked).toEqual({ epoch: 'e1', n: 5 })
    for (const n of [4, 5, 6, 7]) second.eventAs(n, id, chunk(n))
    await second.acked(7)
    expect(textsOf(await eventsOf(node, id))).toEqual(['1', '2', '3', '4', '5', '6', '7'])
  })

  it('a spool that lacks what was stored is reset', async () => {
    const node = await openNode()
    const { id } = await addSession(node)
    const first = await linkedHost({ url: node.url, sessions: [id] })
    first.event(id, chunk(1))
    first.event(id, chunk(2))
    await first.acked()
    await first.left()

    const copy = await new FakeHost({ url: node.url, sessions: [id], n: 1 }).opened()
    copy.hello()
    await eventually(() => copy.frames.length > 0)

    expect(copy.frames).toEqual([{ type: 'reset', reason: 'spool behind' }])
    await copy.left()
    const anew = await linkedHost({ url: node.url, sessions: [id], epoch: 'e2', n: 0 })
    expect((await anew.welcomed()).acked).toEqual({ epoch: 'e2', n: 0 })
  })

  it('events that were lost are said to be lost', async () => {
    const node = await openNode()
    const { id } = await addSession(node)
    await (await linkedHost({ url: node.url, sessions: [id] })).left()

    const host = await new FakeHost({ url: node.url, sessions: [id], n: 9, oldest: 5 }).opened()
    host.hello()
    await eventually(() => host.frames.length > 0)

    expect(host.frames).toEqual([{ type: 'reset', reason: 'unknown epoch' }])
    expect(await eventsOf(node, id)).toMatchObject([{ type: 'error', data: { message: 'events lost' } }])
  })

  // proves: sessions.s79
  it('a new epoch begins at 0, and the old one is over', async () => {
    const node = await openNode()
    const { id } = await addSession(node)
    const first = await linkedHost({ url: node.url, sessions: [id] })
    first.event(id, chunk('old'))
    await first.acked()
    await first.left()

    const second = await linkedHost({ url: node.url, sessions: [id], epoch: 'e2', n: 1 })
    second.eventAs(1, id, chunk('new'))
    await second.acked(1)

    expect(textsOf(await eventsOf(node, id))).toEqual(['old', 'new'])
    second.send({ type: 'event', epoch: 'e1', n: 2, at: '', sessionId: id, event: chunk('ghost') })
    expect((await second.closedWith()).code).toBe(4410)
  })

  it('a session that the host lacks is ended, once its last events are in', async () => {
    const node = await openNode()
    const gone = await addSession(node)
    const ended = await addSession(node)
    const starting = await addSession(node, { runtimeInfo: null })
    const host = await linkedHost({ url: node.url, n: 1 })
    expect((await node.store.sessions.find(gone.id))?.status).toBe('active')

    host.eventAs(1, ended.id, { type: 'session.terminated', data: { exitCode: 3 } })

    await eventually(async () => (await node.store.sessions.find(gone.id))?.status === 'killed')
    const rows = await node.store.sessions.findMany([gone.id, ended.id, starting.id])
    const ends = Object.fromEntries(rows.map(({ id, end }) => [id, end]))
    expect(ends[gone.id]).toEqual({
      reason: 'error',
      exitCode: -1,
      message: 'host no longer has this session',
    })
    expect(ends[ended.id]).toEqual({ reason: 'agent_exit', exitCode: 3, message: null })
    expect(ends[starting.id]).toBeNull()
  })

  it('the host is told to end sessions that are unknown, ended or of others', async () => {
    const node = await openNode()
    const alive = await addSession(node)
    const killed = await addSession(node, { status: 'killed' })
    const foreign = await addSession(node, { hostId: 'h2' })
    const unknown = randomUUID()

    const sessions = [alive.id, killed.id, foreign.id, unknown]
    const host = await linkedHost({
      url: node.url,
      sessions,
      answer: () => ({ status: 200, body: { ok: true } }),
    })

    await eventually(() => host.requests.length === 3)
    expect(host.requests.map(({ path }) => path).sort()).toEqual(
      [killed.id, foreign.id, unknown].map((id) => `/sessions/${id}/terminate`).sort(),
    )
    expect(host.requests.every(({ method, key }) => method === 'POST' && key)).toBe(true)
  })
})

describe('two links of one host', () => {
  // proves: sessions.s84
  it('the later hello wins, the first is closed 4409', async () => {
    const node = await openNode()
    const { id } = await addSession(node)
    const first = await linkedHost({ url: node.url, sessions: [id] })

    const second = await linkedHost({ url: node.url, sessions: [id] })

    expect(await first.closedWith()).toEqual({ code: 4409, reason: 'replaced' })
    second.event(id, chunk('mine'))
    await second.acked()
    expect(textsOf(await eventsOf(node, id))).toEqual(['mine'])
  })

  it('a host that was revoked is closed 4401 and not let in again', async () => {
    const { url, hosts } = await openNode()
    const host = await linkedHost({ url })

    await hosts.revoke('h1')

    expect(await host.closedWith()).toEqual({ code: 4401, reason: 'revoked' })
    expect((await new FakeHost({ url }).closedWith()).code).toBe(4401)
  })
})

describe('a host that stays away', () => {
  it('keeps its sessions for seven days', async () => {
    const node = await openNode()
    const { id } = await addSession(node)
    await (await linkedHost({ url: node.url, sessions: [id] })).left()
    await eventually(async () => (await node.store.hosts.find('h1'))?.lostAt)
    const day = 24 * 3_600_000

    await node.clock.advance(7 * day - 60_000)
    expect((await node.store.sessions.find(id))?.status).toBe('active')

    await node.clock.advance(180_000)
    await eventually(async () => {
      await node.clock.advance(60_000)
      return (await node.store.sessions.find(id))?.status === 'killed'
    })
    expect((await node.store.sessions.find(id))?.end).toMatchObject({ reason: 'error', message: 'host lost' })
  })

  it('is noticed when its node has died with it', async () => {
    const node = await openNode()
    await (await linkedHost({ url: node.url })).left()
    await eventually(async () => (await node.store.hosts.find('h1'))?.lostAt)
    await node.ground.log.commit({ ops: [node.store.hosts.setLost('h1', null)], appends: [] })

    await eventually(async () => {
      await node.clock.advance(60_000)
      return (await node.store.hosts.find('h1'))?.lostAt
    })
    await (await linkedHost({ url: node.url })).welcomed()
    expect((await node.store.hosts.find('h1'))?.lostAt).toBeNull()
  })
})

it('a server that stops closes its links with 1001, and the host is free for the next', async () => {
  const node = await openNode()
  const host = await linkedHost({ url: node.url })

  await node.stop()

  expect((await host.closedWith()).code).toBe(1001)
  expect(await node.ground.leases.holder('host:h1')).toBeUndefined()
  expect(node.faults).toEqual([])
})
