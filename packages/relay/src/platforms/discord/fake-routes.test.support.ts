// The fake's routes: https://docs.discord.com/developers/resources/message and its neighbours.

import type { FakeGateway } from './fake-gateway.test.support.js'
import { say } from './fake-posts.test.support.js'
import { type FakeChannel, type FakeWorld, ids } from './fake-world.test.support.js'

export type Asked = {
  method: string
  path: string
  query: URLSearchParams
  authorization: string | undefined
  body: Record<string, unknown>
  files: { filename: string; size: number }[]
}
export type Answered = { status: number; body?: unknown }
type Room = { world: FakeWorld; gateway: FakeGateway; asked: Asked }
type Handler = (room: Room, ...parts: string[]) => Answered

export const error = (status: number, code: number, message: string): Answered => ({
  status,
  body: { message, code },
})
const unknownChannel = error(404, 10_003, 'Unknown Channel')
const unknownMessage = error(404, 10_008, 'Unknown Message')
const done: Answered = { status: 204 }
const ok = (body: unknown): Answered => ({ status: 200, body })

const table: [string, RegExp, Handler][] = [
  ['GET', /^\/users\/@me$/, ({ world }) => ok(world.bot)],
  ['GET', /^\/applications\/@me$/, ({ world }) => ok({ id: ids.application, verify_key: world.verifyKey })],
  ['GET', /^\/gateway\/bot$/, ({ gateway }) => ok(gatewayBot(gateway))],
  ['GET', /^\/channels\/(\d+)$/, ({ world }, id) => withChannel(world, id, ok)],
  ['PATCH', /^\/channels\/(\d+)$/, rename],
  ['GET', /^\/channels\/(\d+)\/messages$/, list],
  ['POST', /^\/channels\/(\d+)\/messages$/, (room, id) => withChannel(room.world, id, () => say(room, id!))],
  ['PATCH', /^\/channels\/(\d+)\/messages\/(\d+)$/, edit],
  ['DELETE', /^\/channels\/(\d+)\/messages\/(\d+)$/, remove],
  ['PUT', /^\/channels\/(\d+)\/messages\/(\d+)\/reactions\/(.+)\/@me$/, react],
  ['DELETE', /^\/channels\/(\d+)\/messages\/(\d+)\/reactions\/(.+)\/@me$/, unreact],
  ['POST', /^\/channels\/(\d+)\/typing$/, type],
  ['POST', /^\/channels\/(\d+)\/threads$/, (room, id) => thread(room, id!, room.world.nextId())],
  [
    'POST',
    /^\/channels\/(\d+)\/messages\/(\d+)\/threads$/,
    (room, id, messageId) => thread(room, id!, messageId!),
  ],
  ['GET', /^\/channels\/(\d+)\/thread-members\/(\d+)$/, threadMember],
  [
    'GET',
    /^\/guilds\/(\d+)$/,
    ({ world }, id) => (id === world.guild.id ? ok(world.guild) : error(404, 10_004, 'Unknown Guild')),
  ],
  ['GET', /^\/guilds\/(\d+)\/members\/(\d+)$/, member],
  ['GET', /^\/applications\/(\d+)\/commands$/, ({ world }) => ok(world.commands)],
  ['PUT', /^\/applications\/(\d+)\/commands$/, setCommands],
]

/** Webhooks of interactions prove themselves by their token alone. */
const open: [string, RegExp, Handler][] = [
  ['PATCH', /^\/webhooks\/(\d+)\/([^/]+)\/messages\/@original$/, editOriginal],
  ['POST', /^\/webhooks\/(\d+)\/([^/]+)$/, followUp],
]

export function routes(world: FakeWorld, gateway: FakeGateway, asked: Asked): Answered {
  const room = { world, gateway, asked }
  const anonymous = handle(open, room)
  if (anonymous) return anonymous
  if (asked.authorization !== `Bot ${world.token}`) return error(401, 0, '401: Unauthorized')
  return handle(table, room) ?? error(404, 0, '404: Not Found')
}

function handle(handlers: readonly [string, RegExp, Handler][], room: Room): Answered | undefined {
  for (const [method, pattern, handler] of handlers) {
    const match = method === room.asked.method ? pattern.exec(room.asked.path) : null
    if (match) return handler(room, ...match.slice(1))
  }
  return undefined
}

const gatewayBot = ({ url }: FakeGateway) => ({
  url,
  shards: 1,
  session_start_limit: { total: 1_000, remaining: 999, reset_after: 14_400_000, max_concurrency: 1 },
})

