// The names of contract 8.3, as other gateways read them.

import { hostname } from 'node:os'
import { isJsonObject } from '@parley/kernel/wire'
import type { BotIdentity } from '../protocol/index.js'
import type { ClientCredentials } from './control/identity-token.js'

/** What an environment says of a gateway. Without `secret` it has to enrol or to be provisioned first. */
export type GatewaySettings = {
  url: string
  gatewayId: string
  secret?: string
  deliveryKey?: string
  /** The default one first. */
  identities: BotIdentity[]
  routeKeys: string[]
  instanceId?: string
  wakeUrl?: string
  displayName?: string
  gatewayEndpoint?: string
  enrollmentToken?: string
  clientCredentials?: ClientCredentials
}

type Env = Readonly<Record<string, string | undefined>>
type Read = (name: string) => string | undefined

/** Reads `GATEWAY_RELAY_…`; undefined when there is no `GATEWAY_RELAY_URL`. Throws when a value can't be read, without the value. */
export function gatewayFromEnv(env: Env): GatewaySettings | undefined {
  const read: Read = (name) => env[`GATEWAY_RELAY_${name}`]?.trim() || undefined
  const url = read('URL')
  if (!url) return undefined
  const credentials = credentialsOf(read)
  return {
    url,
    gatewayId: read('ID') ?? `gw-${hostname()}`,
    identities: identitiesOf(read),
    routeKeys: listOf(read('ROUTE_KEYS')),
    ...present({
      secret: read('SECRET'),
      deliveryKey: read('DELIVERY_KEY'),
      instanceId: read('INSTANCE_ID'),
      wakeUrl: read('WAKE_URL'),
      displayName: read('DISPLAY_NAME'),
      gatewayEndpoint: read('ENDPOINT'),
      enrollmentToken: read('ENROLL_TOKEN'),
    }),
    ...(credentials && { clientCredentials: credentials }),
  }
}

function identitiesOf(read: Read): BotIdentity[] {
  const bots = botsOf(read('BOT_IDS'))
  const platforms = listOf(read('PLATFORMS'))
  // Gateways of the first era know one bot only.
  if (platforms.length === 0 && bots.size === 0) {
    const platform = read('PLATFORM')
    return platform ? [{ platform, botId: read('BOT_ID') ?? '' }] : []
  }
  const named = platforms.length > 0 ? platforms : [...bots.keys()]
  return named.map((platform) => ({ platform, botId: bots.get(platform) ?? read('BOT_ID') ?? '' }))
}

function botsOf(text: string | undefined): Map<string, string> {
  if (!text) return new Map()
  const value = parsed(text)
  if (!isJsonObject(value)) throw new Error('GATEWAY_RELAY_BOT_IDS is not an object of JSON')
  return new Map(
    Object.entries(value).map(([platform, bot]) => {
      const botId = isJsonObject(bot) ? bot.botId : bot
      if (typeof botId !== 'string') throw new Error(`GATEWAY_RELAY_BOT_IDS: ${platform} has no botId`)
      return [platform, botId]
    }),
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: told by the caller, without the text.
    return undefined
  }
}

function credentialsOf(read: Read): ClientCredentials | undefined {
  const tokenUrl = read('IDP_TOKEN_URL')
  const clientId = read('IDP_CLIENT_ID')
  const clientSecret = read('IDP_CLIENT_SECRET')
  if (!tokenUrl || !clientId || !clientSecret) return undefined
  return { tokenUrl, clientId, clientSecret, ...present({ scope: read('IDP_SCOPE') }) }
}

const listOf = (text = ''): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)

/** Without the members that are not there. */
function present<T extends Record<string, string | undefined>>(values: T): Partial<Record<keyof T, string>> {
  // The cast: entries keep the names they had.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value)) as Partial<
    Record<keyof T, string>
  >
}
