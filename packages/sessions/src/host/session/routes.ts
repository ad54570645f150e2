import { isJsonObject } from '@parley/kernel/wire'
import type { HostResponse } from '../../protocol/index.js'
import { answeringRefusals, HostError } from '../errors.js'
import type { HostCall, HostHandler, HostRoute } from '../port.js'
import { answerOf, autoApproveOf, objectOf, orderOf, promptOf } from './bodies.js'
import type { HostSession } from './session.js'
import { switchMode, switchModel, switchOption } from './switches.js'

/** What the routes need of the sessions. */
export type SessionTable = {
  all(): HostSession[]
  find(sessionId: string): HostSession | undefined
  start(sessionId: string, body: unknown): Promise<unknown>
  promptBytes: number
}

/** Routes of section 4 that concern the agents of sessions. */
export function sessionRoutes(table: SessionTable): HostRoute[] {
  const all = [...lifeRoutes(table), ...turnRoutes(table), ...queueRoutes(table), ...settingRoutes(table)]
  return all.map(([method, pattern, handler]) => [method, pattern, answeringRefusals(handler)])
}

const ok: HostResponse = { status: 200, body: { ok: true } }

function lifeRoutes(table: SessionTable): HostRoute[] {
  const at = withSession(table)
  return [
    [
      'POST',
      '/sessions/:id/start',
      async ({ params, body }) => ({ status: 200, body: await table.start(params.id ?? '', body) }),
    ],
    [
      'POST',
      '/sessions/:id/terminate',
      async ({ params }) => {
        await table.find(params.id ?? '')?.terminate()
        return ok
      },
    ],
    [
      'GET',
      '/sessions/:id/health',
      at((session, { params }) => ({ status: session.status, sessionId: params.id })),
    ],
    ['GET', '/health', () => ({ status: 200, body: { status: 'ok', sessions: statuses(table) } })],
  ]
}

function turnRoutes(table: SessionTable): HostRoute[] {
  const at = withSession(table)
  return [
    [
      'POST',
      '/sessions/:id/prompt',
      async ({ params, body }) => {
        const text = promptOf(body, table.promptBytes)
        return { status: 202, body: await find(table, params).conversation.turns.prompt(text) }
      },
    ],
    ['POST', '/sessions/:id/cancel', at(({ conversation }, { body }) => cancel(conversation, body))],
    [
      'POST',
      '/sessions/:id/permissions/:requestId',
      at(async ({ conversation }, { params, body }) =>
        conversation.permissions.answer(params.requestId ?? '', answerOf(body)),
      ),
    ],
  ]
}

function queueRoutes(table: SessionTable): HostRoute[] {
  const at = withSession(table)
  return [
    ['GET', '/sessions/:id/queue', at(({ conversation }) => ({ ...conversation.turns.state }))],
    [
      'PUT',
      '/sessions/:id/queue',
      at(({ conversation }, { body }) => conversation.turns.reorder(orderOf(body))),
    ],
    [
      'DELETE',
      '/sessions/:id/queue',
      at(async ({ conversation }) => ({ ok: true, cleared: await conversation.turns.clear() })),
    ],
    [
      'DELETE',
      '/sessions/:id/queue/:queueId',
      at(({ conversation }, { params }) => conversation.turns.remove(params.queueId ?? '')),
    ],
    ['POST', '/sessions/:id/queue/pause', at(({ conversation }) => conversation.turns.pause(true))],
    ['POST', '/sessions/:id/queue/resume', at(({ conversation }) => conversation.turns.pause(false))],
  ]
}

function settingRoutes(table: SessionTable): HostRoute[] {
  const at = withSession(table)
  return [
    ['GET', '/sessions/:id/settings', at(({ conversation }) => ({ ...conversation.settings }))],
    [
      'PATCH',
      '/sessions/:id/settings',
      at(async ({ conversation }, { body }) => {
        await conversation.setAutoApprove(autoApproveOf(body))
        return { ...conversation.settings }
      }),
    ],
    ['POST', '/sessions/:id/mode', at((session, { body }) => switchMode(session, objectOf(body)))],
    ['POST', '/sessions/:id/model', at((session, { body }) => switchModel(session, objectOf(body)))],
    ['POST', '/sessions/:id/config', at((session, { body }) => switchOption(session, objectOf(body)))],
  ]
}

/** Answers 200 with what comes back, `{"ok":true}` when nothing does, and 404 when there is no such session. */
function withSession(table: SessionTable) {
  return (work: (session: HostSession, call: HostCall) => unknown): HostHandler =>
    async (call) => {
      const body = await work(find(table, call.params), call)
      return isJsonObject(body) ? { status: 200, body } : ok
    }
}

function find(table: SessionTable, params: HostCall['params']): HostSession {
  const session = table.find(params.id ?? '')
  // One that is just being started is not there yet.
  if (!session?.linked) throw new HostError(404, 'Session not found')
  return session
}

function statuses(table: SessionTable) {
  return table
    .all()
    .flatMap(({ linked }) => (linked ? [{ sessionId: linked.sessionId, status: linked.status }] : []))
}

function cancel(conversation: HostSession['conversation'], body: unknown): Promise<void> {
  const { queueId } = isJsonObject(body) ? body : {}
  return typeof queueId === 'string' ? conversation.turns.remove(queueId) : conversation.cancel()
}
