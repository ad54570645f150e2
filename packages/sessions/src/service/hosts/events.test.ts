import { randomUUID } from 'node:crypto'
import { eventually } from '@parley/testkit'
import { expect, it } from 'vitest'
import { hostStreamOf, streamOf } from '../intake/streams.js'
import { linkedHost, listen } from './fake-host.test.support.js'
import { addSession, chunk, eventsOf, openNode, textsOf } from './hosts.test.support.js'

it('events are stored in order, with the exact text of the contract', async () => {
  const node = await openNode()
  const { id } = await addSession(node)
  const host = await linkedHost({ url: node.url, sessions: [id] })

  host.send({
    type: 'event',
    epoch: 'e1',
    n: 1,
    at: '2026-01-01T00:00:00.000Z',
    sessionId: id,
    event: { timestamp: '2026-01-01T00:00:01.000Z', extra: 1, data: { é: ' ' }, type: 'note' },
  })
  host.n = 1
  for (let i = 0; i < 1_000; i++) host.event(id, chunk(i))
  await host.acked(1_001)

  const { events } = await node.ground.log.read(streamOf(id), { after: 0, limit: 1 })
  expect(events[0]?.body).toBe('{"type":"note","data":{"é":" "},"timestamp":"2026-01-01T00:00:01.000Z"}')
  expect(events[0]?.actor).toEqual({ kind: 'host', id: 'h1' })
  expect(textsOf(await eventsOf(node, id))).toEqual(Array.from({ length: 1_000 }, (_, i) => String(i)))
})

it('many events are few units, and each is acknowledged once it is durable', async () => {
  let units = 0
  const node = await openNode({
    commit: (commit) => (unit) => {
      if (unit.appends.some(({ stream }) => stream.startsWith('session:'))) units++
      return commit(unit)
    },
  })
  const { id } = await addSession(node)
  const host = await linkedHost({ url: node.url, sessions: [id] })

  for (let i = 0; i < 2_000; i++) host.event(id, chunk(i))
  await host.acked(2_000)

  const acks = host.frames.filter((frame) => frame.type === 'ack').map(({ n }) => n)
  expect(acks).toEqual(acks.toSorted((a, b) => a - b))
  expect(acks).toHaveLength(units)
  expect(units).toBeLessThan(1_000)
  expect((await node.store.hosts.find('h1'))?.acked).toEqual({ epoch: 'e1', n: 2_000 })
})

it('repeats are ignored, a gap closes 4410', async () => {
  const node = await openNode()
  const { id } = await addSession(node)
  const host = await linkedHost({ url: node.url, sessions: [id] })
  for (const n of [1, 2, 1, 2, 3, 2]) host.eventAs(n, id, chunk(n))
  await host.acked(3)

  host.eventAs(5, id, chunk(5))

  expect(await host.closedWith()).toEqual({ code: 4410, reason: 'gap' })
  expect(textsOf(await eventsOf(node, id))).toEqual(['1', '2', '3'])
})

// proves: sessions.s86
it('an event of a session of another host closes 4403, and nothing of it is stored', async () => {
  const node = await openNode()
  const own = await addSession(node)
  const foreign = await addSession(node, { hostId: 'h2' })
  const host = await linkedHost({ url: node.url, sessions: [own.id] })

  host.event(own.id, chunk('mine'))
  host.event(foreign.id, chunk('theirs'))
  host.event(own.id, chunk('after'))

  expect(await host.closedWith()).toEqual({ code: 4403, reason: 'not your session' })
  expect(await eventsOf(node, foreign.id)).toEqual([])
  expect(textsOf(await eventsOf(node, own.id))).toEqual(['mine'])
  expect((await node.store.hosts.find('h1'))?.acked?.n).toBe(1)
})

it('events of forgotten sessions, of sessions without a host and of none are acknowledged and dropped', async () => {
  const node = await openNode()
  const byUrl = await addSession(node, { hostId: null })
  const host = await linkedHost({ url: node.url })

  host.event(randomUUID(), chunk(1))
  host.event(byUrl.id, chunk(2))
  host.event(undefined, chunk(3))

  await host.acked(3)
  expect(await eventsOf(node, byUrl.id)).toEqual([])
  expect((await node.store.hosts.find('h1'))?.acked?.n).toBe(3)
})

it('events of an ended session are still stored', async () => {
  const node = await openNode()
  const { id } = await addSession(node, {
    status: 'killed',
    end: { reason: 'terminated', exitCode: null, message: null },
  })
  const host = await linkedHost({ url: node.url, sessions: [id], answer: () => ({ status: 200 }) })

  host.event(id, chunk('late'))
  host.event(id, { type: 'session.terminated', data: { exitCode: 0 } })

  await host.acked(2)
  expect((await eventsOf(node, id)).map(({ type }) => type)).toEqual(['rpc'])
})

it('a host that sends faster than is stored is paused, and goes on', async () => {
  let release = () => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  const node = await openNode({
    commit: (commit) => async (unit) => {
      if (unit.appends.length > 0) await held
      return commit(unit)
    },
  })
  const { id } = await addSession(node)
  const host = await linkedHost({ url: node.url, sessions: [id] })

  for (let i = 0; i < 1_700; i++) host.event(id, chunk(i))
  await eventually(() => host.frames.some(({ type }) => type === 'pause'))
  expect(host.frames.some(({ type }) => type === 'ack')).toBe(false)
  release()

  await host.acked(1_700)
  await eventually(() => host.frames.some(({ type }) => type === 'resume'))
})

