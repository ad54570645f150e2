import type { Op } from '@parley/kernel/db'
import type { Micros } from '@parley/kernel/ids'
import type { BotIdentity } from '../../protocol/index.js'
import type { InstanceKey } from './instances.js'

export type GrantRow = InstanceKey & { platform: string; scopeId: string; chatId: string; createdAt: Micros }

export type PrincipalPolicy = {
  policy: 'owner-only' | 'allow-list' | 'any'
  userIds: readonly string[]
}

export type RelevancePolicy = {
  requireAddress: boolean
  freeResponseScopes: readonly string[]
  allowOtherBots: boolean
}

/** A chat that an instance has got messages from, because of whom. The strongest evidence that it may answer there. */
export type ConversationRow = InstanceKey &
  BotIdentity & {
    chatId: string
    userId: string
    chatType: string
    chatName: string | null
    scopeId: string | null
    threadId: string | null
    sessionKey: string
    lastSeenAt: Micros
  }

export type SessionRouteRow = {
  tenant: string
  sessionKey: string
  instanceId: string
  chatId: string
  lastSeenAt: Micros
}

export interface RoutingRows {
  /** Refuses its unit when one belongs to another tenant (guard). */
  claimKeys(claim: { tenant: string; platform: string; keys: readonly string[]; at: Micros }): Op[]
  /** Which tenants own these scopes or chats. */
  ownersOf(platform: string, keys: readonly string[]): Promise<{ key: string; tenant: string }[]>
  /** By platform and key. */
  listKeys(query: { tenant?: string }): Promise<{ tenant: string; platform: string; key: string }[]>

  /** Refuses its unit when another instance has it; harmless when this one has. */
  grant(row: GrantRow): Op[]
  release(key: InstanceKey, chat: GrantedChat): Op
  /** Who has it. */
  granted(chat: GrantedChat): Promise<GrantRow | undefined>
  listGrants(query: { tenant?: string }): Promise<GrantRow[]>

  setPrincipals(key: InstanceKey, platform: string, policy: PrincipalPolicy): Op
  principals(key: InstanceKey, platform: string): Promise<PrincipalPolicy | undefined>
  setRelevance(key: InstanceKey, platform: string, policy: RelevancePolicy): Op
  relevance(key: InstanceKey, platform: string): Promise<RelevancePolicy | undefined>
  /** All that is set, for pages. */
  listPolicies(query: {
    tenant?: string
  }): Promise<
    (InstanceKey & { platform: string; principals?: PrincipalPolicy; relevance?: RelevancePolicy })[]
  >

  /** Remembers a delivery: the conversation, and where its session runs. */
  remember(row: ConversationRow): Op[]
  /** Whether an instance has a conversation in a chat; asked with every action. */
  hasConversation(key: InstanceKey, bot: BotIdentity, chatId: string): Promise<boolean>
  /** What an instance has with a chat, the latest first. */
  conversations(key: InstanceKey, bot: BotIdentity, chatId: string): Promise<ConversationRow[]>
  /** Whether somebody else than this instance has a conversation in that chat, or has sent something there. */
  isShared(key: InstanceKey, bot: BotIdentity, chatId: string): Promise<boolean>
  /** The latest first; at most `limit`. */
  listConversations(query: { tenant?: string; limit: number }): Promise<ConversationRow[]>
  /** Forgets conversations not seen since. */
  purgeConversations(before: Micros): Op
  /** Not older than `since`. */
  sessionRoute(tenant: string, sessionKey: string, since: Micros): Promise<SessionRouteRow | undefined>
  purgeSessionRoutes(before: Micros): Op
}

export type GrantedChat = { platform: string; scopeId: string; chatId: string }
