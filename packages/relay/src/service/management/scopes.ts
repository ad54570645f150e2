import { relayErrors } from '../../errors.js'
import type { GrantedChat, InstanceKey } from '../../store/port.js'
import { readId, readMembers } from '../credentials/read-members.js'
import type { Bots, Gateway, OpenBot, RelayDeps } from '../deps.js'
import type { CommitFor } from './commit-for.js'

/** Which chats an instance answers in although their author is not its owner (8.5, 8.6). */
export interface Scopes {
  /** Throws `scope_taken` when another instance has it, `forbidden` when it is not the tenant's or no owner may see it. */
  claim(gateway: Gateway, body: unknown): Promise<void>
  /** Harmless when it is not held. */
  release(gateway: Gateway, body: unknown): Promise<void>
}

type Parts = { bots: Pick<Bots, 'list'>; commitFor: CommitFor }

/** How many owners' views a claim asks for; each is a call to the platform. */
const mostAsked = 20
/** Most chats that the instances of one tenant hold. */
const mostGrants = 10_000

export function createScopes({ store, ground }: RelayDeps, { bots, commitFor }: Parts): Scopes {
  const { routing, links } = store

  return {
    claim: async (gateway, body) => {
      const chat = readChat(body)
      // First, so that who may not have the chat does not learn whether somebody has it.
      const isOwner = await assertOwn(gateway, chat)
      await assertVisible(gateway, chat)
      const holder = await routing.granted(chat)
      const { tenant, instanceId } = gateway
      // WHY: a scope may be claimed after another tenant has taken chats of it. It is its owner's: they go.
      const isEvicted = holder !== undefined && holder.tenant !== tenant && isOwner
      if (holder && !isEvicted && !isSame(holder, gateway)) throw relayErrors.scopeTaken()
      if (!holder) await assertRoom(tenant)
      const ops = [
        ...(isEvicted ? [routing.release(holder, chat)] : []),
        ...routing.grant({ tenant, instanceId, ...chat, createdAt: ground.clock.micros() }),
      ]
      const step = { ops, refused: () => relayErrors.scopeTaken() }
      await commitFor(gateway, { type: 'relay.scope.claimed', detail: chat, step })
    },
    release: async (gateway, body) => {
      const chat = readChat(body)
      const holder = await routing.granted(chat)
      if (!holder || !isSame(holder, gateway)) return
      const { tenant, instanceId } = gateway
      const step = { ops: [routing.release({ tenant, instanceId }, chat)] }
      await commitFor(gateway, { type: 'relay.scope.released', detail: chat, step })
    },
  }

  /** True when the tenant has claimed it, false when nobody has. */
  async function assertOwn(
    { tenant }: InstanceKey,
    { platform, scopeId, chatId }: GrantedChat,
  ): Promise<boolean> {
    const owners = await routing.ownersOf(platform, [scopeId, chatId])
    if (owners.some((owner) => owner.tenant !== tenant)) throw relayErrors.forbidden()
    return owners.length > 0
  }

  async function assertRoom(tenant: string): Promise<void> {
    if ((await routing.listGrants({ tenant })).length >= mostGrants)
      throw relayErrors.conflict({ message: `a tenant holds at most ${mostGrants} chats` })
  }

  /** Refuses only what is certain: a platform that can't say is asked again with every event. */
  async function assertVisible(key: InstanceKey, chat: GrantedChat): Promise<void> {
    const owners = await links.ofInstance(key, chat.platform)
    const seeing = await seeingBots(key.tenant, chat.platform)
    if (owners.length === 0 || seeing.length === 0) return
    for (const { userId } of owners.slice(0, mostAsked))
      for (const { bot } of seeing) if ((await viewOf(bot, userId, chat)) !== 'no') return
    throw relayErrors.forbidden()
  }

  async function seeingBots(tenant: string, platform: string): Promise<OpenBot[]> {
    const fronted = await store.bots.listProvisioned(tenant)
    const isFronted = ({ row }: OpenBot) =>
      fronted.some((bot) => bot.platform === platform && bot.botId === row.botId)
    return bots.list().filter((open) => open.row.platform === platform && isFronted(open))
  }
}

async function viewOf(bot: OpenBot['bot'], userId: string, { scopeId, chatId }: GrantedChat) {
  // A chat outside of any scope is claimed as its own.
  const place = { chatId, scopeId: scopeId === chatId ? null : scopeId }
  try {
    return await bot.canView(userId, place)
  } catch {
    return 'unknown'
  }
}

function readChat(body: unknown): GrantedChat {
  const members = readMembers(body)
  return {
    platform: readId(members, 'platform'),
    scopeId: readId(members, 'scopeId'),
    chatId: readId(members, 'chatId'),
  }
}

const isSame = (left: InstanceKey, right: InstanceKey): boolean =>
  left.tenant === right.tenant && left.instanceId === right.instanceId
