import type { BotIdentity } from '@parley/relay/protocol'
import { botName } from './bot.js'

/** What a gateway is told of itself. */
export type Environment = {
  gatewayId: string
  secret: string
  deliveryKey: string
  instanceId: string
  bots: readonly BotIdentity[]
}

/** The lines that `parley relay enroll` prints: a gateway reads them as its environment. */
export function environmentOf(
  url: string,
  { gatewayId, secret, deliveryKey, instanceId, bots }: Environment,
): string[] {
  const ids = Object.fromEntries(bots.map(({ platform, botId }) => [platform, { botId }]))
  return [
    `GATEWAY_RELAY_URL=${url}`,
    `GATEWAY_RELAY_ID=${gatewayId}`,
    `GATEWAY_RELAY_SECRET=${secret}`,
    `GATEWAY_RELAY_DELIVERY_KEY=${deliveryKey}`,
    `GATEWAY_RELAY_INSTANCE_ID=${instanceId}`,
    `GATEWAY_RELAY_PLATFORMS=${[...new Set(bots.map(({ platform }) => platform))].join(',')}`,
    `GATEWAY_RELAY_BOT_IDS='${JSON.stringify(ids)}'`,
  ]
}

/** Bots that the lines leave out: they have room for one of each platform, the last. */
const leftOut = (bots: readonly BotIdentity[]): BotIdentity[] =>
  bots.filter((bot, index) => bots.slice(index + 1).some(({ platform }) => platform === bot.platform))

/** Says which bots the lines leave out; undefined: none. */
export function leftOutNote(bots: readonly BotIdentity[]): string | undefined {
  const names = leftOut(bots).map(botName)
  if (names.length === 0) return undefined
  return `The lines name one bot of each platform, and leave out ${names.join(', ')}. Say hello for those in the gateway’s program, or enrol another gateway for them.`
}

/** The same for one that enrols itself. */
export const enrolmentLines = (url: string, token: string): string[] => [
  `GATEWAY_RELAY_URL=${url}`,
  `GATEWAY_RELAY_ENROLL_TOKEN=${token}`,
]
