import { tenantKey } from '@parley/kernel/principal'
import { expect, it } from 'vitest'
import type { SessionChange, SessionRow } from '../port.js'
import { type Bench, odd, permissionOf, sessionOf, start } from './fixtures.js'

const ids = (rows: readonly SessionRow[]) => rows.map(({ id }) => id)

/** A value for everything that a change may set. */
const whole: Required<SessionChange> = {
  title: odd,
  cwd: `/srv/${odd}`,
  status: 'killed',
  runtimeInfo: { hostUrl: 'http://h', websocketUrl: 'ws://h', runtimeName: 'local', runtimeMeta: { pid: 7 } },
  hostId: 'h1',
  updatedAt: start + 5,
  processing: true,
  autoApprove: true,
  queue: {
    processing: true,
    paused: false,
    size: 1,
    items: [{ queueId: 'q', text: odd, enqueuedAt: '2026-01-01T00:00:00.000Z', position: 0 }],
  },
  commands: [{ name: 'review', description: odd }],
  callsBack: true,
  end: { reason: 'agent_exit', exitCode: 7, message: odd },
}

/** Cases of sessions and their webhooks. */
export function sessionCases(bench: Bench): void {
  const put = (...rows: SessionRow[]) => bench.commit(...rows.map((row) => bench.store.sessions.insert(row)))

  it('answers a session exactly as it was inserted', async () => {
    const row = sessionOf('s1', {
      ...whole,
      tenant: { org: odd, team: 'B' },
      agentName: odd,
      spawn: { command: odd, args: ['-a', odd] },
      instance: odd,
    })
    await put(row, sessionOf('s2'))

    expect(await bench.store.sessions.find('s1')).toEqual(row)
    expect(await bench.store.sessions.find('s2')).toEqual(sessionOf('s2'))
    expect(await bench.store.sessions.find('s9')).toBeUndefined()
  })

  it('refuses an id that is taken, and keeps the first', async () => {
    const { sessions } = bench.store
    await put(sessionOf('s1'))

    expect(await bench.outcome(sessions.insert(sessionOf('s1', { agentName: 'Other' })))).toBe('refused')
    expect(await sessions.find('s1')).toEqual(sessionOf('s1'))
  })

  it('inserts an id once, however many do so at once', async () => {
    const ops = Array.from({ length: 10 }, () => bench.store.sessions.insert(sessionOf('s1')))

    expect(await bench.winners(ops)).toBe(1)
  })

  it('changes what is named, all of it, and nothing else', async () => {
    const { sessions } = bench.store
    await put(sessionOf('s1'), sessionOf('s2'))

    await bench.commit(sessions.change('s1', whole))
    expect(await sessions.find('s1')).toEqual(sessionOf('s1', whole))
    await bench.commit(sessions.change('s1', { title: null, queue: null }))
    expect(await sessions.find('s1')).toEqual(sessionOf('s1', { ...whole, title: null, queue: null }))
    expect(await bench.outcome(sessions.change('s1', {}))).toBe('committed')
    expect(await sessions.find('s2')).toEqual(sessionOf('s2'))
  })

  it('refuses a change of what is not there or not as expected', async () => {
    const { sessions } = bench.store
    await put(sessionOf('s1'))
    const end = () => sessions.change('s1', { status: 'killed' }, { status: 'active' })

    expect(await bench.winners([end(), end(), end()])).toBe(1)
    const callBack = () => sessions.change('s1', { callsBack: true }, { callsBack: false })
    expect(await bench.winners([callBack(), callBack()])).toBe(1)
    expect(await bench.outcome(sessions.change('s9', { processing: true }))).toBe('refused')
  })

  it('removes a session with its webhooks and permissions', async () => {
    const { sessions, permissions } = bench.store
    await put(sessionOf('s1'), sessionOf('s2'))
    for (const id of ['s1', 's2'])
      await bench.commit(
        ...sessions.insertWebhooks(id, [{ id: 'w', url: 'https://h', secret: 's' }]),
        permissions.insert(permissionOf(id, 'r')),
      )

    await bench.commit(...sessions.remove('s1'))

    expect(await sessions.find('s1')).toBeUndefined()
    expect([await sessions.listWebhooks('s1'), await permissions.list('s1')]).toEqual([[], []])
    expect(await sessions.find('s2')).toBeDefined()
    expect([(await sessions.listWebhooks('s2')).length, (await permissions.list('s2')).length]).toEqual([
      1, 1,
    ])
  })

  it('answers the ones that there are of many', async () => {
    const all = Array.from({ length: 1_200 }, (_, n) => `s${n}`)
    await put(...all.map((id) => sessionOf(id)))

    expect(ids(await bench.store.sessions.findMany(['s3', 'x', 's1'])).sort()).toEqual(['s1', 's3'])
    expect(ids(await bench.store.sessions.findMany(all)).sort()).toEqual([...all].sort())
    expect(await bench.store.sessions.findMany([])).toEqual([])
  })

  it('lists what tenants see, the last changed first, then by id', async () => {
    const a = { org: 'A' }
    await put(
      sessionOf('b', { tenant: a }),
      sessionOf('B', { tenant: a, status: 'killed' }),
      sessionOf('old', { updatedAt: start - 1 }),
      sessionOf('new', { updatedAt: start + 1, startedAt: start - 9 }),
      sessionOf('other', { tenant: { org: 'B' }, updatedAt: start + 2 }),
    )
    const { sessions } = bench.store
    const tenantKeys = [tenantKey(a), tenantKey({})]

    expect(ids(await sessions.list({ tenantKeys }))).toEqual(['new', 'B', 'b', 'old'])
    expect(ids(await sessions.list({ tenantKeys, limit: 2 }))).toEqual(['new', 'B'])
    expect(ids(await sessions.list({ tenantKeys: 'all' }))).toEqual(['other', 'new', 'B', 'b', 'old'])
    expect(await sessions.list({ tenantKeys: [] })).toEqual([])
    expect(await sessions.count()).toBe(5)
  })

  it('lists and counts active ones, the oldest first', async () => {
    await put(
      sessionOf('b', { hostId: 'h1', tenant: { org: 'A' } }),
      sessionOf('a', { hostId: 'h1', instance: odd }),
      sessionOf('old', { startedAt: start - 1 }),
      sessionOf('dead', { status: 'killed', hostId: 'h1' }),
    )
    const { sessions } = bench.store

    expect(ids(await sessions.listActive())).toEqual(['old', 'a', 'b'])
    expect(ids(await sessions.listActive({ hostId: 'h1' }))).toEqual(['a', 'b'])
    expect(ids(await sessions.listActive({ instance: odd }))).toEqual(['a'])
    expect(ids(await sessions.listActive({ hostId: 'h1', instance: 'local' }))).toEqual(['b'])
    expect(await sessions.countActive({})).toBe(2)
    expect(await sessions.countActive({ org: 'A' })).toBe(1)
  })

  it('keeps webhooks of a session in their order', async () => {
    const { sessions } = bench.store
    const webhooks = [
      { id: 'w2', url: `https://h/${odd}`, secret: odd, events: ['end_turn' as const, 'error' as const] },
      { id: 'w1', url: 'https://h', secret: 's' },
    ]
    await bench.commit(...sessions.insertWebhooks('s1', webhooks))

    expect(await sessions.listWebhooks('s1')).toEqual(webhooks)
    expect(await sessions.listWebhooks('s2')).toEqual([])
  })
}
