import type { PolicyView } from '@parley/relay/protocol'

/** What a policy says, as sentences. */
export function policyWords({
  principals,
  relevance,
}: Pick<PolicyView, 'principals' | 'relevance'>): string[] {
  return [
    ...(principals ? [principalWords(principals)] : []),
    ...(relevance
      ? [
          relevance.requireAddress
            ? 'In groups the bot has to be addressed.'
            : 'In groups everything concerns it.',
          ...(relevance.freeResponseScopes.length > 0
            ? [`Everything concerns it in ${relevance.freeResponseScopes.join(', ')}.`]
            : []),
          relevance.allowOtherBots ? 'Other bots are heard.' : 'Other bots are not heard.',
        ]
      : []),
  ]
}

function principalWords({ policy, userIds }: NonNullable<PolicyView['principals']>): string {
  if (policy === 'any') return 'Everybody may speak to it.'
  if (policy === 'owner-only') return 'Only who is linked to it may speak to it.'
  return userIds.length === 0
    ? 'Only who is linked to it may speak to it: its list is empty.'
    : `Who is linked to it, and ${userIds.join(', ')}, may speak to it.`
}
