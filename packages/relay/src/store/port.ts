// Questions are answered from committed rows; changes are statements for a unit of the log. Texts come from outside: ids with a
// NUL or half a character must be stored and found as well as any other.

import type { BotRows } from './ports/bots.js'
import type { EntryRows } from './ports/entries.js'
import type { GatewayRows } from './ports/gateways.js'
import type { InstanceRows } from './ports/instances.js'
import type { LinkRows } from './ports/links.js'
import type { MediaRows } from './ports/media.js'
import type { PromptRows } from './ports/prompts.js'
import type { ReceiptRows } from './ports/receipts.js'
import type { RoutingRows } from './ports/routing.js'
import type { VaultRows } from './ports/secrets.js'
import type { SettingRows } from './ports/settings.js'

export type { ReceiptState } from '../protocol/index.js'
export type * from './ports/bots.js'
export * from './ports/entries.js'
export type * from './ports/gateways.js'
export type * from './ports/instances.js'
export type * from './ports/links.js'
export type * from './ports/media.js'
export type * from './ports/prompts.js'
export type * from './ports/receipts.js'
export type * from './ports/routing.js'
export type * from './ports/secrets.js'
export type * from './ports/settings.js'

export interface RelayStore {
  readonly bots: BotRows
  readonly gateways: GatewayRows
  readonly instances: InstanceRows
  readonly entries: EntryRows
  readonly links: LinkRows
  readonly routing: RoutingRows
  readonly vault: VaultRows
  readonly prompts: PromptRows
  readonly receipts: ReceiptRows
  readonly media: MediaRows
  readonly settings: SettingRows
}
