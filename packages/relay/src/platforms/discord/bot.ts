import { discordLimits } from '../limits.js'
import type { OpenBotOptions, PlatformBot } from '../port.js'
import { perform } from './act.js'
import { discordApi } from './api.js'
import { discordDescriptor } from './capabilities.js'
import { Channels } from './channels.js'
import { setCommands } from './commands.js'
import type { Discord, DiscordSettings } from './discord.js'
import { Gateway } from './gateway.js'
import { answerInteraction } from './interactions.js'
import { Lookups } from './lookups.js'
import { OwnThreads } from './own-threads.js'
import { createReads } from './reads.js'
import { signatureCheck } from './signature.js'

export type DiscordCredentials = { token: string; publicKey?: string }

/** Opens one bot. Asks nothing of Discord yet. */
export function openDiscord(
  { platform, botId, label, clock, onFault }: OpenBotOptions,
  { token, publicKey }: DiscordCredentials,
  settings: DiscordSettings,
): PlatformBot {
  const api = discordApi(token, settings.apiBase, clock)
  const discord: Discord = {
    identity: { platform, botId },
    api,
    lookups: new Lookups(api, clock),
    channels: new Channels(botId),
    threads: new OwnThreads(),
    settings,
    publicKey,
    token,
    clock,
    onFault,
  }
  const isSigned = signatureCheck(publicKey)
  let gateway: Gateway | undefined

  return {
    descriptor: discordDescriptor(label),
    limits: discordLimits,
    perform: (action, { signal }) => perform(discord, action, signal),
    ...createReads(discord),
    setCommands: (manifest) => setCommands(discord, manifest),
    start: async (sink) => {
      const opened = new Gateway(discord, sink)
      gateway = opened
      try {
        await opened.start()
      } catch (error) {
        await opened.stop()
        throw error
      }
    },
    edge: (request, sink) => answerInteraction(discord, isSigned, request, sink),
    stop: async () => {
      await gateway?.stop()
      api.stop()
    },
  }
}
