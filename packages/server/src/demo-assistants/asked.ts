import type { HandlerContext } from '@parley/threads'

/** The words of the newest message that somebody else has written; empty when it has none. */
export async function askedOf({ assistant, events }: HandlerContext): Promise<string> {
  // A few: the newest may be the assistant's own.
  const messages = await events({ limit: 20, types: ['message'] })
  const latest = messages.findLast((event) => event.type === 'message' && event.author.id !== assistant.id)
  if (latest?.type !== 'message') return ''
  return latest.content
    .map((part) => (part.type === 'text' ? part.text : ''))
    .join('\n')
    .trim()
}
