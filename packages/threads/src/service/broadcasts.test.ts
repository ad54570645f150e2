import { eventually, recordingBroadcaster } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { openPlane, people } from '../plane.test.support.js'
import { type Identity, type Run, type Thread, type ThreadEvent, text } from '../protocol/index.js'
import type { ThreadsOptions } from './options.js'
import { helper, quick } from './runs/room.test.support.js'

async function openRecorded(options: Partial<ThreadsOptions> = {}) {
  const told = recordingBroadcaster<ThreadEvent, Thread, Identity, Run>()
  const order: string[] = []
  const broadcaster = {
    ...told,
    broadcastEvent: (event: ThreadEvent, target: { namespace: string }) => {
      order.push(`event ${event.type}`)
      told.broadcastEvent(event, target)
    },
    broadcastMembersUpdated: (id: string, members: Identity[], target: { namespace: string }) => {
      order.push('members')
      told.broadcastMembersUpdated(id, members, target)
    },
    broadcastRunUpdated: (run: Run, target: { namespace: string }) => {
      order.push(`run ${run.status}`)
      told.broadcastRunUpdated(run, target)
    },
  }
  const plane = await openPlane({ broadcaster, ...options })
  return { ...plane, told, order }
}

describe('a broadcaster', () => {
  test('is told of every change once, the event before what it changed', async () => {
    const { call, room, threads, told, order } = await openRecorded()
    threads.assistant('a', quick)
    const id = await room({ members: [helper('a')] })

    const key = { content: [text('hi')], client_id: 'c1' }
    const { body: sent } = await call('alice', 'POST', `/threads/${id}/messages`, key)
    await call('alice', 'POST', `/threads/${id}/messages`, key)
    await call('alice', 'POST', `/threads/${id}/invocations`, { assistant_ids: ['a'] })
    await eventually(() => told.runsUpdated.some(({ run }) => run.status === 'completed'))
    await call('alice', 'PATCH', `/threads/${id}`, { metadata: { n: 1 } })
    await call('alice', 'DELETE', `/threads/${id}/members/a`)
    await call('alice', 'DELETE', `/threads/${id}`)
    await eventually(() => told.threadsDeleted.length === 1)

    expect(order).toEqual([
      'event thread.created',
      'event thread.member_added',
      'members',
      'event thread.member_added',
      'members',
      'event message',
      'run pending',
      'event run.started',
      'run running',
      'event message',
      'event run.completed',
      'run completed',
      'event thread.member_removed',
      'members',
    ])
    expect(told.events.find(({ event }) => event.id === sent.id)).toEqual({ event: sent, namespace: '/' })
    expect(told.threadsUpdated).toMatchObject([{ thread: { id, metadata: { n: 1 } }, namespace: '/' }])
    expect(told.evicted).toEqual([{ threadId: id, identityId: 'a', reason: 'removed', namespace: '/' }])
    expect(told.threadsDeleted).toEqual([{ threadId: id, namespace: '/' }])
  })

  test('is told in which namespace, and in both when a thread moves', async () => {
    const { call, room, told } = await openRecorded({ namespaceKeys: ['org', 'ws'], foreignTenants: true })
    const id = await room({ members: [people.bob!] })

    await call('alice', 'PATCH', `/threads/${id}`, { tenant: { org: 'A', ws: 'Y' } })
    await eventually(() => told.evicted.length === 2)

    const moves = told.events.filter(({ event }) => event.type === 'thread.tenant_changed')
    expect(moves.map(({ namespace }) => namespace)).toEqual(['/A/X', '/A/Y'])
    expect(told.threadsUpdated.map(({ namespace }) => namespace).toSorted()).toEqual(['/A/X', '/A/Y'])
    expect(told.evicted).toMatchObject([
      { identityId: 'u_alice', reason: 'tenant_changed', namespace: '/A/X' },
      { identityId: 'u_bob', reason: 'tenant_changed', namespace: '/A/X' },
    ])
  })

  test('hears which members a new tenant hides the thread from', async () => {
    const { call, room, told } = await openRecorded({ foreignTenants: true })
    const id = await room({ tenant: {}, members: [people.dave!] })

    await call('alice', 'PATCH', `/threads/${id}`, { tenant: { org: 'A' } })
    await eventually(() => told.evicted.length > 0)

    expect(told.evicted).toEqual([
      { threadId: id, identityId: 'u_dave', reason: 'tenant_changed', namespace: '/' },
    ])
    expect(told.threadsUpdated).toHaveLength(1)
  })

  test('that fails is a fault, and touches nothing', async () => {
    const fails = () => {
      throw new Error('no')
    }
    const rejects = () => Promise.reject(new Error('late no'))
    const broadcaster = { ...recordingBroadcaster(), broadcastEvent: fails, broadcastMembersUpdated: rejects }
    const { call, room, faults } = await openPlane({ broadcaster })
    const id = await room({ members: [people.bob!] })

    const { status } = await call('bob', 'POST', `/threads/${id}/messages`, { content: [text('hi')] })

    expect(status).toBe(201)
    await eventually(() => faults.some((fault) => String(fault) === 'Error: late no'))
    expect(faults.map(String)).toContain('Error: no')
  })
})
