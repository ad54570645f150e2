import { type FakeClock, fakeClock, testGrounds } from '@parley/testkit'
import { afterEach, expect, it } from 'vitest'
import { limits } from '../../protocol/index.js'
import type { Vault } from '../deps.js'
import { newInstance } from '../new-instance.js'
import { openDeps } from '../rooms.test.support.js'
import { createVault } from './index.js'

const grounds = await testGrounds()
const cleanUp: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
})

const kind = 'discord.interaction_token'
const canary = 'canary-9f3a-interaction-token'
const a = { tenant: 'a', instanceId: 'i1' }
const discord = { platform: 'discord', botId: 'b1' }
const fronted = [{ platform: 'telegram', botId: 'b1' }, discord]

async function open(ground = grounds[0]!) {
  const clock: FakeClock = fakeClock()
  const opened = await ground.open({ clock })
  cleanUp.push(opened.close)
  const deps = await openDeps(opened.ground)
  const instance = (instanceId: string, tenant = 'a') =>
    deps.store.instances.insert(
      newInstance({ tenant, instanceId }, `relay-buffer:${tenant}${instanceId}`, clock.micros()),
    )
  await opened.ground.log.commit({
    ops: [instance('i1'), instance('i2'), instance('i1', 'b')],
    appends: [],
  })
  const vault = createVault(deps)
  const bind = async (secret = canary, sessionKeys = ['k1', 'k2'], key = a) => {
    const ops = vault.bindOps({ ...key, ...discord, kind, sessionKeys, secret })
    expect((await opened.ground.log.commit({ ops, appends: [] })).outcome).toBe('committed')
  }
  return { vault, bind, clock, deps }
}

const ask = (
  vault: Vault,
  change: { key?: typeof a; bots?: typeof fronted; session?: string; kind?: string } = {},
) => vault.resolve(change.key ?? a, change.bots ?? fronted, change.session ?? 'k1', change.kind ?? kind)

// proves: relay.f16
it('gives a capability to its instance under every key, for 14 minutes and a half', async () => {
  const { vault, bind, clock } = await open()
  await bind()

  const found = [await ask(vault), await ask(vault, { session: 'k2' }), await ask(vault)]

  expect(found).toEqual([
    { bot: discord, secret: canary, isFirst: true },
    // The same capability by its other name.
    { bot: discord, secret: canary, isFirst: false },
    { bot: discord, secret: canary, isFirst: false },
  ])
  await clock.advance(limits.capabilityMs - 1)
  expect(await ask(vault)).toBeDefined()
  await clock.advance(1)
  expect(await ask(vault)).toBeUndefined()
})

// proves: relay.f16, relay.s11
it('answers absent, expired and foreign ones alike, after the same work', async () => {
  const { bind, clock, deps } = await open()
  await bind()
  await bind('old', ['expired'])
  const work: string[] = []
  const noting = <Args extends unknown[], T>(name: string, does: (...args: Args) => T) => {
    return (...args: Args): T => {
      work.push(name)
      return does(...args)
    }
  }
  const vault = { ...deps.store.vault, find: noting('find', deps.store.vault.find) }
  const sealer = { ...deps.sealer, open: noting('open', deps.sealer.open) }
  const counted = createVault({ ...deps, sealer, store: { ...deps.store, vault } })
  const misses = [
    () => ask(counted, { session: 'nothing' }),
    () => ask(counted, { kind: 'slack.response_url' }),
    () => ask(counted, { key: { tenant: 'b', instanceId: 'i1' } }),
    () => ask(counted, { key: { tenant: 'a', instanceId: 'i2' } }),
    () => ask(counted, { bots: [{ platform: 'discord', botId: 'b2' }] }),
    () => ask(counted, { bots: [] }),
    async () => {
      await clock.advance(limits.capabilityMs)
      return await ask(counted, { session: 'expired' })
    },
  ]

  for (const miss of misses) {
    work.splice(0)
    expect(await miss()).toBeUndefined()
    expect(work).toEqual(['find', 'open'])
  }
  expect(deps.faults).toEqual([])
})

it('keeps two tenants with the same session apart, and the newest of one session', async () => {
  const { vault, bind } = await open()
  await bind('of a')
  await bind('of b', ['k1'], { tenant: 'b', instanceId: 'i1' })
  await ask(vault)

  await bind('newer')

  expect(await ask(vault)).toEqual({ bot: discord, secret: 'newer', isFirst: true })
  expect(await ask(vault, { key: { tenant: 'b', instanceId: 'i1' } })).toMatchObject({ secret: 'of b' })
})

// proves: relay.f16
it('never has the secret in a row or in an error', async () => {
  const { vault, bind, deps } = await open()
  await bind()
  const row = await deps.store.vault.find('a', 'k1', kind)
  const moved = { ...row!, sessionKey: 'k9' }
  await deps.ground.log.commit({ ops: [deps.store.vault.bind(moved)], appends: [] })

  expect(JSON.stringify(row)).not.toContain(canary)
  expect(await ask(vault, { session: 'k9' })).toBeUndefined()
  expect(deps.faults).toHaveLength(1)
  expect(String((deps.faults[0] as Error).stack)).not.toContain(canary)
})

for (const ground of grounds)
  it(`has one first use however many come at once (${ground.name})`, async () => {
    const { vault, bind, deps } = await open(ground)
    await bind()

    const uses = await Promise.all(Array.from({ length: 12 }, () => ask(vault)))

    expect(uses.filter((use) => use?.isFirst)).toHaveLength(1)
    expect(uses.every((use) => use?.secret === canary)).toBe(true)
    expect((await deps.store.vault.find('a', 'k1', kind))?.uses).toBe(12)
  })
