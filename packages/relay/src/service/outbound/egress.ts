import type { Known } from '../../platforms/port.js'
import type { ActionMetadata, OutboundAction } from '../../protocol/index.js'
import type { InstanceKey } from '../../store/port.js'
import type { Gateway, OpenBot, RelayDeps } from '../deps.js'
import { inTime } from '../routing/in-time.js'
import type { MadeThread, Threads } from './threads.js'

// Whether an instance may do something to a chat (contract 5.10). What an action claims in `metadata` only says where to look: the
// answer comes from what this connector has stored and from what the platform says. Everything but a plain yes is a no.

export type Asker = InstanceKey & { gatewayId: string | null }
export type InChatAction = Exclude<OutboundAction, { op: 'follow_up' }>

/** How long a platform may think about one question. */
const askMs = 5_000
/** Owners of one instance who are asked for; who has more needs one of the first. */
const mostOwners = 8

export class Egress {
  readonly #deps: Pick<RelayDeps, 'store' | 'ground'>
  readonly #threads: Threads

  constructor(deps: Pick<RelayDeps, 'store' | 'ground'>, threads: Threads) {
    this.#deps = deps
    this.#threads = threads
  }

  /** A gateway that was revoked may do nothing, from its next action on. Operators ask without one. */
  async isActive({ gatewayId, tenant, instanceId }: Asker): Promise<boolean> {
    if (gatewayId === null) return true
    const row: (Gateway & { revokedAt: number | null }) | undefined =
      await this.#deps.store.gateways.find(gatewayId)
    return row?.revokedAt === null && row.tenant === tenant && row.instanceId === instanceId
  }

  async isApproved(asker: Asker, bot: OpenBot, action: InChatAction): Promise<boolean> {
    const { chat_id, metadata = {} } = action
    const [isActive, isReached, isTheirs] = await Promise.all([
      this.isActive(asker),
      this.#isReached(asker, bot, chat_id, metadata),
      this.#isTheirsToChange(asker, bot, action),
    ])
    return isActive && isReached && isTheirs
  }

  /** In a chat where several instances speak, none changes what another has made. */
  async #isTheirsToChange(key: InstanceKey, bot: OpenBot, action: InChatAction): Promise<boolean> {
    switch (action.op) {
      case 'edit':
      case 'delete': {
        const { receipts, routing } = this.#deps.store
        const sender = await receipts.sender(bot.row, action.chat_id, action.message_id)
        // WHY: receipts are not kept for ever, and not every part of a long text has one. Where others speak as well, what is not known
        //      to be one's own may be theirs, and must not look otherwise than what nobody has sent.
        return sender ? isOf(sender, key) : !(await routing.isShared(key, bot.row, action.chat_id))
      }
      case 'thread_rename':
        // Threads have ids of their own on some platforms: being in the parent says nothing about them.
        return await this.#isTheirThread(key, bot, action.chat_id, action.message_id)
      default:
        return true
    }
  }

  async #isReached(key: InstanceKey, bot: OpenBot, chatId: string, hints: ActionMetadata): Promise<boolean> {
    const { routing } = this.#deps.store
    if (await routing.hasConversation(key, bot.row, chatId)) return true
    const [isInScope, isDirect, thread] = await Promise.all([
      this.#isInOwnScope(key, bot, chatId, hints),
      this.#isOwnDirect(key, bot, chatId, hints),
      this.#threads.find(bot.row, chatId),
    ])
    if (isInScope || isDirect) return true
    return isOf(thread, key) && (await this.#isParentReached(key, bot, thread, hints))
  }

  /** A thread that was made for the instance is as open to it as the chat where it was made. */
  async #isParentReached(
    key: InstanceKey,
    bot: OpenBot,
    { chatId }: MadeThread,
    hints: ActionMetadata,
  ): Promise<boolean> {
    if (await this.#deps.store.routing.hasConversation(key, bot.row, chatId)) return true
    return await this.#isInOwnScope(key, bot, chatId, hints)
  }

  async #isInOwnScope(
    key: InstanceKey,
    bot: OpenBot,
    chatId: string,
    hints: ActionMetadata,
  ): Promise<boolean> {
    const claimed = [...new Set([hints.scope_id, hints.guild_id])].filter((id) => id !== undefined)
    if (claimed.length === 0) return false
    const owners = await this.#deps.store.routing.ownersOf(bot.row.platform, claimed)
    const own = claimed.filter((id) =>
      owners.some((owner) => owner.key === id && owner.tenant === key.tenant),
    )
    for (const scopeId of own) if (await this.#isTheirs(key, bot, { chatId, scopeId })) return true
    return false
  }

  /** The tenant's scope: which of its instances a chat there is for (8.6). */
  async #isTheirs(
    key: InstanceKey,
    bot: OpenBot,
    place: { chatId: string; scopeId: string },
  ): Promise<boolean> {
    const { store } = this.#deps
    if ((await this.#ask(() => bot.bot.isIn(place))) !== 'yes') return false
    const holder = await store.routing.granted({ platform: bot.row.platform, ...place })
    // What another tenant holds in this one's scope is nothing, as it is when something comes from there.
    if (holder?.tenant === key.tenant) return isOf(holder, key)
    const instances = await store.instances.list({ tenant: key.tenant })
    if (instances.length === 1 && isOf(instances[0], key)) return true
    const owners = await store.links.ofInstance(key, bot.row.platform)
    const views = owners
      .slice(0, mostOwners)
      .map(({ userId }) => this.#ask(() => bot.bot.canView(userId, place)))
    return (await Promise.all(views)).includes('yes')
  }

  async #isOwnDirect(
    key: InstanceKey,
    bot: OpenBot,
    chatId: string,
    hints: ActionMetadata,
  ): Promise<boolean> {
    const { user_id: userId } = hints
    if (userId === undefined) return false
    const bindings = await this.#deps.store.links.ofPerson({ platform: bot.row.platform, userId })
    if (!bindings.some((binding) => isOf(binding, key))) return false
    return (await this.#ask(() => bot.bot.isDirect(chatId, userId))) === 'yes'
  }

  async #isTheirThread(key: InstanceKey, bot: OpenBot, chatId: string, threadId: string): Promise<boolean> {
    const { routing } = this.#deps.store
    const [made, isInside, beside] = await Promise.all([
      this.#threads.find(bot.row, threadId),
      routing.hasConversation(key, bot.row, threadId),
      routing.conversations(key, bot.row, chatId),
    ])
    if (made) return isOf(made, key)
    return isInside || beside.some((conversation) => conversation.threadId === threadId)
  }

  /** A platform that is slow or not well knows nothing. */
  async #ask(question: () => Promise<Known>): Promise<Known> {
    return await inTime(this.#deps.ground.clock, askMs, question).catch(() => 'unknown' as const)
  }
}

function isOf<T extends InstanceKey>(owner: T | undefined, key: InstanceKey): owner is T {
  return owner?.tenant === key.tenant && owner.instanceId === key.instanceId
}
