// Two nodes on one Postgres, with each kind of bus between them and real clocks.
import { toOp } from '@parley/kernel/db'
import { eventually, nodePairs } from '@parley/testkit'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { listen, Peer } from './peer.test.support.js'
import { eventsOf, formOf, type Json, openPlane, type Page, type Plane } from './plane.test.support.js'
import type { HandshakeOptions } from './service/options.js'

const { pairs, close } = await nodePairs()
afterAll(close)

const allChanges = async ({ call }: Plane, page: Page): Promise<Json[]> =>
  (await call('GET', `${page.diffUrl}?sinceSeq=0`, { token: page.token })).body.changes

// On a machine without Postgres or Redis the testkit says so on stderr.
describe.each(pairs)('two nodes on one Postgres, over $bus,', ({ open }) => {
  /** Two planes of one service. */
  const openPair = async (options: HandshakeOptions = {}): Promise<{ a: Plane; b: Plane }> => {
    const { nodes, close: closeNodes } = await open()
    onTestFinished(closeNodes)
    const [one, two] = nodes
    return {
      a: await openPlane({ ground: one, ...options }),
      b: await openPlane({ ground: two, ...options }),
    }
  }

  // proves: handshake.h38
  test('push from one to the sockets of the other', async () => {
    const { a, b } = await openPair()
    const page = await a.create(formOf('x', 'y'))
    const peer = await Peer.open(`${await listen(b.handshake)}${page.wsUrl}?after=0`)

    await a.set(page, { x: '1', y: '2' }, { intervalMs: 0 })

    await peer.until('done')
    expect(peer.frames.slice(1)).toEqual([
      { type: 'action', key: 'x', value: '1', seq: 2 },
      { type: 'action', key: 'y', value: '2', seq: 3 },
      { type: 'done', applied: 2, rejected: [], missing: [], seq: 4 },
    ])
  })

  test('read what the other wrote, at once', async () => {
    const { a, b } = await openPair({ rateLimitPerMinute: 1000 })
    const page = await a.create(formOf('x'))

    for (let n = 0; n < 30; n++) {
      const [writer, reader] = n % 2 === 0 ? [a, b] : [b, a]
      await writer.set(page, { x: `v${n}` }, { stream: false })
      expect((await reader.context(page)).body.context.x.value).toBe(`v${n}`)
    }
  })

  // proves: handshake.h38
  test('lose no update when users and agents write on both at once', async () => {
    const { a, b } = await openPair({ rateLimitPerMinute: 1000, rates: { edits: 10_000 } })
    const page = await a.create()
    const accepted: string[] = []
    const edit = async (plane: Plane, key: string, value: string) => {
      const { status } = await plane.edit(page, key, value)
      if (status === 200) accepted.push(`${key}=${value}`)
    }

    await Promise.all(
      [a, b].flatMap((plane, node) =>
        Array.from({ length: 25 }, async (_, n) => {
          await edit(plane, `user${n % 5}`, `${node}.${n}`)
          await plane.set(page, { [`agent${n % 5}`]: `${node}.${n}`, [`user${n % 5}`]: `agent ${node}.${n}` })
        }),
      ),
    )

    expect(accepted).toHaveLength(50)
    const changes = await allChanges(a, page)
    expect(changes.map(({ seq }) => seq)).toEqual(Array.from({ length: 150 }, (_, n) => n + 1))
    const times = changes.map(({ at }) => at)
    expect(times).toEqual([...new Set(times)].sort())
    for (const one of accepted) expect(changes.map(({ key, to }) => `${key}=${to}`)).toContain(one)
    expectChain(changes)
    const replayed = Object.fromEntries(changes.map(({ key, to }) => [key, to]))
    for (const plane of [a, b]) expect((await plane.context(page)).body.data).toEqual(replayed)
    expect(await allChanges(b, page)).toEqual(changes)
  })

  test('a batch whose turn went to another node stores nothing more', async () => {
    const { a } = await openPair()
    const page = await a.create(formOf('x', 'y'))
    // What a node sees that was thought dead: its lease has an epoch that is not its own any more.
    a.handshake.onAction(async (session, action) => {
      if (action.key !== 'y') return
      const { db, log } = a.ground
      const stolen = db
        .tables<{ leases: { name: string; epoch: number } }>()
        .updateTable('leases')
        .set((is) => ({ epoch: is('epoch', '+', 1) }))
        .where('name', '=', `handshake:${session.id}`)
      await log.commit({ ops: [toOp(stolen, 1)], appends: [] })
    })

    const { status, body } = await a.set(page, { x: '1', y: '2' }, { intervalMs: 1 })

    expect({ status, body }).toEqual({
      status: 503,
      body: { error: expect.stringContaining('batch interrupted') },
    })
    expect((await a.context(page)).body.context).toMatchObject({ x: { value: '1' } })
    expect((await a.context(page)).body.context.y).toMatchObject({ value: '', by: 'empty' })
  })

  // proves: handshake.h38
  test('share the budget of an agent', async () => {
    const { a, b } = await openPair({ rateLimitPerMinute: 10 })
    const page = await a.create()
    for (let n = 0; n < 5; n++) await a.context(page)
    for (let n = 0; n < 5; n++) await b.context(page)

    // The nodes tell each other in messages: each learns of the other's hits a moment later.
    await eventually(async () => (await a.context(page)).status === 429)
    await eventually(async () => (await b.context(page)).status === 429)
  })

  // proves: handshake.h35
  test('run the batches of one handshake one after the other', async () => {
    const { a, b } = await openPair()
    const keys = (prefix: string) => Array.from({ length: 4 }, (_, n) => `${prefix}${n}`)
    const page = await a.create(formOf(...keys('a'), ...keys('b')))
    const batch = (plane: Plane, names: string[]) =>
      plane.set(page, Object.fromEntries(names.map((name) => [name, 'x'])), { intervalMs: 30 })

    await Promise.all([batch(a, keys('a')), batch(b, keys('b'))])

    const events = (await eventsOf(a, page)).slice(1)
    const oneBatch = (prefix: string) => [...keys(prefix).map((key) => `field.set ${key}`), 'batch.done']
    expect([
      [...oneBatch('a'), ...oneBatch('b')],
      [...oneBatch('b'), ...oneBatch('a')],
    ]).toContainEqual(events)
  })

  // proves: handshake.h29
  test('revoke and claim for the sockets of the other', async () => {
    const { a, b } = await openPair()
    const url = await listen(b.handshake)
    const page = await a.create()
    const browser = await Peer.open(url + page.wsUrl)
    const watcher = await Peer.open(`${url}/ws/handshake/${page.id}?token=${page.token}`)

    await a.call('POST', `/handshake/session/${page.id}/claim`, { token: page.token })
    await browser.until('claimed')
    expect(await watcher.untilClosed()).toMatchObject({ code: 1000 })
    expect((await b.context(page)).status).toBe(403)

    await a.call('DELETE', `/handshake/session/${page.id}`, { key: page.key })
    expect(await browser.untilClosed()).toMatchObject({ code: 1000 })
    expect(browser.frames.at(-1)).toEqual({ type: 'error', msg: 'session revoked' })
    expect((await b.context(page)).status).toBe(404)
  })

  test('let one of twenty claims at once win', async () => {
    const { a, b } = await openPair()
    const page = await a.create()
    const claim = ({ call }: Plane) =>
      call('POST', `/handshake/session/${page.id}/claim`, { token: page.token })

    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => claim(n % 2 ? a : b)))

    expect(answers.map(({ status }) => status).sort()).toEqual([
      200,
      ...Array.from({ length: 19 }, () => 409),
    ])
  })

  // proves: handshake.h08
  test('keep a field that the user edited on the other while a batch was under way', async () => {
    const { a, b } = await openPair()
    const page = await a.create(formOf('x', 'y', 'z'))
    const batch = a.set(page, { x: '1', y: '2', z: '3' }, { intervalMs: 200 })
    await eventually(async () => (await eventsOf(b, page)).includes('field.set x'))

    await b.edit(page, 'z', 'mine')

    expect((await batch).body).toMatchObject({ applied: ['x', 'y'], rejected: ['z'] })
    expect((await b.context(page)).body.context.z).toMatchObject({ value: 'mine', by: 'user' })
  })

  test('a node that was not asked does not end what the other keeps alive', async () => {
    const { a, b } = await openPair({ ttlSeconds: 2, rateLimitPerMinute: 10_000 })
    const page = await a.create()
    const peer = await Peer.open((await listen(b.handshake)) + page.wsUrl)
    const until = performance.now() + 5000

    // Real time, since the nodes have clocks of their own: three lifetimes of calls on one node only.
    await eventually(
      async () => {
        expect((await a.context(page)).status).toBe(200)
        return performance.now() > until
      },
      { everyMs: 100 },
    )

    expect(peer.closed).toBeUndefined()
    expect((await b.context(page)).status).toBe(200)
  })
})

/** Each change starts from what the one before it left. */
function expectChain(changes: readonly Json[]): void {
  const now = new Map<string, unknown>()
  for (const { key, from, to } of changes) {
    expect(from).toEqual(now.get(key) ?? null)
    now.set(key, to)
  }
}
