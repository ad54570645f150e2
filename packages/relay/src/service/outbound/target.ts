import type { BotIdentity } from '../../protocol/index.js'

/** What a frame says of its target, unread. */
export type AskedTarget = { platform?: unknown; botId?: unknown }

/**
 * The one advertised identity that a frame means (contract 2.8): its own words, else the link's default. Undefined when it means
 * none, or several: then nothing is sent, and least of all with another credential.
 */
export function targetOf(advertised: readonly BotIdentity[], asked: AskedTarget): BotIdentity | undefined {
  const candidates = candidatesOf(advertised, asked)
  return isNamed(asked) && candidates.length !== 1 ? undefined : candidates[0]
}

/** Every advertised identity that a frame may mean: those that fit its words; without any words all of them. */
export function candidatesOf(advertised: readonly BotIdentity[], asked: AskedTarget): BotIdentity[] {
  return advertised.filter(
    (identity) =>
      (asked.platform === undefined || identity.platform === asked.platform) &&
      (asked.botId === undefined || identity.botId === asked.botId),
  )
}

const isNamed = ({ platform, botId }: AskedTarget): boolean => platform !== undefined || botId !== undefined
