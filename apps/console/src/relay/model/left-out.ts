import { type BotIdentity, botsLeftOut } from '@parley/relay/protocol'
import { botName } from './bot.js'

/** Says which bots the environment of a gateway leaves out; undefined: none. */
export function leftOutNote(bots: readonly BotIdentity[]): string | undefined {
  const names = botsLeftOut(bots).map(botName)
  if (names.length === 0) return undefined
  return `The lines name one bot of each platform, and leave out ${names.join(', ')}. Say hello for those in the gateway’s program, or enrol another gateway for them.`
}
