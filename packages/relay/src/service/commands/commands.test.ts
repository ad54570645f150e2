import type { Ground } from '@parley/kernel/ground'
import { eventually, type FakeClock, fakeClock, testGrounds } from '@parley/testkit'
import { afterEach, expect, it } from 'vitest'
import { relayErrors } from '../../errors.js'
import { openBots } from '../bots/index.js'
import { type FakeBot, type FakeBotOptions, fakeDriver, recordingSink } from '../fake-bot.test.support.js'
import { openDeps } from '../rooms.test.support.js'
import { createCommands } from './index.js'
import { readManifest } from './read-manifest.js'
import { unionOf } from './union.js'

const grounds = await testGrounds()
const cleanUp: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
})

const b1 = { platform: 'discord', botId: 'b1' }
const command = (name: string, description = `does ${name}`) => ({ name, description })

async function node(
  ground: Ground,
  bot?: Omit<FakeBotOptions, 'platform' | 'botId'>,
  prepare?: (bot: FakeBot) => void,
) {
  const driver = fakeDriver({ ...(bot && { bot }), ...(prepare && { prepare }) })
  const deps = await openDeps(ground, { platforms: [driver] })
  const bots = await openBots(deps, { sinkOf: () => recordingSink() })
  const commands = createCommands(deps, { bots })
  cleanUp.push(
    () => bots.stop(),
    () => commands.stop(),
  )
  const names = () => driver.bot().commands.map((list) => list.map(({ name }) => name).join(' '))
  return { deps, driver, bots, commands, names }
}

async function open(bot?: Omit<FakeBotOptions, 'platform' | 'botId'>, kind = grounds[0]!) {
  const clock: FakeClock = fakeClock()
  const { ground, another, close } = await kind.open({ clock })
  cleanUp.push(close)
  const first = await node(ground, bot)
  const { store } = first.deps
  const row = { ...b1, driver: 'fake', label: 'One', username: null, settings: {}, sealed: null }
  const ops = [store.bots.insert({ ...row, tenants: null, isEnabled: true, createdAt: 1 })]
  for (const tenant of ['a', 'b', 'c']) ops.push(store.bots.provision(tenant, b1, 1))
  await ground.log.commit({ ops, appends: [] })
  await first.bots.refresh(b1)
  const registered = (count: number) =>
    eventually(async () => {
      await clock.advance(100)
      return first.driver.bot().commands.length === count
    })
  /** Enough time, of the clock and of the store, for whatever was begun. */
  const quiet = async () => {
    for (let step = 0; step < 40; step++) {
      await clock.advance(100)
      await first.deps.store.bots.listCommands(b1)
    }
  }
  return { ...first, clock, registered, quiet, another }
}

// proves: relay.s18
it('registers what all tenants want, and one cannot remove what another has', async () => {
  const { commands, registered, quiet, names, driver } = await open()

  commands.offer('b', b1, [command('new'), command('stop', 'stops it')])
  await registered(1)
  commands.offer('a', b1, [command('new', 'begins anew'), command('model')])
  await registered(2)
  commands.offer('a', b1, [])
  await registered(3)
  commands.offer('stranger', b1, [command('mine')])
  await quiet()
  commands.offer('c', b1, [command('zoom')])
  await registered(4)

  expect(names()).toEqual(['new stop', 'model new stop', 'new stop', 'new stop zoom'])
  expect(driver.bot().commands[1]?.[1]).toEqual(command('new', 'begins anew'))
})

it('waits two seconds and takes what comes meanwhile, the latest of each tenant', async () => {
  const { commands, registered, names, clock, deps } = await open()

  for (let n = 0; n < 50; n++) commands.offer('a', b1, [command(`n${n}`)])
  commands.offer('b', b1, [command('other')])
  await eventually(async () => {
    const kept = await deps.store.bots.listCommands(b1)
    return kept.length === 2 && JSON.stringify(kept).includes('n49') && clock.pending === 1
  })
  await clock.advance(1_999)
  expect(names()).toEqual([])
  await registered(1)

  expect(names()).toEqual(['n49 other'])
})

