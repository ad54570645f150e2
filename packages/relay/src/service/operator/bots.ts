import { toIsoTime } from '@parley/kernel/wire'
import { relayErrors } from '../../errors.js'
import { isSimBot } from '../../platforms/sim-port.js'
import type { BotChange, BotIdentity } from '../../protocol/index.js'
import type { BotRow } from '../../store/port.js'
import { botKey } from '../bots/keys.js'
import type { BotView, NewBot, RelayOperator, Within } from '../port.js'
import { groupBy } from './groups.js'
import type { Work } from './parts.js'
import { actorOf, isSeen, seenBy } from './within.js'

type Operations = 'listPlatforms' | 'listBots' | 'addBot' | 'changeBot' | 'removeBot' | 'testBot' | 'sim'

export function botOperations(work: Work): Pick<RelayOperator, Operations> {
  const { admin } = work
  return {
    listPlatforms: () =>
      work.bots.drivers.map(({ name, platform, credentials }) => ({
        driver: name,
        platform,
        credentials: credentials.map((one) => ({
          name: one.name,
          about: one.about,
          isOptional: one.isOptional ?? false,
        })),
      })),

    listBots: (within) => listBots(work, within),

    addBot: async (within, bot) =>
      await viewOf(work, within, await admin.add(ownBot(work, within, bot), actorOf(within))),

    changeBot: async (within, bot, change) => {
      await assertOwn(work, within, bot)
      assertStaysOwn(within, change)
      // The cast: whatever it holds is checked there.
      const checked = change as Parameters<typeof admin.change>[1]
      return await viewOf(work, within, await admin.change(bot, checked, actorOf(within)))
    },

    removeBot: async (within, bot) => {
      await assertOwn(work, within, bot)
      await admin.remove(bot, actorOf(within))
    },

    testBot: async (within, bot) => {
      await assertOwn(work, within, bot)
      return await admin.test(bot)
    },

    sim: (within, bot) => {
      const open = within.tenant === undefined ? work.bots.get(bot)?.bot : undefined
      return open && isSimBot(open) ? open.sim : undefined
    },
  }
}

/** May the operator's tenant use it? */
export const isUsable = ({ tenant }: Within, { tenants }: Pick<BotRow, 'tenants'>): boolean =>
  tenant === undefined || tenants === null || tenants.includes(tenant)

/** Is it the affair of the operator's tenant alone? */
export const isAlone = ({ tenant }: Within, { tenants }: Pick<BotRow, 'tenants'>): boolean =>
  tenant === undefined || (tenants?.length === 1 && tenants[0] === tenant)

async function listBots(work: Work, within: Within): Promise<BotView[]> {
  const [rows, fronts] = await Promise.all([
    work.store.bots.list(),
    work.store.bots.listFronts(seenBy(within)),
  ])
  const byBot = groupBy(fronts, botKey)
  const seen = rows.filter((row) => isUsable(within, row))
  return seen.map((row) =>
    toView(work, within, row, byBot.get(botKey(row))?.map(({ tenant }) => tenant) ?? []),
  )
}

async function viewOf(work: Work, within: Within, row: BotRow): Promise<BotView> {
  return toView(work, within, row, await work.store.bots.listTenants(row))
}

function toView({ bots }: Work, within: Within, row: BotRow, provisioned: readonly string[]): BotView {
  const { platform, botId, driver, label, username, isEnabled } = row
  const { state, detail } = bots.healthOf(row) ?? { state: isEnabled ? 'starting' : 'off' }
  return {
    platform,
    botId,
    driver,
    label,
    username,
    // Who else may use it, or does, is nobody's business.
    tenants: row.tenants?.filter((tenant) => isSeen(within, tenant)) ?? null,
    isEnabled,
    health: detail === undefined ? { state } : { state, detail },
    provisioned: provisioned.filter((tenant) => isSeen(within, tenant)),
    edgePath: bots.get(row)?.bot.edge ? edgePathOf(row) : null,
    createdAt: toIsoTime(row.createdAt),
  }
}

/** Discord's addresses are its own (6.2); every bot answers at both. */
function edgePathOf(bot: BotIdentity): string {
  const root = bot.platform === 'discord' ? '/interactions' : '/relay/edge'
  return `${root}/${botKey(bot)}`
}

/** A new bot; an operator with a tenant adds none but its own, and does not say where its platform is. */
function ownBot({ bots }: Work, within: Within, bot: NewBot): NewBot {
  if (within.tenant === undefined) return bot
  const open = bots.drivers.find(({ name }) => name === bot.driver)?.tenantSettings ?? []
  if (Object.keys(bot.settings ?? {}).some((name) => !open.includes(name)))
    throw relayErrors.forbidden({ message: 'this setting is for operators of all tenants' })
  const tenants = bot.tenants === undefined ? [within.tenant] : bot.tenants
  if (!isAlone(within, { tenants })) throw relayErrors.forbidden()
  return { ...bot, tenants }
}

/** Throws `relay.bot_not_found` for what is not seen, and `relay.forbidden` for what others use as well. */
async function assertOwn({ store }: Work, within: Within, bot: BotIdentity): Promise<void> {
  const row = await store.bots.find(bot)
  if (!row || !isUsable(within, row)) throw relayErrors.botNotFound()
  if (!isAlone(within, row)) throw relayErrors.forbidden()
}

function assertStaysOwn(within: Within, { tenants }: BotChange): void {
  if (tenants !== undefined && !isAlone(within, { tenants })) throw relayErrors.forbidden()
}