function withChannel(
  world: FakeWorld,
  id: string | undefined,
  then: (channel: FakeChannel) => Answered,
): Answered {
  const channel = world.channels.get(id ?? '')
  return channel ? then(channel) : unknownChannel
}

function rename({ world, gateway, asked }: Room, id?: string): Answered {
  return withChannel(world, id, (channel) => {
    channel.name = String(asked.body.name)
    gateway.dispatch('THREAD_UPDATE', channel)
    return ok(channel)
  })
}

function list({ world, asked }: Room, id?: string): Answered {
  const before = BigInt(asked.query.get('before') ?? '9223372036854775807')
  const older = world.messagesOf(id ?? '').filter((message) => BigInt(message.id) < before)
  return ok(older.slice(-Number(asked.query.get('limit') ?? 50)).reverse())
}

function edit({ world, gateway, asked }: Room, channelId?: string, id?: string): Answered {
  const message = world.messages.get(id ?? '')
  if (message?.channel_id !== channelId) return unknownMessage
  if (message?.author.id !== ids.bot)
    return error(403, 50_005, 'Cannot edit a message authored by another user')
  message.content = String(asked.body.content)
  message.edited_timestamp = world.now
  gateway.dispatch('MESSAGE_UPDATE', {
    ...message,
    guild_id: world.channels.get(message.channel_id)?.guild_id,
  })
  return ok(message)
}

function remove({ world }: Room, channelId?: string, id?: string): Answered {
  if (world.messages.get(id ?? '')?.channel_id !== channelId) return unknownMessage
  world.messages.delete(id ?? '')
  return done
}

function react({ world }: Room, _?: string, id?: string, emoji = ''): Answered {
  const message = world.messages.get(id ?? '')
  if (!message) return unknownMessage
  const name = decodeURIComponent(emoji)
  if (!/\p{Emoji}/u.test(name)) return error(400, 10_014, 'Unknown Emoji')
  if (!message.reactions.includes(name)) message.reactions.push(name)
  return done
}

function unreact({ world }: Room, _?: string, id?: string, emoji = ''): Answered {
  const message = world.messages.get(id ?? '')
  if (!message) return unknownMessage
  const at = message.reactions.indexOf(decodeURIComponent(emoji))
  if (at === -1) return error(404, 10_014, 'Unknown Emoji')
  message.reactions.splice(at, 1)
  return done
}

function type({ world }: Room, id?: string): Answered {
  return withChannel(world, id, () => {
    world.typing.add(id ?? '')
    return done
  })
}

function thread({ world, gateway, asked }: Room, parentId: string, id: string): Answered {
  return withChannel(world, parentId, (parent) => {
    const name = String(asked.body.name)
    if (name.length < 1 || name.length > 100) return error(400, 50_035, 'Invalid Form Body')
    const made = {
      id,
      type: Number(asked.body.type ?? 11),
      name,
      parent_id: parentId,
      guild_id: parent.guild_id,
      owner_id: ids.bot,
    }
    world.channels.set(id, made)
    gateway.dispatch('THREAD_CREATE', made)
    return { status: 201, body: made }
  })
}

function threadMember({ world }: Room, id?: string, userId?: string): Answered {
  return withChannel(world, id, ({ people = [] }) =>
    people.includes(userId ?? '') ? ok({ user_id: userId }) : error(404, 10_007, 'Unknown Member'),
  )
}

function member({ world }: Room, guildId?: string, userId?: string): Answered {
  if (guildId !== world.guild.id) return error(404, 10_004, 'Unknown Guild')
  const found = world.guild.members.find(({ user }) => user.id === userId)
  return found ? ok(found) : error(404, 10_007, 'Unknown Member')
}

function setCommands({ world, asked }: Room): Answered {
  const commands = asked.body as unknown as Record<string, unknown>[]
  // Discord adds members of its own, and leaves out what is the default.
  world.commands = commands.map((one) => ({
    type: 1,
    nsfw: false,
    version: '1',
    ...one,
    id: one.id ?? world.nextId(),
  }))
  world.commandWrites += 1
  return ok(world.commands)
}

function editOriginal({ world, asked }: Room, _?: string, token?: string): Answered {
  const interaction = world.interactions.get(decodeURIComponent(token ?? ''))
  if (!interaction) return error(404, 10_015, 'Unknown Webhook')
  const original = world.messages.get(interaction.originalId ?? '')
  if (!original) return unknownMessage
  original.content = String(asked.body.content)
  return ok(original)
}

function followUp(room: Room, _?: string, token?: string): Answered {
  const interaction = room.world.interactions.get(decodeURIComponent(token ?? ''))
  return interaction ? say(room, interaction.channelId) : error(404, 10_015, 'Unknown Webhook')
}
