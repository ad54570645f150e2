import type { Clock } from '@parley/kernel/ids'
import type { BotIdentity } from '../../protocol/index.js'
import type { DiscordApi } from './api.js'
import type { Channels } from './channels.js'
import type { Lookups } from './lookups.js'
import type { OwnThreads } from './own-threads.js'

/** One Discord bot, as its parts share it. */
export type Discord = {
  identity: BotIdentity
  api: DiscordApi
  lookups: Lookups
  /** What the gateway has told of channels. */
  channels: Channels
  threads: OwnThreads
  settings: DiscordSettings
  /** Of the application, for signatures; undefined: nothing at the edge is believed. */
  publicKey: string | undefined
  token: string
  clock: Clock
  onFault(error: unknown, where: string): void
}

export type DiscordSettings = {
  /** Undefined: Discord is asked. */
  applicationId?: string
  apiBase: string
  /** Instead of the one that Discord names. */
  gatewayUrl?: string
}
