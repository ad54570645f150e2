import { eventually, fakeClock, testGrounds } from '@parley/testkit'
import { afterEach, expect, it } from 'vitest'
import { changesStream } from '../changes.js'
import { type FakeDriver, fakeDriver, recordingSink } from '../fake-bot.test.support.js'
import { newInstance } from '../new-instance.js'
import type { NewBot } from '../port.js'
import { openDeps } from '../rooms.test.support.js'
import { createBotAdmin, loadCursor, openBots, saveCursor } from './index.js'

const grounds = await testGrounds()
const cleanUp: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
})

const b1 = { platform: 'discord', botId: 'b1' }
const canary = 'canary-token-4711'
const aBot: NewBot = { driver: 'fake', credentials: { token: canary } }

async function open({
  driver = fakeDriver(),
  kind = grounds[0]!,
}: {
  driver?: FakeDriver
  kind?: (typeof grounds)[0]
} = {}) {
  const clock = fakeClock()
  const { ground, close } = await kind.open({ clock })
  const deps = await openDeps(ground, {
    platforms: [driver, fakeDriver({ name: 'free', platform: null, botId: '' })],
  })
  const bots = await openBots(deps, { sinkOf: () => recordingSink() })
  cleanUp.push(close, () => bots.stop())
  bots.start()
  const changes = async () =>
    (await ground.log.read(changesStream, { after: 0 })).events.map(({ type, body }) => [
      type,
      JSON.parse(body),
    ])
  return { deps, driver, bots, clock, changes, admin: createBotAdmin(deps, { bots }) }
}

for (const kind of grounds)
  it(`adds a bot whose credential the platform knows, once (${kind.name})`, async () => {
    const { admin, deps, driver, bots, changes } = await open({ kind })

    const row = await admin.add(aBot)
    await eventually(() => driver.bot().sink)

    expect(row).toMatchObject({
      ...b1,
      driver: 'fake',
      label: 'fake_bot',
      username: 'fake_bot',
      tenants: null,
    })
    expect(await deps.store.bots.find(b1)).toEqual(row)
    expect(bots.get(b1)?.row).toEqual(row)
    expect(
      driver.opened.map(({ openedWith, calls }) => [openedWith?.botId, openedWith?.credentials, calls]),
    ).toEqual([
      ['', { token: canary }, expect.objectContaining({ check: 1, stop: 1, start: 0 })],
      ['b1', { token: canary }, expect.objectContaining({ check: 0, stop: 0, start: 1 })],
    ])
    expect(JSON.stringify([row, await changes()])).not.toContain(canary)
    expect(await changes()).toEqual([['relay.bot.added', expect.objectContaining({ ...b1, tenant: null })]])
    const again = await Promise.allSettled([admin.add(aBot), admin.add(aBot)])
    expect(again.map((one) => one.status === 'rejected' && one.reason.code)).toEqual(
      Array(2).fill('relay.bot_exists'),
    )
  })

it('of two that add a bot at once one does', async () => {
  const { admin, deps } = await open()

  const both = await Promise.allSettled([admin.add(aBot), admin.add(aBot)])

  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(await deps.store.bots.list()).toHaveLength(1)
})

