// What a gateway reads of itself (contract 8.3): the reference one as its own documentation says, and ours.

import type { BotIdentity } from './frames.js'

/** A gateway that was made, and the bots that it fronts, the default one first. */
export type MadeGateway = {
  gatewayId: string
  secret: string
  deliveryKey: string
  instanceId: string
  bots: readonly BotIdentity[]
}

/** Lines of an environment file, with secrets. They have room for one bot of each platform, the last. */
export function gatewayEnvironment(
  url: string,
  { gatewayId, secret, deliveryKey, instanceId, bots }: MadeGateway,
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

/** The same for one that enrols itself. */
export const enrolmentEnvironment = (url: string, token: string): string[] => [
  `GATEWAY_RELAY_URL=${url}`,
  `GATEWAY_RELAY_ENROLL_TOKEN=${token}`,
]

/** Bots for which `gatewayEnvironment` has no room. */
export const botsLeftOut = (bots: readonly BotIdentity[]): BotIdentity[] =>
  bots.filter((bot, index) => bots.slice(index + 1).some(({ platform }) => platform === bot.platform))
