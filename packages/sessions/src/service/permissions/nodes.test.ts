import { eventually, nodePairs } from '@parley/testkit'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { linkedHost } from '../hosts/fake-host.test.support.js'
import { addSession, eventsOf, startNode } from '../hosts/hosts.test.support.js'

const { pairs, close } = await nodePairs()
afterAll(close)

const request = (requestId: string) => ({
  requestId,
  toolCallId: 'call',
  title: 'Write a file',
  options: [
    { optionId: 'yes', name: 'Yes', kind: 'allow_once' },
    { optionId: 'no', name: 'No', kind: 'reject_once' },
  ],
})

describe.each(pairs)('two nodes over $bus', ({ open }) => {
  it('a request answered on both at once is answered by one, and its host hears one answer', async () => {
    const { nodes, close } = await open()
    onTestFinished(() => close())
    const [a, b] = [await startNode(nodes[0]), await startNode(nodes[1])]
    await a.hosts.links.register({ hostId: 'h1', name: 'one', token: 'token' })
    const session = await addSession(a)
    const host = await linkedHost({ url: a.url, sessions: [session.id], answer: () => ({ status: 200 }) })
    const rounds = ['r1', 'r2', 'r3', 'r4']
    for (const requestId of rounds)
      host.event(session.id, { type: 'permission_request', data: request(requestId) })
    await host.acked()
    const by = (id: string) => ({ kind: 'user', id, tenant: {}, scopes: [] }) as const

    for (const requestId of rounds) {
      const tries = await Promise.allSettled([
        a.permissions.resolve(by('ann'), session, requestId, { optionId: 'yes' }, 'rest'),
        b.permissions.resolve(by('bob'), session, requestId, { optionId: 'no' }, 'rest'),
      ])
      const won = tries.findIndex(({ status }) => status === 'fulfilled')
      expect(tries[1 - won]).toMatchObject({ reason: { code: 'sessions.permission_not_found' } })
    }

    await eventually(async () => (await b.store.calls.list('h1')).length === 0)
    const told = host.requests.map(({ path, body }) => [
      path.split('/').at(-1),
      (body as { optionId: string }).optionId,
    ])
    const said = (await eventsOf(b, session.id))
      .filter(({ type }) => type === 'permission_responded')
      .map(({ data }) => [data.requestId, data.optionId])
    expect(told.toSorted()).toEqual(said.toSorted())
    expect(said).toHaveLength(rounds.length)
    expect([...a.faults, ...b.faults]).toEqual([])
  })
})
