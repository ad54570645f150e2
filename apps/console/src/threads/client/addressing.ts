import type { ThreadsClient } from '@parley/threads/client'

/**
 * The same client, whose written messages go to `recipients` unless they name somebody: assistants that a message goes to
 * answer it. Parts that are no text of a person, such as answers to forms, go to all.
 */
export function addressing(client: ThreadsClient, recipients: () => readonly string[]): ThreadsClient {
  return {
    ...client,
    openThread: (id) => {
      const live = client.openThread(id)
      return {
        ...live,
        send: (content, options = {}) => {
          const chosen = recipients()
          const isPlain = typeof content === 'string' && !options.recipients && chosen.length > 0
          return live.send(content, isPlain ? { ...options, recipients: chosen } : options)
        },
      }
    },
  }
}
