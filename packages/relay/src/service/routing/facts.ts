import type { Known, PlatformMessage } from '../../platforms/port.js'
import type { InstanceKey, PrincipalPolicy, RelevancePolicy } from '../../store/port.js'

/** What came, as far as choosing its receivers goes: what the platform observed, never what a text claims. */
export type Arrival = Pick<PlatformMessage, 'chat' | 'author' | 'addressesBot'>

/** Why an instance may get it: its author owns it, in a chat or directly; it holds the chat's grant; its tenant owns the scope. */
export type Way = 'owner' | 'dm' | 'grant' | 'route'

/** Why something was delivered, or was not. */
export type Reason =
  | Way
  | 'press'
  /** The author is bound to nobody, and nobody has a grant or a route. */
  | 'unlinked'
  /** No owner of the instance may view the chat now. */
  | 'not-visible'
  /** It is for the bot or for another instance: it does not mention the bot, or presses somebody else's control. */
  | 'not-addressed'
  | 'bot-author'
  /** The instance's principal policy does not admit the author. */
  | 'principal'
  | 'self'
  | 'link-command'
  /** The tenant does not front the bot, or may not use it. */
  | 'not-provisioned'
  /** The tenant has several instances, and no word which one. */
  | 'ambiguous-route'
  /** The author has bindings in several tenants, and the scope is another one's. */
  | 'routed-elsewhere'
  /** Another instance takes the author's direct messages. */
  | 'dm-elsewhere'
  /** A control that no prompt has made. */
  | 'foreign-press'
  | 'too-large'

export type Candidate = { key: InstanceKey; way: Way }
export type Outcome = { key: InstanceKey; isDelivered: boolean; reason: Reason }

/** For whom a press or an answer is. `isStrict`: for nobody else (a press); otherwise it only decides where several would do. */
export type Meant = { keys: readonly InstanceKey[]; isStrict: boolean }

/** What `resolveReceivers` must know. */
export type RouteFacts = {
  isDirect: boolean
  /** Tenants that front the bot, and that it may serve. */
  tenants: ReadonlySet<string>
  /** All tenants' bindings of the author; the one for direct messages first. */
  bindings: readonly InstanceKey[]
  /** Who holds the grant for this very chat. */
  grant?: InstanceKey
  /** The tenant that owns the chat, or else the scope. `isLinked`: somebody is bound to an instance of it on this platform. */
  route?: { tenant: string; isLinked: boolean; instances: readonly InstanceKey[] }
  meant?: Meant
}

/** What `gate` must know of one candidate. */
export type GateFacts = Arrival & {
  way: Way
  /** Undefined: never set. */
  principals: PrincipalPolicy | undefined
  relevance: RelevancePolicy | undefined
  /** May any bound owner of the instance view the chat now? Asked for grants only. */
  visible: Known
}

export const isSameInstance = (one: InstanceKey, other: InstanceKey): boolean =>
  one.tenant === other.tenant && one.instanceId === other.instanceId