it('does not ask the platform again for what is registered', async () => {
  const { commands, registered, quiet, names, deps, clock } = await open()
  commands.offer('a', b1, [command('new')])
  await registered(1)
  await quiet()

  commands.offer('a', b1, [command('new')])
  await quiet()
  expect(names()).toEqual(['new'])

  // Another process compares once, since nobody knows what became of the platform meanwhile.
  const again = await node(deps.ground)
  again.commands.offer('a', b1, [command('new')])
  await eventually(async () => {
    await clock.advance(100)
    return again.names().length === 1
  })
  expect(again.names()).toEqual(['new'])
})

it('a platform that refuses is counted, and asked again with the next offer', async () => {
  const { commands, registered, driver, clock, deps } = await open()
  driver.bot().failing.setCommands = relayErrors.unavailable()
  commands.offer('a', b1, [command('new')])
  await eventually(async () => {
    await clock.advance(100)
    return deps.tally.read()['commands.failed'] === 1
  })
  driver.bot().failing.setCommands = undefined

  commands.offer('a', b1, [command('new')])
  await registered(1)

  expect(deps.faults).toEqual([])
})

it('offers for unknown bots, nonsense and offers after the end change nothing', async () => {
  const { commands, clock, quiet, names, deps } = await open()

  commands.offer('a', { platform: 'discord', botId: 'nobody' }, [command('new')])
  for (const nonsense of [undefined, null, 'x', 7, {}]) commands.offer('a', b1, nonsense)
  await eventually(() => clock.pending > 0)
  await commands.stop()
  commands.offer('a', b1, [command('late')])
  await quiet()

  expect([names(), clock.pending, deps.faults]).toEqual([[], 0, []])
})

for (const kind of grounds.filter(({ engine }) => engine === 'postgres'))
  it(`nodes that were offered something at once end with the union (${kind.name})`, async () => {
    const { commands, clock, driver, another, deps } = await open(undefined, kind)
    const other = await node(await another!({ clock }))

    commands.offer('a', b1, [command('of-a')])
    other.commands.offer('b', b1, [command('of-b')])
    await eventually(async () => (await deps.store.bots.listCommands(b1)).length === 2)
    const last = () =>
      [driver, other.driver].map((one) =>
        one
          .bot()
          .commands.at(-1)
          ?.map(({ name }) => name)
          .join(),
      )
    await eventually(async () => {
      await clock.advance(20)
      return last().includes('of-a,of-b')
    })
  })

it('drops entries that are not commands one by one', () => {
  const deep = JSON.parse('['.repeat(50) + ']'.repeat(50)) as unknown[]
  const manifest = [
    command('good_1-x'),
    command('Bad'),
    command(''),
    command('x'.repeat(33)),
    command('no-description', ''),
    command('long', 'x'.repeat(101)),
    command('emoji', '😀'.repeat(100)),
    command('control', 'a\u0000b'),
    command('good_1-x', 'again'),
    { name: 'options', description: 'd', options: [{ type: 3, name: 'q' }], extra: 'dropped' },
    { name: 'deep', description: 'd', options: deep },
    { name: 'many', description: 'd', options: Array(26).fill({}) },
    { name: 'large', description: 'd', options: ['x'.repeat(9_000)] },
    null,
    'text',
    { name: 5, description: 'd' },
  ]

  expect(readManifest(manifest)).toEqual([
    command('good_1-x'),
    command('emoji', '😀'.repeat(100)),
    { name: 'options', description: 'd', options: [{ type: 3, name: 'q' }] },
    { name: 'deep', description: 'd' },
    { name: 'many', description: 'd' },
    { name: 'large', description: 'd' },
  ])
  expect(readManifest(Array.from({ length: 5_000 }, (_, n) => command(`c${n}`)))).toHaveLength(200)
})

// proves: relay.s18
it('shares what a platform takes, so that many commands of one tenant leave room for the others', () => {
  const many = Array.from({ length: 300 }, (_, n) => command(`a${String(n).padStart(3, '0')}`))
  const union = unionOf(
    [
      { tenant: 'b', commands: [command('new', 'of b'), command('stop')] },
      { tenant: 'a', commands: [command('new', 'of a'), ...many] },
    ],
    100,
  )

  expect(union).toHaveLength(100)
  expect(union.map(({ name }) => name)).toEqual(expect.arrayContaining(['new', 'stop']))
  expect(union.find(({ name }) => name === 'new')?.description).toBe('of a')
  expect(unionOf([], 100)).toEqual([])
})