it.each<[string, unknown, string]>([
  ['an unknown driver', { ...aBot, driver: 'nobody' }, 'relay.platform_unknown'],
  ['a wrong credential', { ...aBot, credentials: { token: 'wrong' } }, 'relay.credential_refused'],
  ['no credential', { driver: 'fake' }, 'relay.invalid_request'],
  ['a blank one', { driver: 'fake', credentials: { token: ' ' } }, 'relay.invalid_request'],
  ['one that is not known', { ...aBot, credentials: { token: canary, more: 'x' } }, 'relay.invalid_request'],
  ['one that is no text', { ...aBot, credentials: { token: 7 } }, 'relay.invalid_request'],
  ['another platform', { ...aBot, platform: 'telegram' }, 'relay.invalid_request'],
  ['bad settings', { ...aBot, settings: { bad: 1 } }, 'relay.invalid_request'],
  [
    'deep settings',
    { ...aBot, settings: JSON.parse(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`) },
    'relay.invalid_request',
  ],
  ['large settings', { ...aBot, settings: { a: 'x'.repeat(20_000) } }, 'relay.invalid_request'],
  ['an id that is a path', { ...aBot, botId: '../b1' }, 'relay.invalid_request'],
  ['a label with control characters', { ...aBot, label: 'a\u0000b' }, 'relay.invalid_request'],
  ['tenants that are none', { ...aBot, tenants: [''] }, 'relay.invalid_request'],
  ['no platform where the driver has none', { ...aBot, driver: 'free' }, 'relay.invalid_request'],
  [
    'no id where the platform tells none',
    { ...aBot, driver: 'free', platform: 'sim' },
    'relay.invalid_request',
  ],
  ['null', null, 'relay.invalid_request'],
])('refuses %s, and stops what it has opened', async (_, bot, code) => {
  const { admin, deps, driver, changes } = await open()

  const refusal = await admin.add(bot as NewBot).catch((error) => error)

  expect(refusal).toMatchObject({ code })
  expect(`${refusal.message} ${JSON.stringify(refusal.details)}`).not.toContain('canary')
  expect([await deps.store.bots.list(), await changes()]).toEqual([[], []])
  expect(driver.opened.every(({ calls }) => calls.stop === 1)).toBe(true)
})

it('takes an id and a label of the operator, where they are true', async () => {
  const driver = fakeDriver({
    prepare: (bot) => {
      bot.check = async () => ({ botId: 'b1', username: null })
    },
  })
  const { admin } = await open({ driver })

  await expect(admin.add({ ...aBot, botId: 'b2' })).rejects.toMatchObject({
    code: 'relay.invalid_request',
    message: 'the credential is of another bot',
  })
  expect(await admin.add({ ...aBot, botId: 'b1', label: ' Ops ', tenants: ['a'] })).toMatchObject({
    label: 'Ops',
    tenants: ['a'],
  })
})

it('does not wait for ever for a platform, and tells nothing of its faults', async () => {
  const driver = fakeDriver({
    prepare: (bot) => {
      bot.check = async () => {
        bot.calls.check += 1
        if (driver.opened[0] === bot) throw new Error(`https://api.example/bot${canary}/getMe failed`)
        return await new Promise(() => {})
      }
    },
  })
  const { admin, clock } = await open({ driver })

  const refusal = await admin.add(aBot).catch((error) => error)
  const late = admin.add(aBot).catch((error) => error)
  await eventually(() => driver.opened[1]?.calls.check === 1)
  await clock.advance(15_000)

  for (const error of [refusal, await late])
    expect(error).toMatchObject({
      code: 'relay.unavailable',
      message: 'the platform did not answer',
      details: undefined,
    })
  expect(driver.opened.map(({ calls }) => calls.stop)).toEqual([1, 1])
})

it('changes, tests and removes a bot', async () => {
  const { admin, deps, driver, bots, changes } = await open()
  await admin.add(aBot)
  await saveCursor(deps, b1, '17')

  expect(await admin.change(b1, { label: 'New', tenants: ['a'] })).toMatchObject({
    label: 'New',
    tenants: ['a'],
  })
  expect(bots.get(b1)?.row).toMatchObject({ label: 'New', tenants: ['a'] })
  expect(await admin.test(b1)).toEqual({ ok: true, detail: 'the platform knows it as fake_bot' })
  await expect(admin.change(b1, { credentials: { token: 'wrong' } })).rejects.toMatchObject({
    code: 'relay.credential_refused',
  })
  await admin.change(b1, { credentials: { token: 'canary-2' } })
  expect(driver.bot().openedWith?.credentials).toEqual({ token: 'canary-2' })
  await admin.change(b1, { isEnabled: false })
  expect([bots.get(b1), await admin.test(b1)]).toEqual([undefined, expect.objectContaining({ ok: true })])
  await admin.remove(b1)

  expect([await deps.store.bots.list(), await loadCursor(deps, b1)]).toEqual([[], undefined])
  expect((await changes()).map(([type, { tenant }]) => [type, tenant])).toEqual([
    ['relay.bot.added', null],
    ['relay.bot.changed', 'a'],
    ['relay.bot.changed', 'a'],
    ['relay.bot.changed', 'a'],
    ['relay.bot.removed', 'a'],
  ])
  expect(JSON.stringify(await changes())).not.toContain('canary')
  for (const gone of [admin.change(b1, { label: 'x' }), admin.remove(b1), admin.test(b1)])
    await expect(gone).rejects.toMatchObject({ code: 'relay.bot_not_found' })
})

it('tells when a credential is no good any more', async () => {
  let check = async () => ({ botId: 'b1', username: null as string | null })
  const driver = fakeDriver({ prepare: (bot) => Object.assign(bot, { check: () => check() }) })
  const { admin } = await open({ driver })
  await admin.add(aBot)

  check = async () => ({ botId: 'other', username: null })
  expect(await admin.test(b1)).toEqual({ ok: false, detail: 'the credential is of another bot' })
  check = async () => {
    throw new Error(canary)
  }
  expect(await admin.test(b1)).toEqual({ ok: false, detail: 'the platform did not answer' })
})

it('is fronted by the tenants that are there already and may use it', async () => {
  const { admin, deps } = await open()
  const { ground, store } = deps
  for (const tenant of ['acme', 'globex'])
    await ground.log.commit({ ops: [store.instances.insert(anInstance(tenant))], appends: [] })

  await admin.add({ ...aBot, tenants: ['acme', 'nobody-yet'] })
  expect(await store.bots.listTenants(b1)).toEqual(['acme'])
  await admin.change(b1, { tenants: null })

  expect(await store.bots.listTenants(b1)).toEqual(['acme', 'globex'])
})

const anInstance = (tenant: string) => newInstance({ tenant, instanceId: 'i1' }, `relay:${tenant}`, 1)
