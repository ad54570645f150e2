import type { Op } from '@parley/kernel/db'
import { testGrounds } from '@parley/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sqlThreadStore, sqlWebhookStore, threadsMigrations } from '../index.js'
import { start, threadOf } from '../store-cases/fixtures.js'
import type { WebhookRow } from './port.js'

const row = (id: string, over: Partial<WebhookRow> = {}): WebhookRow => ({
  id,
  tenant: null,
  threadId: null,
  url: 'https://hooks.example/',
  description: '',
  eventTypes: ['*'],
  isEnabled: true,
  disabledReason: null,
  failingSince: null,
  createdAt: start,
  ...over,
})
const secrets = { secret: 's1', previousSecret: null, previousUntil: null }

for (const { name, open } of await testGrounds())
  describe(`The store of webhooks on ${name}`, () => {
    async function opened() {
      const { ground, close } = await open()
      onTestFinished(close)
      await ground.db.migrate([threadsMigrations])
      const commit = async (...ops: Op[]) => (await ground.log.commit({ ops, appends: [] })).outcome
      return { ground, commit, store: sqlWebhookStore(ground.db) }
    }

    it('gives back what was put in, and its secrets only to whoever sends', async () => {
      const { store, commit } = await opened()
      const full = row('wh_1', {
        tenant: { org: 'A' },
        threadId: 'th_1',
        eventTypes: ['message', 'run.failed'],
        isEnabled: false,
        disabledReason: 'failing',
        failingSince: start + 1,
      })
      await commit(...store.insert({ ...full, ...secrets }))

      expect(await store.find('wh_1')).toEqual(full)
      expect(await store.findToSend('wh_1')).toEqual({ ...full, ...secrets })
      expect(await store.find('wh_2')).toBeUndefined()
      const replaced = { secret: 's2', previousSecret: 's1', previousUntil: start }
      await commit(store.replaceSecrets('wh_1', replaced))
      expect(await store.findToSend('wh_1')).toEqual({ ...full, ...replaced })
    })

    it('every change counts the version up; what is not there refuses', async () => {
      const { store, commit } = await opened()
      const versions = [await store.version()]
      for (const ops of [
        store.insert({ ...row('wh_1'), ...secrets }),
        store.update('wh_1', { url: 'https://other.example/', isEnabled: false }),
        store.remove('wh_1'),
      ]) {
        await commit(...ops)
        versions.push(await store.version())
      }

      expect(versions).toEqual([0, 1, 2, 3])
      expect(await commit(...store.update('wh_1', {}))).toBe('refused')
      expect(await commit(...store.remove('wh_1'))).toBe('refused')
      expect(await commit(store.replaceSecrets('wh_1', secrets))).toBe('refused')
      expect(await store.version()).toBe(3)
    })

    it('an update sets what it names', async () => {
      const { store, commit } = await opened()
      await commit(
        ...store.insert({ ...row('wh_1', { failingSince: start, disabledReason: 'gone' }), ...secrets }),
      )
      const change = { description: 'd', eventTypes: ['message'], disabledReason: null, failingSince: null }
      await commit(...store.update('wh_1', change))

      expect(await store.find('wh_1')).toEqual(row('wh_1', change))
    })

    it('remembers the first time it failed, until it is well', async () => {
      const { store, commit } = await opened()
      await commit(...store.insert({ ...row('wh_1'), ...secrets }))
      const since = async () => (await store.find('wh_1'))?.failingSince

      await commit(store.setFailing('wh_1', start))
      await commit(store.setFailing('wh_1', start + 5))
      expect(await since()).toBe(start)
      await commit(store.setFailing('wh_1', null))
      expect(await since()).toBeNull()
    })

    it('lists newest first, after a cursor, by tenant; and counts', async () => {
      const { store, commit } = await opened()
      const rows = [
        row('wh_a', { tenant: { org: 'A' } }),
        row('wh_b', { tenant: { org: 'A' } }),
        row('wh_c', { tenant: {}, createdAt: start + 1 }),
        row('wh_d', { createdAt: start + 2, isEnabled: false }),
      ]
      for (const one of rows) await commit(...store.insert({ ...one, ...secrets }))
      const ids = async (query: object) => (await store.list({ limit: 10, ...query })).map(({ id }) => id)

      expect(await ids({})).toEqual(['wh_d', 'wh_c', 'wh_b', 'wh_a'])
      expect(await ids({ limit: 2 })).toEqual(['wh_d', 'wh_c'])
      expect(await ids({ after: { createdAt: start, id: 'wh_b' } })).toEqual(['wh_a'])
      expect(await ids({ tenant: { org: 'A' } })).toEqual(['wh_b', 'wh_a'])
      expect(await ids({ tenant: {} })).toEqual(['wh_c'])
      expect(await ids({ tenant: null })).toEqual(['wh_d'])
      expect([
        await store.count({ org: 'A' }),
        await store.count(null),
        await store.count({ x: 'y' }),
      ]).toEqual([2, 1, 0])
      expect(await store.listEnabled()).toEqual({ version: 4, rows: rows.slice(0, 3) })
    })

    it('looks at version and tenant in one question', async () => {
      const { ground, store, commit } = await opened()
      const threads = sqlThreadStore(ground.db)
      await commit(
        threads.insertThread(threadOf('th_1', { tenant: { org: 'A' } })),
        ...store.insert({ ...row('wh_1'), ...secrets }),
      )

      expect(await store.look('th_1')).toEqual({ version: 1, tenant: { org: 'A' } })
      expect(await store.look('th_2')).toEqual({ version: 1 })
    })
  })
