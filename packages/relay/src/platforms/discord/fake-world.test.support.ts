// What there is on the fake Discord.

export type FakeUser = { id: string; username: string; global_name: string | null; bot?: boolean }
export type FakeChannel = {
  id: string
  type: number
  name?: string
  topic?: string | null
  guild_id?: string
  parent_id?: string | null
  recipients?: FakeUser[]
  permission_overwrites?: { id: string; type: number; allow: string; deny: string }[]
  /** Ids of the members of a private thread. */
  people?: string[]
}
export type FakeMessage = {
  id: string
  channel_id: string
  type: number
  content: string
  author: FakeUser
  timestamp: string
  edited_timestamp: string | null
  mentions: FakeUser[]
  mention_roles: string[]
  attachments: { id: string; filename: string; size: number; url: string; content_type: string }[]
  components: { type: number; components: { label: string; custom_id: string; style: number }[] }[]
  message_reference?: { message_id: string; channel_id: string }
  referenced_message?: FakeMessage | null
  reactions: string[]
  /** How many people it has called by calling everybody. */
  called: number
}
export type FakeGuild = {
  id: string
  owner_id: string
  roles: { id: string; permissions: string; tags?: { bot_id?: string } }[]
  members: { user: FakeUser; nick: string | null; roles: string[] }[]
}

export const ids = {
  bot: '1180000000000000001',
  application: '1180000000000000002',
  ada: '420000000000000001',
  ben: '420000000000000002',
  stranger: '420000000000000003',
  owner: '420000000000000004',
  guild: '900000000000000001',
  group: '900000000000000011',
  direct: '900000000000000012',
}

const epoch = 1_420_070_400_000n
const viewAndSend = String((1n << 10n) | (1n << 11n))
const user = (id: string, username: string): FakeUser => ({
  id,
  username,
  global_name: `${username} by name`,
})

export class FakeWorld {
  readonly token: string
  readonly bot: FakeUser = { id: ids.bot, username: 'parley', global_name: null, bot: true }
  readonly users = new Map<string, FakeUser>()
  readonly channels = new Map<string, FakeChannel>()
  readonly messages = new Map<string, FakeMessage>()
  readonly guild: FakeGuild
  readonly typing = new Set<string>()
  /** Interactions' tokens, with where they were made, and the placeholder that waits. */
  readonly interactions = new Map<string, { channelId: string; originalId: string | undefined }>()
  commands: Record<string, unknown>[] = []
  commandWrites = 0
  verifyKey = ''
  #count = 0n

  constructor(token: string) {
    this.token = token
    const [ada, ben, stranger, owner] = (['ada', 'ben', 'stranger', 'owner'] as const).map((name) =>
      user(ids[name], name),
    ) as [FakeUser, FakeUser, FakeUser, FakeUser]
    for (const one of [this.bot, ada, ben, stranger, owner]) this.users.set(one.id, one)
    this.guild = {
      id: ids.guild,
      owner_id: owner.id,
      roles: [{ id: ids.guild, permissions: viewAndSend }],
      members: [owner, ada, ben].map((one) => ({ user: one, nick: null, roles: [] })),
    }
    this.channels.set(ids.group, {
      id: ids.group,
      type: 0,
      name: 'ops',
      topic: 'Deployments',
      guild_id: ids.guild,
      permission_overwrites: [],
    })
    this.channels.set(ids.direct, { id: ids.direct, type: 1, recipients: [ada] })
  }

  /** Ids grow, and the time is in them. */
  nextId(): string {
    this.#count += 1n
    return String(((BigInt(Date.UTC(2026, 0, 1)) - epoch) << 22n) + this.#count)
  }

  get now(): string {
    return new Date(Date.UTC(2026, 0, 1) + Number(this.#count)).toISOString()
  }

  post(said: Pick<FakeMessage, 'channel_id' | 'content' | 'author'> & Partial<FakeMessage>): FakeMessage {
    const id = this.nextId()
    const message: FakeMessage = {
      id,
      type: said.message_reference ? 19 : 0,
      timestamp: this.now,
      edited_timestamp: null,
      mentions: [],
      mention_roles: [],
      attachments: [],
      components: [],
      reactions: [],
      called: 0,
      ...said,
    }
    this.messages.set(id, message)
    return message
  }

  messagesOf(channelId: string): FakeMessage[] {
    return [...this.messages.values()].filter(({ channel_id }) => channel_id === channelId)
  }
}
