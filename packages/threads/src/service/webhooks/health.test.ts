import { openGround } from '@parley/kernel/ground'
import { fakeClock } from '@parley/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { sqlWebhookStore, threadsMigrations } from '../../store/index.js'
import type { WebhookChange, WebhookRow } from '../../store/webhooks/port.js'
import { Health } from './health.js'

const dayMs = 24 * 3_600_000

async function openHealth(failingSince: number | null = null) {
  const ground = await openGround({ clock: fakeClock() })
  onTestFinished(() => ground.close())
  await ground.db.migrate([threadsMigrations])
  const store = sqlWebhookStore(ground.db)
  const row: WebhookRow = {
    id: 'wh_1',
    tenant: null,
    threadId: null,
    url: 'https://one.example/',
    description: '',
    eventTypes: ['*'],
    isEnabled: true,
    disabledReason: null,
    failingSince,
    createdAt: 1,
  }
  const secrets = { secret: 'whsec_eA==', previousSecret: null, previousUntil: null }
  await ground.log.commit({ ops: store.insert({ ...row, ...secrets }), appends: [] })
  const health = new Health({
    ground,
    store,
    // The cast: of the registry only this is asked.
    registry: { changed: async () => {} } as never,
    disableAfterMs: 5 * dayMs,
    onFault: (error) => {
      throw error
    },
  })
  const change = async (to: WebhookChange) =>
    void (await ground.log.commit({ ops: store.update(row.id, to), appends: [] }))
  return { health, row, change, find: async () => (await store.find(row.id))! }
}

const failed = { outcome: 'retry', error: 'no answer' } as const

it('who fails for days is disabled', async () => {
  const { health, row, find } = await openHealth(0)

  await health.note(row, failed)

  expect(await find()).toMatchObject({ isEnabled: false, disabledReason: 'failing' })
})

it('an attempt that began before it was well again, or enabled anew, disables nobody', async () => {
  const { health, row, find, change } = await openHealth(0)
  await change({ failingSince: null })

  await health.note(row, failed)

  expect(await find()).toMatchObject({ isEnabled: true, failingSince: null })
})

it('the 410 of an address that it had before disables nobody', async () => {
  const { health, row, find, change } = await openHealth()
  await change({ url: 'https://two.example/' })

  await health.gone(row)
  expect(await find()).toMatchObject({ isEnabled: true })
  await health.gone(await find())
  expect(await find()).toMatchObject({ isEnabled: false, disabledReason: 'gone' })
})
