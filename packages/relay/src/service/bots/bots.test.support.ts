import type { Ground } from '@parley/kernel/ground'
import type { BotIdentity } from '../../protocol/index.js'
import type { BotRow } from '../../store/port.js'
import type { RelayDeps } from '../deps.js'
import { type FakeBot, type FakeDriver, fakeDriver, recordingSink } from '../fake-bot.test.support.js'
import { openDeps } from '../rooms.test.support.js'
import { openBots } from './index.js'

/** What a test has opened, to be closed in the reverse order. */
export const cleanUp: (() => Promise<unknown>)[] = []
/** For `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
}

export const b1 = { platform: 'discord', botId: 'b1' }
export const b2 = { platform: 'discord', botId: 'b2' }

export const aRow = (change: Partial<BotRow> = {}): BotRow => ({
  ...b1,
  driver: 'fake',
  label: 'One',
  username: null,
  settings: {},
  sealed: null,
  tenants: null,
  isEnabled: true,
  createdAt: 1,
  ...change,
})

export const insert = async ({ ground, store }: RelayDeps, ...rows: BotRow[]) => {
  await ground.log.commit({ ops: rows.map((row) => store.bots.insert(row)), appends: [] })
}
export const change = async ({ ground, store }: RelayDeps, bot: BotIdentity, to: Partial<BotRow>) => {
  await ground.log.commit({ ops: [store.bots.change(bot, to)], appends: [] })
}

/** A node: its own driver, so that a test sees what happens on which one. */
export async function node(ground: Ground, prepare?: (bot: FakeBot) => void) {
  const driver: FakeDriver = fakeDriver({ prepare })
  const deps = await openDeps(ground, { platforms: [driver] })
  const sinks = new Map<string, ReturnType<typeof recordingSink>>()
  const sinkOf = ({ botId }: BotIdentity) => {
    const sink = sinks.get(botId) ?? recordingSink()
    sinks.set(botId, sink)
    return sink
  }
  const changes: string[] = []
  const open = async () => {
    const bots = await openBots(deps, {
      sinkOf,
      onHealth: ({ botId }, { state }) => changes.push(`${botId} ${state}`),
    })
    cleanUp.push(() => bots.stop())
    bots.start()
    return bots
  }
  return { deps, driver, sinks, sinkOf, changes, open }
}
