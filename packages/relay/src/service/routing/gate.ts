// `deliver = authorised AND visible AND relevant` (contract 8.6). It only narrows, and asks nobody: facts come in.
import type { PrincipalPolicy, RelevancePolicy } from '../../store/port.js'
import type { GateFacts, Reason } from './facts.js'

export type Verdict = { isDelivered: boolean; reason: Reason }

/** What holds for an instance that has said nothing: it must be addressed. */
const unsaid: RelevancePolicy = { requireAddress: true, freeResponseScopes: [], allowOtherBots: false }

/** Whether one candidate gets it. The first layer that says no gives the reason. */
export function gate(facts: GateFacts): Verdict {
  const refusal = refusalOf(facts)
  return refusal ? { isDelivered: false, reason: refusal } : { isDelivered: true, reason: facts.way }
}

function refusalOf(facts: GateFacts): Reason | undefined {
  if (facts.author.isSelf) return 'self'
  if (!isAuthorised(facts)) return 'principal'
  if (facts.way === 'grant' && facts.visible !== 'yes') return 'not-visible'
  return irrelevanceOf(facts)
}

/** An owner is. Others need a policy that admits them; by a route everybody is, unless a policy was set. */
function isAuthorised({ way, author, principals }: GateFacts): boolean {
  if (way === 'owner' || way === 'dm') return true
  if (way === 'route' && !principals) return true
  return admits(principals, author.id)
}

function admits(principals: PrincipalPolicy | undefined, userId: string): boolean {
  if (principals?.policy === 'any') return true
  return principals?.policy === 'allow-list' && principals.userIds.includes(userId)
}

function irrelevanceOf(facts: GateFacts): Reason | undefined {
  const { way, author, chat, addressesBot, relevance = unsaid } = facts
  if (way === 'owner' || way === 'dm') return undefined
  if (author.isBot && !relevance.allowOtherBots) return 'bot-author'
  if (!relevance.requireAddress || addressesBot || chat.type === 'dm') return undefined
  const places = [chat.id, chat.parentId, chat.scopeId]
  const isFree = places.some((place) => place !== null && relevance.freeResponseScopes.includes(place))
  return isFree ? undefined : 'not-addressed'
}
