import type { Ground } from '@parley/kernel/ground'
import { eventually, type FakeClock, fakeClock, testGrounds } from '@parley/testkit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ReceiptState } from '../store/port.js'
import {
  botOf,
  conversationOf,
  entryOf,
  instanceOf,
  bot as oddBot,
  ours,
  promptOf,
  receiptOf,
} from '../store/store-cases/fixtures.js'
import { changesStream } from './changes.js'
import type { RelayDeps } from './deps.js'
import { housekeep, startHousekeeping } from './housekeeping.js'
import { botStream } from './inbound/received.js'
import { openDeps } from './rooms.test.support.js'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const micros = 1_000
const bot = { ...oddBot, botId: '7' }
const actor = { kind: 'system' as const, id: 'relay' }

for (const { name, open } of await testGrounds())
  describe(`On ${name}`, () => {
    let clock: FakeClock
    let deps: RelayDeps & { faults: unknown[] }
    let close: () => Promise<void>
    let another: (() => Promise<Ground>) | undefined
    beforeEach(async () => {
      // A clock of the plane alone: a ground does things of its own every few seconds.
      clock = fakeClock()
      const opened = await open()
      close = opened.close
      another = opened.another && (async () => withClock(await opened.another!()))
      deps = await openDeps(withClock(opened.ground))
    })
    afterEach(async () => {
      await close()
      expect(deps.faults).toEqual([])
    })

    const withClock = (ground: Ground): Ground => ({ ...ground, clock })

    const commit = async (ops: Parameters<typeof deps.ground.log.commit>[0]['ops']) =>
      expect(await deps.ground.log.commit({ ops, appends: [] })).toMatchObject({ outcome: 'committed' })
    /** Moves on, and does what is due then. */
    const pass = async (ms: number) => {
      await clock.advance(ms)
      await housekeep(deps, new AbortController().signal)
    }

    test('what waited too long is dropped and counted', async () => {
      const { entries, instances } = deps.store
      const at = clock.micros()
      const drafts = [hour, 2 * hour, day].map((ms, n) =>
        entryOf(`buf_${n}`, { createdAt: at, expiresAt: at + ms * micros }),
      )
      await commit([instances.insert(instanceOf()), ...drafts.flatMap((draft) => entries.append(draft))])
      await pass(2 * hour)

      expect(await entries.list(ours, { after: 0, limit: 9 })).toMatchObject([{ bufferId: 'buf_2' }])
      expect(await instances.find(ours)).toMatchObject({ dropped: 2 })
      expect(deps.tally.read()).toMatchObject({ 'buffer.dropped': 2 })
    })

    test('what has expired is forgotten, and what has not stays', async () => {
      const { vault, prompts, links, gateways, media } = deps.store
      const at = clock.micros()
      const expiries = { old: at + minute * micros, new: at + day * micros }
      for (const [id, expiresAt] of Object.entries(expiries))
        await commit([
          vault.bind({ ...ours, ...bot, sessionKey: id, kind: 'k', sealed: '', uses: 0, expiresAt }),
          prompts.insert(promptOf(id, { ...bot, expiresAt })),
          links.insertCode({ ...ours, hash: id, platform: 'p', expiresAt }),
          gateways.insertEnrolment({
            hash: id,
            tenant: 't',
            createdAt: at,
            usedAt: null,
            gatewayId: null,
            expiresAt,
          }),
          media.insertChunk(id, 0, new Uint8Array(1), at),
          ...media.insert({ id, mime: 'a/b', size: 1, filename: 'f', createdAt: at, expiresAt }, ['t'], null),
          media.insertChunk(`abandoned ${id}`, 0, new Uint8Array(1), expiresAt),
        ])
      await pass(2 * hour)

      const left = async (id: string) =>
        Promise.all([
          vault.find(ours.tenant, id, 'k'),
          prompts.find(bot, 'c1', id, at).then(([row]) => row),
          links.findCode(id),
          gateways.findEnrolment(id),
          media.find(id, 't', at),
          media.readChunk(id, 0),
          media.readChunk(`abandoned ${id}`, 0),
        ])
      expect(await left('old')).toEqual(Array(7).fill(undefined))
      expect((await left('new')).filter((row) => row === undefined)).toEqual([])
    })

    test('routes, conversations and receipts are kept for their time', async () => {
      const { routing, receipts } = deps.store
      const at = clock.micros()
      const states: ReceiptState[] = ['queued', 'sent', 'confirmed', 'parked', 'dead']
      await commit([
        ...routing.remember(conversationOf({ lastSeenAt: at })),
        ...states.map((state) => receipts.insert(receiptOf(state, { state, createdAt: at, updatedAt: at }))),
      ])
      const left = async () => {
        const rows = await receipts.list({ limit: 9 })
        const { sessionKey } = conversationOf()
        return {
          route: (await routing.sessionRoute(ours.tenant, sessionKey, 0)) !== undefined,
          conversations: (await routing.listConversations({ limit: 9 })).length,
          receipts: rows.map(({ id }) => id).sort(),
        }
      }
      await pass(day)
      expect(await left()).toEqual({ route: true, conversations: 1, receipts: [...states].sort() })

      await pass(1)
      expect(await left()).toMatchObject({ route: false, conversations: 1 })
      await pass(6 * day)
      expect(await left()).toMatchObject({ receipts: ['dead', 'parked', 'queued'] })
      await pass(23 * day)
      expect(await left()).toMatchObject({ receipts: ['parked', 'queued'], conversations: 1 })
      await pass(60 * day)
      expect(await left()).toMatchObject({ conversations: 0, receipts: ['parked', 'queued'] })
    })

    test("an instance's stream is trimmed behind what still waits", async () => {
      const { entries, instances } = deps.store
      const stream = 'relay-buffer:1'
      await commit([instances.insert(instanceOf({ stream }))])
      const append = (id: string) =>
        deps.ground.log.commit({
          ops: entries.append(entryOf(id, { expiresAt: clock.micros() + day * micros })),
          appends: [{ stream, drafts: [{ type: 'relay.entry', actor, body: { id } }] }],
        })
      for (const id of ['a', 'b', 'c', 'd']) await append(id)
      const first = async () => (await deps.ground.log.read(stream, { after: 0 })).first
      await commit([entries.settle(ours, 'a'), entries.settle(ours, 'c')])
      await pass(0)
      expect(await first()).toBe(2)

      await commit([entries.settle(ours, 'b'), entries.settle(ours, 'd')])
      await pass(0)
      expect(await first()).toBe(5)
      await append('e')
      await pass(0)
      const page = await deps.ground.log.read(stream, { after: 0 })
      expect(page.events.map(({ seq }) => seq)).toEqual([5])
      expect(await entries.list(ours, { after: 0, limit: 9 })).toMatchObject([{ position: 5 }])
    })

    test('of what a bot got the newest ten thousand are kept, and of changes more', async () => {
      await commit([deps.store.bots.insert(botOf(bot))])
      const draft = { type: 'relay.received', actor, body: {} }
      for (const stream of [botStream(bot), changesStream])
        for (let part = 0; part < 11; part++)
          await deps.ground.log.commit({ ops: [], appends: [{ stream, drafts: Array(1_000).fill(draft) }] })
      await pass(0)

      expect(await deps.ground.log.read(botStream(bot), { after: 0, limit: 1 })).toMatchObject({
        head: 11_000,
        first: 1_001,
      })
      expect(await deps.ground.log.read(changesStream, { after: 0, limit: 1 })).toMatchObject({
        head: 11_000,
        first: 1,
      })
    })

    test('a fault is told, and the other tasks are done', async () => {
      const { entries, vault } = deps.store
      await commit([
        vault.bind({ ...ours, ...bot, sessionKey: 's', kind: 'k', sealed: '', uses: 0, expiresAt: 0 }),
      ])
      entries.countExpired = () => Promise.reject(new Error('the database is away'))
      await pass(0)

      expect(await vault.find(ours.tenant, 's', 'k')).toBeUndefined()
      expect(deps.faults.splice(0)).toMatchObject([{ message: 'the database is away' }])
    })

    test('it is done every minute until the end', async () => {
      const { vault } = deps.store
      const stop = startHousekeeping(deps)
      const bind = (sessionKey: string) =>
        commit([vault.bind({ ...ours, ...bot, sessionKey, kind: 'k', sealed: '', uses: 0, expiresAt: 0 })])
      const isThere = async (sessionKey: string) =>
        (await vault.find(ours.tenant, sessionKey, 'k')) !== undefined
      for (const sessionKey of ['s1', 's2']) {
        await bind(sessionKey)
        await clock.advance(minute - 1)
        expect(await isThere(sessionKey)).toBe(true)
        await clock.advance(1)
        // The next one is planned when this one has ended.
        await eventually(() => clock.pending === 1)
        expect(await isThere(sessionKey)).toBe(false)
      }
      await stop()

      expect(clock.pending).toBe(0)
    })

    test('nodes that do it at the same time count what is dropped once', async ({ skip }) => {
      if (!another) return skip('one node')
      const { entries, instances } = deps.store
      const draft = entryOf('a', { expiresAt: clock.micros() })
      await commit([instances.insert(instanceOf()), ...entries.append(draft)])
      const others = await Promise.all([openDeps(await another()), openDeps(await another())])
      const nodes = [deps, ...others]
      await Promise.all(nodes.map((node) => housekeep(node, new AbortController().signal)))

      expect(await instances.find(ours)).toMatchObject({ dropped: 1 })
      const counted = nodes.map(({ tally }) => tally.read()['buffer.dropped'] ?? 0)
      expect(counted.reduce((sum, count) => sum + count, 0)).toBe(1)
    })
  })
