import { GatewayDispatchEvents, type GatewayDispatchPayload } from 'discord-api-types/v10'
import { type Channel, isId } from './objects.js'

type Named = Pick<Channel, 'id' | 'type' | 'name' | 'topic' | 'guild_id' | 'parent_id'>

const maxChannels = 20_000

/** Channels and threads as the gateway has told of them. Of more than some thousands the oldest are forgotten, and asked for again. */
export class Channels {
  readonly #channels = new Map<string, Named>()
  /** The role that Discord has made for this bot, by guild. */
  readonly #roles = new Map<string, string>()
  readonly #botId: string

  constructor(botId: string) {
    this.#botId = botId
  }

  find(id: string): Named | undefined {
    return this.#channels.get(id)
  }

  roleIn(guildId: string): string | undefined {
    return this.#roles.get(guildId)
  }

  set(channel: Channel, guildId = channel.guild_id): void {
    if (!isId(channel.id)) return
    const { id, type, name, topic, parent_id } = channel
    bounded(this.#channels, id, { id, type, name, topic, parent_id, guild_id: guildId })
  }

  heard(payload: GatewayDispatchPayload): void {
    switch (payload.t) {
      case GatewayDispatchEvents.GuildCreate: {
        const { id, channels, threads, roles } = payload.d
        for (const one of [...channels, ...threads]) this.set(one, id)
        const own = roles.find(({ tags }) => tags?.bot_id === this.#botId)
        if (own) bounded(this.#roles, id, own.id)
        return
      }
      case GatewayDispatchEvents.GuildDelete:
        // What is out of order for a while comes again.
        if (!payload.d.unavailable) this.#forgetGuild(payload.d.id)
        return
      case GatewayDispatchEvents.ThreadListSync:
        for (const thread of payload.d.threads) this.set(thread, payload.d.guild_id)
        return
      case GatewayDispatchEvents.ChannelCreate:
      case GatewayDispatchEvents.ChannelUpdate:
      case GatewayDispatchEvents.ThreadCreate:
      case GatewayDispatchEvents.ThreadUpdate:
        this.set(payload.d)
        return
      case GatewayDispatchEvents.ChannelDelete:
      case GatewayDispatchEvents.ThreadDelete:
        this.#channels.delete(payload.d.id)
    }
  }

  #forgetGuild(guildId: string): void {
    this.#roles.delete(guildId)
    for (const [id, { guild_id }] of this.#channels) if (guild_id === guildId) this.#channels.delete(id)
  }
}

function bounded<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key)
  map.set(key, value)
  for (const oldest of map.keys()) {
    if (map.size <= maxChannels) break
    map.delete(oldest)
  }
}
