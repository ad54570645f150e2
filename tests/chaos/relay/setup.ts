import type { Ground } from '@parley/kernel/ground'
import { createRelay } from '@parley/relay'
import { bots, type Cast } from './cast.js'

/** Bots, gateways and links, as an operator makes them. Answers the gateways' secrets by their ids. */
export async function setUp(
  ground: Ground,
  key: string,
  { members, links }: Cast,
): Promise<Map<string, string>> {
  const relay = createRelay({ ground, key })
  try {
    const { operator } = await relay.service()
    for (const { platform, botId } of bots)
      await operator.addBot({}, { driver: 'sim', platform, botId, label: botId })
    const secrets = new Map<string, string>()
    for (const { tenant, gatewayId, instanceId } of members) {
      const { secret } = await operator.enrollGateway({}, { tenant, gatewayId, instanceId })
      secrets.set(gatewayId, secret)
    }
    for (const link of links) await operator.link({}, link)
    return secrets
  } finally {
    await relay.stop()
  }
}