it('a host that ignores the limits is closed, and what is stored stays whole', async () => {
  let release = () => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  const node = await openNode({
    commit: (commit) => async (unit) => {
      if (unit.appends.length > 0) await held
      return commit(unit)
    },
  })
  const { id } = await addSession(node)
  const host = await linkedHost({ url: node.url, sessions: [id] })

  for (let i = 0; i < 6_000; i++) host.event(id, chunk(i))

  expect(await host.closedWith()).toEqual({ code: 4403, reason: 'policy' })
  release()
  await node.stop()
  const texts = textsOf(await eventsOf(node, id))
  expect(texts).toEqual(Array.from({ length: texts.length }, (_, i) => String(i)))
  expect((await node.store.hosts.find('h1'))?.acked?.n).toBe(texts.length)
})

it('more than 5,000 events a second are slowed down, not refused', async () => {
  const node = await openNode()
  const { id } = await addSession(node)
  const host = await linkedHost({ url: node.url, sessions: [id] })
  for (let batch = 0; batch < 5; batch++) {
    for (let i = 0; i < 1_000; i++) host.event(id, chunk(i))
    await host.acked()
  }
  await eventually(() => host.frames.some(({ type }) => type === 'pause'))
  expect(host.frames.some(({ type }) => type === 'resume')).toBe(false)

  await node.clock.advance(1_000)

  await eventually(() => host.frames.some(({ type }) => type === 'resume'))
})

it('a host of this machine may send more', async () => {
  const node = await openNode()
  const { id } = await addSession(node)
  const terms = { eventsPerSecond: Number.POSITIVE_INFINITY }
  const url = await listen((request, socket, head) => node.hosts.acceptLink(request, socket, head, terms))
  const host = await linkedHost({ url, sessions: [id] })

  for (let batch = 0; batch < 6; batch++) {
    for (let i = 0; i < 1_000; i++) host.event(id, chunk(i))
    await host.acked()
  }

  expect(host.frames.some(({ type }) => type === 'pause')).toBe(false)
})

it('signals go to followers and nowhere else; those about sessions of others are dropped', async () => {
  const node = await openNode()
  const own = await addSession(node)
  const foreign = await addSession(node, { hostId: 'h2' })
  const seen: string[] = []
  for (const stream of [hostStreamOf('h1'), streamOf(own.id), streamOf(foreign.id)])
    node.ground.log.tap(stream, { signal: (payload) => seen.push(payload) })
  const host = await linkedHost({ url: node.url, sessions: [own.id] })
  const snapshot = { type: 'filesystem.snapshot', data: { snapshot: {} }, timestamp: 't' }

  host.send({ type: 'signal', sessionId: foreign.id, channel: `session:${foreign.id}:fs`, data: snapshot })
  host.send({ type: 'signal', channel: 'terminals:t1', data: { seq: 7, event: snapshot } })
  host.send({ type: 'signal', sessionId: own.id, channel: `session:${own.id}:fs`, data: snapshot })

  await eventually(() => seen.length === 2)
  expect(seen.map((text) => JSON.parse(text))).toEqual([
    { seq: 7, event: snapshot },
    { ephemeral: { channel: `session:${own.id}:fs`, event: snapshot } },
  ])
  expect(await eventsOf(node, own.id)).toEqual([])
})

it('what is no event closes the link', async () => {
  const { url } = await openNode()
  for (const frame of [
    { type: 'event', epoch: 'e1', n: 1 },
    '[',
    { type: 'event', epoch: 'e1', n: -1, event: chunk(1) },
  ]) {
    const host = await linkedHost({ url })
    host.send(frame)
    expect((await host.closedWith()).code).toBe(4403)
  }
})

it('data that is nested without end is cut, and nothing is stuck', async () => {
  const node = await openNode()
  const { id } = await addSession(node)
  const host = await linkedHost({ url: node.url, sessions: [id] })
  const depth = 200_000
  const event = `{"type":"note","data":{"deep":${'['.repeat(depth)}${']'.repeat(depth)}},"timestamp":"t"}`

  host.send(`{"type":"event","epoch":"e1","n":1,"at":"t","sessionId":"${id}","event":${event}}`)
  host.n = 1
  host.event(id, chunk('after'))

  await host.acked(2)
  expect((await eventsOf(node, id)).map(({ data }) => data.truncated)).toEqual([true, undefined])
  expect(node.faults).toEqual([])
})

it('unknown frames and members are ignored; requests of hosts are not there', async () => {
  const { url } = await openNode()
  const host = await linkedHost({ url })

  host.send({ type: 'news', x: 1 })
  host.send({ type: 'caughtUp', epoch: 'e1', n: 0 })
  host.send({ type: 'req', id: 'h1', method: 'GET', path: '/agents' })

  await eventually(() => host.frames.some(({ type }) => type === 'res'))
  expect(host.frames.find(({ type }) => type === 'res')).toMatchObject({ id: 'h1', status: 404 })
})
