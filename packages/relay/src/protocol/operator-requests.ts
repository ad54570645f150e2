import type { BotIdentity } from './frames.js'
import type { ReceiptState } from './operator.js'

// What operators ask for. Whoever does it checks it.

export type NewBot = {
  driver: string
  /** For drivers without a platform of their own. */
  platform?: string
  /** Default: what the platform says. */
  botId?: string
  label?: string
  credentials?: Readonly<Record<string, string>>
  settings?: Readonly<Record<string, unknown>>
  tenants?: readonly string[] | null
}

export type BotChange = {
  label?: string
  tenants?: readonly string[] | null
  isEnabled?: boolean
  /** All of its new ones: they are proven first, and must be of the same bot. */
  credentials?: Readonly<Record<string, string>>
}

export type NewGateway = {
  tenant: string
  /** Default: `gw-` and some random digits. */
  gatewayId?: string
  /** Default: the gateway's id. */
  instanceId?: string
  displayName?: string
  wakeUrl?: string
  /** Default: every bot the tenant may use. */
  bots?: readonly BotIdentity[]
}

export type LinkCodeRequest = { tenant: string; instanceId: string; platform: string }
export type NewLink = { tenant: string; instanceId: string; platform: string; userId: string }
export type LinkKey = { tenant: string; platform: string; userId: string }

/** `before`: `next` of the page before. `limit`: 1 to 200, default 50. */
export type ReceiptQuery = { state?: ReceiptState; before?: string; limit?: number }

/** 1 to 500, default 100. */
export type NewestQuery = { limit?: number }
