import { randomUUID } from 'node:crypto'
import { eventually } from '@parley/testkit'
import { expect, it } from 'vitest'
import { FakeHost, linkedHost, listen } from './fake-host.test.support.js'
import { addSession, eventsOf, openNode } from './hosts.test.support.js'

const error = { type: 'error', data: { message: 'hello' } }
const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`

it('a signal that is nested deeper than the stack ends neither the server nor the link', async () => {
  const node = await openNode()
  const { id } = await addSession(node)
  const host = await linkedHost({ url: node.url, sessions: [id] })

  host.send(`{"type":"signal","channel":"terminals:t1","data":${deep(100_000)}}`)
  host.send(
    `{"type":"signal","sessionId":"${id}","channel":"session:${id}:fs","data":{"type":"x","timestamp":"t","data":${deep(100_000)}}}`,
  )
  host.event(id, error)
  await host.acked()

  expect(await eventsOf(node, id)).toMatchObject([error])
})

it('an answer that is nested deeper than the stack is an answer all the same', async () => {
  const node = await openNode()
  const host = await linkedHost({ url: node.url })
  const asked = node.hosts.links.request('h1', { method: 'GET', path: '/health' })
  const { id } = await eventually(() => host.requests[0])

  host.send(`{"type":"res","id":"${id}","status":200,"body":${deep(100_000)}}`)

  expect(await asked).toMatchObject({ status: 502 })
})

it('a session that waits for its host is given to nobody who tells of it', async () => {
  const node = await openNode()
  const { id } = await addSession(node, { hostId: null })
  const host = await linkedHost({ url: node.url, sessions: [id] })

  host.event(id, error)
  host.event(id, { type: 'session.terminated', data: { exitCode: 0 } })
  await host.acked()

  expect(await node.store.sessions.find(id)).toMatchObject({ status: 'active', hostId: null })
  expect(await eventsOf(node, id)).toEqual([])
})

it('an event of a session of somebody else costs the link once, and is dropped when it comes again', async () => {
  const node = await openNode()
  await node.hosts.links.register({ hostId: 'h2', name: 'two', token: 'two' })
  const mine = await addSession(node)
  const theirs = await addSession(node, { hostId: 'h2' })
  const first = await linkedHost({ url: node.url, sessions: [mine.id] })
  first.event(theirs.id, error)
  first.event(mine.id, error)
  expect(await first.closedWith()).toMatchObject({ code: 4403, reason: 'not your session' })

  // It resends what was not acknowledged.
  const second = await linkedHost({ url: node.url, sessions: [mine.id], n: 2 })
  second.eventAs(1, theirs.id, error)
  second.eventAs(2, mine.id, error)
  await second.acked(2)

  expect(await eventsOf(node, theirs.id)).toEqual([])
  expect(await eventsOf(node, mine.id)).toMatchObject([error])
  expect(second.closed).toBeUndefined()
})

it('numbers that are none, and ids that are names of every object, harm nobody', async () => {
  const node = await openNode()
  const { id } = await addSession(node)
  for (const n of ['-1', '1e400', '1.5', '"1"', 'null', '9007199254740993']) {
    const host = await linkedHost({ url: node.url, sessions: [id] })
    host.send(
      `{"type":"event","epoch":"e1","n":${n},"at":"","sessionId":"${id}","event":{"type":"x","data":{},"timestamp":""}}`,
    )
    expect(await host.closedWith()).toMatchObject({ code: expect.any(Number) })
  }
  const half = await new FakeHost({ url: node.url, sessions: ['\ud800', id] }).opened()
  half.hello()
  expect(await half.closedWith()).toMatchObject({ code: 4403 })
  const host = await linkedHost({ url: node.url, sessions: ['constructor', '__proto__', id] })
  for (const name of ['constructor', '__proto__', 'toString']) host.event(name, error)
  host.event(id, { type: 'constructor', data: JSON.parse('{"__proto__":{"polluted":1}}') })
  await host.acked()

  expect(await eventsOf(node, id)).toHaveLength(1)
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  expect(node.faults).toEqual([])
})

it('a host tells lies about permissions of its own session only', async () => {
  const node = await openNode()
  await node.hosts.links.register({ hostId: 'h2', name: 'two', token: 'two' })
  const theirs = await addSession(node, { hostId: 'h2' })
  const mine = await addSession(node)
  const question = {
    requestId: 'r1',
    toolCallId: 't',
    title: 'Delete everything',
    options: [{ optionId: 'yes', name: 'Yes', kind: 'allow_once' }],
  }
  const other = await linkedHost({ url: node.url, hostId: 'h2', token: 'two', sessions: [theirs.id] })
  other.event(theirs.id, { type: 'permission_request', data: question })
  await other.acked()

  const host = await linkedHost({ url: node.url, sessions: [mine.id] })
  const approved = { requestId: 'r1', response: { outcome: { outcome: 'selected', optionId: 'yes' } } }
  host.event(mine.id, { type: 'permission_approved', data: approved })
  host.event(mine.id, { type: 'permission_request', data: { ...question, auto: { optionId: 'yes' } } })
  await host.acked()

  expect(await node.store.permissions.find(theirs.id, 'r1')).toMatchObject({ state: 'open' })
  expect(await node.store.permissions.find(mine.id, 'r1')).toMatchObject({ state: 'settled' })
})

it('signals on channels of others, or of sessions of others, go nowhere', async () => {
  const node = await openNode()
  await node.hosts.links.register({ hostId: 'h2', name: 'two', token: 'two' })
  const theirs = await addSession(node, { hostId: 'h2' })
  const mine = await addSession(node)
  const heard: string[] = []
  for (const stream of [`session:${theirs.id}`, 'host:h2', 'sessions:lifecycle'])
    node.ground.log.tap(stream, { signal: (payload) => heard.push(payload) })
  const host = await linkedHost({ url: node.url, sessions: [mine.id, theirs.id] })
  const data = { type: 'x', data: {}, timestamp: 't' }

  host.send({ type: 'signal', sessionId: theirs.id, channel: `session:${theirs.id}`, data })
  host.send({ type: 'signal', sessionId: mine.id, channel: `session:${theirs.id}`, data })
  host.send({ type: 'signal', channel: `session:${theirs.id}`, data })
  host.send({ type: 'signal', channel: 'terminals:t', data: { seq: 1, event: data } })
  host.event(mine.id, error)
  await host.acked()

  expect(heard).toEqual([])
})

it('dials of one address are counted', async () => {
  const node = await openNode()
  const url = await listen(node.hosts.acceptLink, '192.0.2.7')
  for (let dial = 0; dial < 30; dial++)
    expect(await (await new FakeHost({ url, token: randomUUID() }).opened()).closedWith()).toMatchObject({
      code: 4401,
    })

  expect(await (await new FakeHost({ url }).opened()).closedWith()).toMatchObject({ code: 1013 })
})

it('what was asked before a host died is not open when its session goes on', async () => {
  const node = await openNode()
  const { id } = await addSession(node, { processing: true })
  const question = {
    requestId: 'r1',
    toolCallId: 't',
    title: 'May I?',
    options: [{ optionId: 'yes', name: 'Yes', kind: 'allow_once' }],
  }
  const host = await linkedHost({ url: node.url, sessions: [id] })
  host.event(id, { type: 'permission_request', data: question })
  host.event(id, { type: 'session.resumed', data: { how: 'load', acpSessionId: 'acp' } })
  host.event(id, { type: 'permission_request', data: { ...question, requestId: 'r2' } })
  await host.acked()

  expect(await node.store.permissions.listOpen([id])).toMatchObject([{ requestId: 'r2' }])
  expect(await node.store.sessions.find(id)).toMatchObject({ processing: false })
  expect((await eventsOf(node, id)).map(({ type }) => type)).toEqual([
    'permission_request',
    'permission_cancelled',
    'session.resumed',
    'permission_request',
  ])
})
