// What both sockets let a client do with a session.
import { isParleyError } from '@parley/kernel/errors'
import type { Principal } from '@parley/kernel/principal'
import { sessionsErrors } from '../errors.js'
import type {
  HostRequest,
  PermissionResponseBody,
  QueuedPromptResponse,
  WireEvent,
  WsControlMessage,
} from '../protocol/index.js'
import type { SessionsService } from '../service/port.js'
import { assertOk, isNoSession } from './errors.js'

type Deps = { service: SessionsService; now(): number }

/** The session that is meant, and who acts. */
export type Target = { by: Principal; sessionId: string }

/** Commands of a session. All throw refusals, `sessionNotFound` among them. */
export type Commands = ReturnType<typeof createCommands>

export function createCommands({ service, now }: Deps) {
  const ask = async ({ by, sessionId }: Target, request: HostRequest) =>
    assertOk(await service.fetchSession(by, sessionId, request))
  const eventOf = (type: string, data: Record<string, unknown>): WireEvent => ({
    type,
    data,
    timestamp: new Date(now()).toISOString(),
  })

  return {
    /** What was answered when it was queued; undefined when it runs. */
    prompt: async ({ by, sessionId }: Target, text: string): Promise<QueuedPromptResponse | undefined> => {
      if (text === '') throw sessionsErrors.invalidRequest({ message: "Missing 'text' field" })
      const sent = await service.sendPrompt(by, sessionId, text)
      return 'queued' in sent ? sent : undefined
    },
    /** An unknown request is ignored: somebody was faster. */
    respond: async ({ by, sessionId }: Target, requestId: string, body: PermissionResponseBody) => {
      try {
        await service.resolvePermission(by, sessionId, requestId, body, 'socket')
      } catch (error) {
        if (!isParleyError(error, sessionsErrors.permissionNotFound().code)) throw error
      }
    },
    cancel: async (target: Target, queueId: string | undefined) => {
      if (queueId === undefined) return service.cancelTurn(target.by, target.sessionId)
      await ask(target, { method: 'DELETE', path: `/queue/${encodeURIComponent(queueId)}` })
    },
    terminate: ({ by, sessionId }: Target) => service.terminateSession(by, sessionId),
    reorder: async (target: Target, order: readonly string[]) => {
      await ask(target, { method: 'PUT', path: '/queue', body: { order } })
    },
    clear: async (target: Target) => {
      await ask(target, { method: 'DELETE', path: '/queue' })
    },
    pause: async (target: Target) => {
      await ask(target, { method: 'POST', path: '/queue/pause' })
    },
    resume: async (target: Target) => {
      await ask(target, { method: 'POST', path: '/queue/resume' })
    },
    /** A recursive listing, as an event that is not stored. */
    snapshot: async (target: Target, path: string | undefined): Promise<WireEvent> => {
      const query = path === undefined ? {} : { query: { path } }
      const { body } = await ask(target, { method: 'GET', path: '/fs/tree', ...query })
      // The cast: answers of `/fs/tree` have both.
      const { root, entries, truncated } = body as { root: string; entries: unknown[]; truncated?: boolean }
      return eventOf('filesystem.snapshot', { snapshot: { root, entries, ...(truncated && { truncated }) } })
    },
    /** A file, as an event that is not stored. */
    preview: async (target: Target, path: string): Promise<WireEvent> => {
      try {
        const { body } = await ask(target, { method: 'GET', path: '/files', query: { path } })
        // The cast: answers of `/files` have both.
        const file = body as { path: string; content: string }
        return eventOf('file.preview', { path: file.path, content: file.content })
      } catch (error) {
        if (isNoSession(error) || !isParleyError(error)) throw error
        throw sessionsErrors.invalidRequest({ message: `Cannot read: ${path}` })
      }
    },
  }
}

/** Messages of both sockets whose outcome comes as events; on one of them they name their session as well. */
type Steering = Extract<
  WsControlMessage,
  { action: 'permission.respond' | 'cancel' | 'terminate' | `queue.${string}` }
>

/** Does what such a message says. */
export async function steer(commands: Commands, target: Target, message: Steering): Promise<void> {
  switch (message.action) {
    case 'permission.respond':
      return commands.respond(target, message.requestId, message.body)
    case 'cancel':
      return commands.cancel(target, message.queueId)
    case 'terminate':
      return commands.terminate(target)
    case 'queue.reorder':
      return commands.reorder(target, message.order)
    case 'queue.clear':
      return commands.clear(target)
    case 'queue.pause':
      return commands.pause(target)
    case 'queue.resume':
      return commands.resume(target)
  }
}
