import { toIsoTime } from '@parley/kernel/wire'
import { relayErrors } from '../../errors.js'
import type { BindingRow } from '../../store/port.js'
import { type Members, readId, readMembers } from '../credentials/read-members.js'
import type { LinkView, RelayOperator, ScopeView, Within } from '../port.js'
import { isAlone, isUsable } from './bots.js'
import type { Work } from './parts.js'
import { actorOf, isSeen, seenBy } from './within.js'

type Operations = 'listLinks' | 'createLinkCode' | 'link' | 'unlink' | 'listScopes' | 'listPolicies'

export function linkOperations(work: Work): Pick<RelayOperator, Operations> {
  const { store, links } = work
  return {
    listLinks: async (within) =>
      (await store.links.list(seenBy(within))).map((row) => toLink(row, row.isFirst)),

    createLinkCode: async (within, asked) => {
      const members = readMembers(asked)
      const key = { tenant: readSeenTenant(within, members), instanceId: readId(members, 'instanceId') }
      const { code, expiresAt } = await links.createCode(key, readId(members, 'platform'))
      return { code, expiresAt }
    },

    link: async (within, asked) => {
      const members = readMembers(asked)
      const key = { tenant: readSeenTenant(within, members), instanceId: readId(members, 'instanceId') }
      const person = readPerson(members)
      await assertOwnPeople(work, within, person.platform)
      const row = await links.link(key, person, actorOf(within))
      const [first] = await store.links.ofPerson(row)
      return toLink(row, first?.tenant === row.tenant)
    },

    unlink: async (within, asked) => {
      const members = readMembers(asked)
      await links.unlink(readSeenTenant(within, members), readPerson(members), actorOf(within))
    },

    listScopes: (within) => listScopes(work, within),

    listPolicies: async (within) =>
      (await store.routing.listPolicies(seenBy(within))).map(({ principals, relevance, ...of }) => ({
        ...of,
        ...(principals && { principals: { ...principals, userIds: [...principals.userIds] } }),
        ...(relevance && {
          relevance: { ...relevance, freeResponseScopes: [...relevance.freeResponseScopes] },
        }),
      })),
  }
}

const readPerson = (members: Members) => ({
  platform: readId(members, 'platform'),
  userId: readId(members, 'userId'),
})

/** Another tenant's instances and links are as absent as any. */
function readSeenTenant(within: Within, members: Members): string {
  const tenant = readId(members, 'tenant')
  if (!isSeen(within, tenant)) throw relayErrors.notFound()
  return tenant
}

/**
 * Throws `relay.forbidden` for an operator with a tenant where a bot of the platform is shared. WHY: whoever is linked there without
 * having asked for it would write to this tenant, and no longer to the one that they are linked to in others.
 */
async function assertOwnPeople({ store }: Work, within: Within, platform: string): Promise<void> {
  if (within.tenant === undefined) return
  const bots = (await store.bots.list()).filter((bot) => bot.platform === platform && isUsable(within, bot))
  if (bots.some((bot) => !isAlone(within, bot)))
    throw relayErrors.forbidden({ message: 'the bot is shared: people link themselves, with a code' })
}

async function listScopes({ store }: Work, within: Within): Promise<ScopeView[]> {
  const [keys, grants] = await Promise.all([
    store.routing.listKeys(seenBy(within)),
    store.routing.listGrants(seenBy(within)),
  ])
  return [
    ...keys.map(({ tenant, platform, key }) => ({ kind: 'route' as const, tenant, platform, key })),
    ...grants.map(({ createdAt, ...grant }) => ({
      kind: 'grant' as const,
      ...grant,
      createdAt: toIsoTime(createdAt),
    })),
  ]
}

const toLink = (row: BindingRow, isDmDefault: boolean): LinkView => ({
  tenant: row.tenant,
  instanceId: row.instanceId,
  platform: row.platform,
  userId: row.userId,
  linkedAt: toIsoTime(row.linkedAt),
  isDmDefault,
})
