// One connection to Discord's gateway, with its reconnects.

import { WebSocketManager, WebSocketShardEvents } from '@discordjs/ws'
import {
  type APIGatewayBotInfo,
  type GatewayDispatchPayload,
  GatewayIntentBits,
  Routes,
} from 'discord-api-types/v10'
import * as z from 'zod'
import { relayErrors } from '../../errors.js'
import type { BotHealth } from '../port.js'
import type { Discord } from './discord.js'
import type { Sessions } from './sessions.js'

export type ConnectionOptions = {
  discord: Discord
  sessions: Sessions
  onDispatch(payload: GatewayDispatchPayload, shardId: number): void
  onHealth(health: BotHealth): void
}

const intents =
  GatewayIntentBits.Guilds |
  GatewayIntentBits.GuildMessages |
  GatewayIntentBits.MessageContent |
  GatewayIntentBits.DirectMessages

const [openWithinMs, closeWithinMs] = [60_000, 5_000]
// OUTSIDE: after 1000 and 1001 Discord forgets the session; after any other code it can be resumed for some minutes.
const closeCode = 4_200
const silent = () => relayErrors.unavailable({ message: 'Discord’s gateway did not answer' })

export class Connection {
  readonly #options: ConnectionOptions
  #manager: Manager | undefined
  #isOver = false
  #refusal: Error | undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
  }

  /** Resolves when all shards are ready. Rejects when they can't be, and is over then. */
  async open(): Promise<void> {
    const { discord } = this.#options
    const info = await gatewayInfo(discord)
    if (this.#isOver) throw silent()
    this.#manager = this.#listen(new Manager(info, this.#managerOptions()))
    const late = new AbortController()
    const tooLate = discord.clock.sleep(openWithinMs, late.signal).then(() => Promise.reject(silent()))
    try {
      await Promise.race([this.#manager.connect(), tooLate])
    } catch {
      await this.close()
      // Nothing of what the library says: it may hold an address.
      throw this.#refusal ?? silent()
    } finally {
      tooLate.catch(() => {})
      late.abort()
    }
  }

  /** Closes for good, so that the sessions can be resumed. Harmless when it is closed. */
  async close(): Promise<void> {
    if (this.#isOver) return
    this.#isOver = true
    const late = new AbortController()
    const closed = Promise.resolve(this.#manager?.destroy({ code: closeCode, reason: 'closing' })).catch(
      () => {},
    )
    // Whoever does not answer the close is left alone.
    const tooLate = this.#options.discord.clock.sleep(closeWithinMs, late.signal).catch(() => {})
    await Promise.race([closed, tooLate])
    late.abort()
  }

  #managerOptions() {
    const { discord, sessions } = this.#options
    return {
      token: discord.token,
      rest: discord.api.rest,
      intents,
      // INVARIANT: neither of these throws. The library calls them where nobody hears of it. A connection that was closed while it
      //            waited to connect again would come back: it never hears where it stands, and so it stays away.
      retrieveSessionInfo: (shardId: number) =>
        this.#isOver ? new Promise<never>(() => {}) : sessions.find(shardId),
      updateSessionInfo: (shardId: number, session: Parameters<Sessions['set']>[1]) => {
        if (!this.#isOver) sessions.set(shardId, session)
      },
    }
  }

  #listen(manager: Manager): Manager {
    const { onDispatch, onHealth } = this.#options
    const unlessOver =
      <Args extends unknown[]>(act: (...args: Args) => void) =>
      (...args: Args) => {
        if (!this.#isOver) act(...args)
      }
    const well = unlessOver(() => onHealth({ state: 'well' }))
    return manager
      .on(WebSocketShardEvents.Dispatch, unlessOver(onDispatch))
      .on(WebSocketShardEvents.Ready, well)
      .on(WebSocketShardEvents.Resumed, well)
      .on(
        WebSocketShardEvents.Closed,
        unlessOver((code) => onHealth({ state: 'failing', detail: `Discord’s gateway has closed: ${code}` })),
      )
      .on(
        WebSocketShardEvents.Error,
        unlessOver((error) => {
          this.#refusal ??= toRefusal(error)
          onHealth({ state: 'refused', detail: this.#refusal.message })
        }),
      )
  }
}

/** The library asks more often than it has to, and its errors are not ours. */
class Manager extends WebSocketManager {
  readonly #info: APIGatewayBotInfo

  constructor(info: APIGatewayBotInfo, options: ConstructorParameters<typeof WebSocketManager>[0]) {
    super(options)
    this.#info = info
  }

  override async fetchGatewayInformation(): Promise<APIGatewayBotInfo> {
    return this.#info
  }
}

const Info = z.object({
  url: z.url({ protocol: /^wss?$/ }),
  shards: z.int().positive().max(1_000),
  session_start_limit: z.object({ remaining: z.int(), max_concurrency: z.int().positive() }),
})

async function gatewayInfo({ api, settings }: Discord): Promise<APIGatewayBotInfo> {
  const answer = await api.read<APIGatewayBotInfo>(Routes.gatewayBot())
  if (answer.outcome === 'refused' && answer.status === 401)
    throw relayErrors.credentialRefused({ message: 'Discord refused the token' })
  if (answer.outcome !== 'ok') throw silent()
  const info = { ...answer.value, url: settings.gatewayUrl ?? answer.value.url }
  if (!Info.safeParse(info).success) throw silent()
  if (info.session_start_limit.remaining < info.shards)
    throw relayErrors.unavailable({ message: 'Discord allows no more connections of this bot today' })
  return info
}

/** Close codes after which nothing is tried again: https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway */
function toRefusal({ message }: Error): Error {
  if (/authentication failed/i.test(message))
    return relayErrors.credentialRefused({ message: 'Discord refused the token' })
  if (/disallowed intents/i.test(message))
    return relayErrors.credentialRefused({
      message:
        'the bot may not read messages: allow the message content intent in Discord’s developer portal',
    })
  return relayErrors.unavailable({ message: 'Discord’s gateway refused the connection' })
}
