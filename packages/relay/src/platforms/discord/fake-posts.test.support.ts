// What the fake takes as a message: https://docs.discord.com/developers/resources/message#create-message

import { textLength } from '../../protocol/index.js'
import type { FakeGateway } from './fake-gateway.test.support.js'
import { type Answered, type Asked, error } from './fake-routes.test.support.js'
import type { FakeMessage, FakeWorld } from './fake-world.test.support.js'

const invalid = (name: string, message: string): Answered => ({
  status: 400,
  body: {
    message: 'Invalid Form Body',
    code: 50_035,
    errors: { [name]: { _errors: [{ code: 'BASE_TYPE_INVALID', message }] } },
  },
})

type Body = {
  content?: string
  components?: FakeMessage['components']
  allowed_mentions?: { parse?: string[] }
  message_reference?: { message_id: string; fail_if_not_exists?: boolean }
}

export function say(
  { world, gateway, asked }: { world: FakeWorld; gateway: FakeGateway; asked: Asked },
  channelId: string,
): Answered {
  const { content = '', components = [], message_reference, allowed_mentions } = asked.body as Body
  if (content.trim() === '' && asked.files.length === 0)
    return error(400, 50_006, 'Cannot send an empty message')
  if (textLength(content, 'chars') > 2_000) return invalid('content', 'Must be 2000 or fewer in length.')
  if (asked.files.some(({ size }) => size > 10_485_760)) return error(413, 40_005, 'Request entity too large')
  const buttons = components.flatMap((row) => row.components)
  if (components.length > 5 || components.some((row) => row.components.length > 5))
    return invalid('components', 'Must be 5 or fewer in length.')
  if (buttons.some(({ label }) => label.length < 1 || label.length > 80))
    return invalid('label', 'Must be between 1 and 80 in length.')
  const replied = world.messages.get(message_reference?.message_id ?? '')
  if (message_reference && !replied && message_reference.fail_if_not_exists !== false)
    return invalid('message_reference', 'Unknown message')
  // Without a list of what is allowed, everything that is called is called.
  const isCalling = /@everyone|@here/.test(content) && (allowed_mentions?.parse?.includes('everyone') ?? true)
  const message = world.post({
    channel_id: channelId,
    content: content.trim(),
    author: world.bot,
    components,
    called: isCalling ? 3 : 0,
    attachments: asked.files.map(({ filename, size }) => ({
      id: world.nextId(),
      filename,
      size,
      url: `https://cdn.example/${filename}`,
      content_type: 'text/plain',
    })),
    ...(replied && {
      message_reference: { message_id: replied.id, channel_id: channelId },
      referenced_message: replied,
    }),
  })
  const guildId = world.channels.get(channelId)?.guild_id
  gateway.dispatch('MESSAGE_CREATE', { ...message, ...(guildId && { guild_id: guildId }) })
  return { status: 200, body: message }
}
