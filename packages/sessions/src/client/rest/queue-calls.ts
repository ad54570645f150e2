import * as z from 'zod'
import { PromptQueueStateSchema, QueuedMessageSchema } from '../../protocol/index.js'
import type { MessageCalls, QueueCalls } from '../types.js'
import type { Http } from './http.js'
import { agentPath, messagePath } from './paths.js'
import { promptAnswer } from './session-calls.js'

const cleared = z.object({ cleared: z.number().default(0) })
const messages = z.array(QueuedMessageSchema)

/** Prompts that wait in a session. */
export function queueCalls(http: Http): QueueCalls {
  return {
    fetchQueue: (id) => {
      const failure = 'Failed to fetch queue'
      return http({ method: 'GET', path: agentPath(id, 'queue'), answer: PromptQueueStateSchema, failure })
    },
    cancelQueueItem: (id, queueId) => {
      const path = agentPath(id, 'queue', queueId)
      return http({ method: 'DELETE', path, failure: 'Failed to cancel queue item' })
    },
    clearQueue: async (id) => {
      const failure = 'Failed to clear queue'
      return (await http({ method: 'DELETE', path: agentPath(id, 'queue'), answer: cleared, failure }))
        .cleared
    },
    reorderQueue: (id, order) => {
      const failure = 'Failed to reorder queue'
      return http({ method: 'PUT', path: agentPath(id, 'queue'), body: { order }, failure })
    },
    pauseQueue: (id) =>
      http({ method: 'POST', path: agentPath(id, 'queue', 'pause'), failure: 'Failed to pause queue' }),
    resumeQueue: (id) =>
      http({ method: 'POST', path: agentPath(id, 'queue', 'resume'), failure: 'Failed to resume queue' }),
  }
}

/** The message queue of the whole plane. */
export function messageCalls(http: Http): MessageCalls {
  const path = '/message-queue'
  return {
    listMessageQueue: () =>
      http({ method: 'GET', path, answer: messages, failure: 'Failed to fetch message queue' }),
    enqueueMessage: (body) => {
      const failure = 'Failed to enqueue message'
      // It may start a session first.
      const withinMs = 150_000
      return http({ method: 'POST', path, body, answer: QueuedMessageSchema, failure, withinMs })
    },
    sendQueuedMessage: (id) => {
      const failure = 'Failed to send queued message'
      return http({
        method: 'POST',
        path: messagePath(id, 'send'),
        answer: promptAnswer,
        failure,
        withinMs: null,
      })
    },
    removeQueuedMessage: (id) =>
      http({ method: 'DELETE', path: messagePath(id), failure: 'Failed to remove queued message' }),
    clearMessageQueue: () => http({ method: 'DELETE', path, failure: 'Failed to clear message queue' }),
  }
}
