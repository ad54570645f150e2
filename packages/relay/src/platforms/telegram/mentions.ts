import type { Message } from 'grammy/types'

/** Does the text mention the bot, or command it by name? */
export function addresses(message: Message, username: string, botId: string): boolean {
  const text = message.text ?? message.caption ?? ''
  const own = `@${username.toLowerCase()}`
  return (message.entities ?? message.caption_entities ?? []).some((entity) => {
    if (entity.type === 'text_mention') return String(entity.user.id) === botId
    const part = text.slice(entity.offset, entity.offset + entity.length).toLowerCase()
    if (entity.type === 'mention') return part === own
    return entity.type === 'bot_command' && part.endsWith(own)
  })
}

/** `/new@parley_bot` is `/new`, when that is the bot's own name. */
export function withoutOwnName(text: string, username: string): string {
  const [command = ''] = text.split(/\s/, 1)
  const own = `@${username.toLowerCase()}`
  if (!command.startsWith('/') || !command.toLowerCase().endsWith(own)) return text
  return command.slice(0, -own.length) + text.slice(command.length)
}
