import type { JsonObject } from '@parley/kernel/wire'
import type { BotIdentity } from '../protocol/index.js'

export const isShortText = (value: unknown, longest: number): value is string =>
  typeof value === 'string' && value.length <= longest

/** Which bot a frame names. WHY: one that names it wrongly must not be done by the default bot, so it stays named. */
export function targetOf({ platform, botId }: JsonObject): Partial<BotIdentity> {
  return {
    ...(isGiven(platform) && { platform: textOf(platform) }),
    ...(isGiven(botId) && { botId: textOf(botId) }),
  }
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
