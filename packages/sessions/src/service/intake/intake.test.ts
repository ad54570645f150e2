import { randomUUID } from 'node:crypto'
import type { Op } from '@parley/kernel/db'
import { describe, expect, it } from 'vitest'
import { addSession, chunk, eventsOf, openNode } from '../hosts/hosts.test.support.js'
import type { Happened } from '../port.js'
import { lifecycleStream, streamOf } from './streams.js'

const timestamp = '2026-01-01T00:00:00.000Z'
const note = (text: string) => ({ type: 'note', data: { text }, timestamp })
const end = { type: 'session.terminated', data: { exitCode: 0 }, timestamp }

describe('the intake', () => {
  it('stores a batch over several sessions in one unit, with one change a session', async () => {
    const units: { ops: readonly Op[] }[] = []
    const node = await openNode({
      commit: (commit) => (unit) => {
        units.push(unit)
        return commit(unit)
      },
    })
    const [a, b] = [await addSession(node), await addSession(node)]
    units.length = 0

    const events = [a, b, a, b, a].map(({ id }, i) => ({ sessionId: id, event: note(String(i)) }))
    expect(await node.intake.take(events)).toBe(true)

    expect(units).toHaveLength(1)
    expect(units[0]?.ops).toHaveLength(2)
    expect((await eventsOf(node, a.id)).map(({ data }) => data.text)).toEqual(['0', '2', '4'])
    expect((await node.store.sessions.find(b.id))?.updatedAt).toBe(node.clock.micros())
  })

  it('stores nothing when a guard refuses, and says so', async () => {
    const node = await openNode()
    const { id } = await addSession(node)
    const guards = [node.store.hosts.advance('h1', { epoch: 'x', n: 1 }, { epoch: 'x', n: 2 })]

    expect(await node.intake.take([{ sessionId: id, event: note('a') }], { guards })).toBe(false)

    expect(await eventsOf(node, id)).toEqual([])
  })

  it('drops and counts events of sessions that are unknown or of another host', async () => {
    const node = await openNode()
    const { id } = await addSession(node, { hostId: 'h2' })

    await node.intake.take(
      [id, randomUUID()].map((sessionId) => ({ sessionId, event: note('a') })),
      { hostId: 'h1' },
    )

    expect(await eventsOf(node, id)).toEqual([])
    expect(node.intake.dropped).toBe(2)
  })

  it('tells observers of each event, before the commit for statements and after it for the rest', async () => {
    const node = await openNode()
    const { id } = await addSession(node)
    const told: Happened[] = []
    node.intake.observe({
      ops: ({ event }) => (event.type === 'note' ? [node.store.settings.write({ autoApprove: true })] : []),
      committed: (happened) => told.push(happened),
    })
    node.intake.observe({ ops: async () => [node.store.hosts.setLost('h1', 5)] })
    node.intake.observe({
      committed: () => {
        throw new Error('a broken observer')
      },
    })

    await node.intake.take([
      { sessionId: id, event: note('a') },
      { sessionId: id, event: end, via: 'callback' },
    ])

    expect(told.map(({ event, via }) => [event.type, via])).toEqual([
      ['note', undefined],
      ['session.terminated', 'callback'],
    ])
    expect(told.map(({ session }) => session.status)).toEqual(['active', 'active'])
    expect(await node.store.settings.read()).toEqual({ autoApprove: true })
    expect((await node.store.hosts.find('h1'))?.lostAt).toBe(5)
    expect(node.faults).toHaveLength(2)
  })

  it('ends a session once: row, calls and a message to everybody', async () => {
    const node = await openNode()
    const { id, tenant } = await addSession(node, { tenant: { org: 'a' } })
    const call = { key: 'k', hostId: 'h1', sessionId: id, method: 'POST', path: '/x', body: {}, createdAt: 1 }
    const calls = [
      { ...call, rank: 1 },
      { ...call, key: 'end', rank: 0 },
      { ...call, key: 'other', sessionId: 'other', rank: 1 },
    ]
    await node.ground.log.commit({ ops: calls.map(node.store.calls.insert), appends: [] })
    const signals: unknown[] = []
    for (const stream of [streamOf(id), lifecycleStream])
      node.ground.log.tap(stream, { signal: (payload) => signals.push(JSON.parse(payload)) })

    await Promise.all([
      node.intake.take([{ sessionId: id, event: end }]),
      node.intake.take([{ sessionId: id, event: end }]),
    ])

    expect(tenant).toEqual({ org: 'a' })
    expect(await eventsOf(node, id)).toHaveLength(1)
    expect(await node.store.sessions.find(id)).toMatchObject({
      status: 'killed',
      end: { reason: 'agent_exit' },
    })
    expect((await node.store.calls.list('h1')).map(({ key }) => key)).toEqual(['end', 'other'])
    expect(signals).toEqual([
      { lifecycle: 'session.terminated' },
      { lifecycle: 'session.terminated', sessionId: id, tenantKey: '[["org","a"]]' },
    ])
  })

  it('ends a session whose host calls back that its agent has ended', async () => {
    const node = await openNode()
    const { id } = await addSession(node, { hostId: null })

    await node.intake.take([
      { sessionId: id, event: { type: 'session_end', data: { exitCode: 4 }, timestamp }, via: 'callback' },
    ])

    expect((await eventsOf(node, id)).map(({ type }) => type)).toEqual(['session_end', 'session.terminated'])
    expect((await node.store.sessions.find(id))?.end?.exitCode).toBe(4)
  })

  it('changes nothing of an ended session', async () => {
    const node = await openNode()
    const { id } = await addSession(node, { status: 'killed' })
    const before = await node.store.sessions.find(id)

    await node.intake.take([{ sessionId: id, event: { ...chunk(1), timestamp } }])

    expect(await eventsOf(node, id)).toHaveLength(1)
    expect(await node.store.sessions.find(id)).toEqual(before)
  })
})
