import type { TestGround } from '@parley/testkit'
import { openRoom, outcomes } from '../credentials/credentials.test.support.js'
import type { Gateway, OpenBot } from '../deps.js'
import { fakeBot } from '../fake-bot.test.support.js'
import { createLinks } from '../links/index.js'
import type { RelayOptions } from '../options.js'
import { createManagement } from './index.js'

/** Two instances of one tenant, one of another, and a Discord bot that all of them front. */
export async function openManaged(ground: TestGround, options: RelayOptions = {}) {
  const room = await openRoom(ground, options)
  const { deps, store, lifecycle, enrolment } = room
  const bot = fakeBot()
  const row = {
    ...bot.identity,
    driver: 'fake',
    label: '',
    username: null,
    settings: {},
    sealed: null,
    tenants: null,
    isEnabled: true,
    createdAt: 0,
  }
  const open: OpenBot = { row, bot, health: () => ({ state: 'well' }) }
  const links = createLinks(deps)
  const management = createManagement(deps, { lifecycle, bots: { list: () => [open] }, links })

  const join = async (tenant: string, gatewayId: string, instanceId: string): Promise<Gateway> => {
    await enrolment.provision({ tenant }, { ...bot.identity, gatewayId, instanceId })
    return { tenant, gatewayId, instanceId }
  }
  return {
    ...room,
    bot,
    row,
    management,
    outcomes,
    links,
    mine: await join('org-17', 'gw-1', 'inst'),
    sibling: await join('org-17', 'gw-2', 'other'),
    theirs: await join('org-18', 'gw-3', 'inst'),
    link: async (instanceId: string, userId: string) => {
      const binding = {
        tenant: 'org-17',
        instanceId,
        platform: 'discord',
        userId,
        linkedAt: 1,
        dmDefaultAt: null,
      }
      await deps.ground.log.commit({ ops: store.links.bind(binding), appends: [] })
    },
    claimKey: async (tenant: string, key: string) => {
      const claim = { tenant, platform: 'discord', keys: [key], at: 1 }
      await deps.ground.log.commit({ ops: store.routing.claimKeys(claim), appends: [] })
    },
  }
}
