// The global message queue: section 2.10.
import { sessionsErrors } from '../errors.js'
import type { EnqueueMessageBody } from '../protocol/index.js'
import { type Answer, done, ok } from './answer.js'
import { membersOf, optionalText, type Route } from './call.js'
import type { RouteContext } from './routes.js'

export function messageRoutes({ service: { messages }, addressesOf }: RouteContext): Route[] {
  return [
    {
      method: 'GET',
      path: '/message-queue',
      summary: 'Messages that wait or were sent, oldest first',
      run: async ({ by }) => ok(await messages.list(by)),
    },
    {
      method: 'POST',
      path: '/message-queue',
      summary: 'Send a message when its session is free',
      run: async (call) => {
        const body = messageIn(await membersOf(call))
        const { origin } = addressesOf(call.request)
        return ok(await messages.enqueue(call.by, body, { callbackOrigin: origin }), 201)
      },
    },
    {
      method: 'POST',
      path: '/message-queue/:id/send',
      summary: 'Send a message now',
      run: async ({ by, param }) => ok(await messages.send(by, idIn(param('id')))),
    },
    {
      method: 'DELETE',
      path: '/message-queue/:id',
      summary: 'Remove a message',
      run: async ({ by, param }): Promise<Answer> => {
        await messages.remove(by, idIn(param('id')))
        return done
      },
    },
    {
      method: 'DELETE',
      path: '/message-queue',
      summary: 'Remove all messages',
      run: async ({ by }): Promise<Answer> => {
        await messages.clear(by)
        return done
      },
    },
  ]
}

function messageIn(body: Record<string, unknown>): EnqueueMessageBody {
  const { text } = body
  if (typeof text !== 'string' || text.trim() === '')
    throw sessionsErrors.invalidRequest({ message: "Missing 'text' field" })
  const runtime = optionalText(body, 'runtime')
  const agent = optionalText(body, 'agent')
  return {
    text,
    sessionId: optionalText(body, 'sessionId') ?? null,
    agentTemplateId: optionalText(body, 'agentTemplateId') ?? null,
    directory: optionalText(body, 'directory') ?? null,
    ...(runtime !== undefined && { runtime }),
    ...(agent !== undefined && { agent }),
  }
}

function idIn(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw sessionsErrors.invalidRequest({ message: 'Invalid id' })
}
