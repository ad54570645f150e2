import { eventually, nodePairs } from '@parley/testkit'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { FakeHost, type FakeHostOptions, linkedHost } from './fake-host.test.support.js'
import { addSession, chunk, eventsOf, type Node, startNode, textsOf } from './hosts.test.support.js'

const { pairs, close } = await nodePairs()
afterAll(close)

describe.each(pairs)('two nodes over $bus', ({ open }) => {
  const openPair = async (): Promise<[Node, Node]> => {
    const { nodes, close } = await open()
    onTestFinished(() => close())
    const [a, b] = [await startNode(nodes[0]), await startNode(nodes[1])]
    await a.hosts.links.register({ hostId: 'h1', name: 'one', token: 'token' })
    return [a, b]
  }

  // proves: sessions.s84
  it('a host has one owner: the node of its latest hello', async () => {
    const [a, b] = await openPair()
    const { id } = await addSession(a)
    const first = await linkedHost({ url: a.url, sessions: [id] })
    first.event(id, chunk(1))
    await first.acked()

    const second = await linkedHost({ url: b.url, sessions: [id], n: 2, oldest: 2 })

    expect(await first.closedWith()).toEqual({ code: 4409, reason: 'replaced' })
    expect((await second.welcomed()).acked).toEqual({ epoch: 'e1', n: 1 })
    second.eventAs(2, id, chunk(2))
    await second.acked(2)
    expect((await b.ground.leases.holder('host:h1'))?.node).toBe(b.ground.node)
    expect(textsOf(await eventsOf(a, id))).toEqual(['1', '2'])
  })

  it('requests find the host on the other node, also after it moved', async () => {
    const [a, b] = await openPair()
    const host = await linkedHost({ url: a.url, answer: ({ path }) => ({ status: 200, body: { path } }) })

    expect(await b.hosts.links.isConnected('h1')).toBe(true)
    await b.hosts.links.connected('h1', AbortSignal.timeout(10_000))
    expect(await b.hosts.links.request('h1', { method: 'GET', path: '/health' })).toMatchObject({
      status: 200,
      body: { path: '/health' },
    })

    await host.left()
    const silent = await linkedHost({ url: a.url })
    const asked = b.hosts.links.request('h1', { method: 'POST', path: '/sessions/s/prompt', key: 'k' })
    await eventually(() => silent.requests.length === 1)
    silent.cut()
    const moved = await linkedHost({ url: b.url, answer: () => ({ status: 202, body: { accepted: true } }) })
    expect((await asked).status).toBe(202)
    expect(moved.requests[0]?.key).toBe('k')
  })

  it('a call that one node stored is sent by the other', async () => {
    const [a, b] = await openPair()
    const host = await linkedHost({ url: a.url, answer: () => ({ status: 200 }) })
    const call = {
      key: 'c',
      hostId: 'h1',
      sessionId: 's',
      rank: 1,
      method: 'POST',
      path: '/x',
      body: {},
      createdAt: 1,
    }
    await b.ground.log.commit({ ops: [b.store.calls.insert(call)], appends: [] })

    b.hosts.deliver('h1')

    await eventually(() => host.requests.some(({ key }) => key === 'c'))
    await eventually(async () => (await b.store.calls.list('h1')).length === 0)
  })

  it('a host that is revoked on one node is closed on the other', async () => {
    const [a, b] = await openPair()
    const host = await linkedHost({ url: a.url })

    await b.hosts.revoke('h1')

    expect((await host.closedWith()).code).toBe(4401)
  })

  it('a host that jumps between nodes again and again loses nothing and repeats nothing', async () => {
    const [a, b] = await openPair()
    const { id } = await addSession(a)
    const texts = Array.from({ length: 120 }, (_, i) => String(i + 1))
    const options: FakeHostOptions = { url: a.url, sessions: [id], n: texts.length }
    for (let round = 0; round < 8; round++) {
      const host = await new FakeHost({ ...options, url: [a, b][round % 2]!.url }).opened()
      host.hello()
      const { acked } = await host.welcomed()
      const until = Math.min(texts.length, acked.n + 25)
      for (let n = acked.n + 1; n <= until; n++) host.eventAs(n, id, chunk(n))
      if (round % 3 === 0 && until > acked.n) await host.acked(acked.n + 1)
      host.cut()
    }
    const last = await linkedHost(options)
    for (let n = (await last.welcomed()).acked.n + 1; n <= texts.length; n++) last.eventAs(n, id, chunk(n))
    await eventually(async () => (await a.store.hosts.find('h1'))?.acked?.n === texts.length)

    expect(textsOf(await eventsOf(b, id))).toEqual(texts)
    expect([...a.faults, ...b.faults]).toEqual([])
  })
})
