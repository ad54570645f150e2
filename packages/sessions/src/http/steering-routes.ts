// Prompts, permissions, the queue of prompts, and what steers a running agent: sections 2.6, 2.7 and 5.2.
import { sessionsErrors } from '../errors.js'
import type { HostRequest, PermissionResponseBody } from '../protocol/index.js'
import { type Answer, done, fromHost, fromQueue, ok } from './answer.js'
import { type Call, membersOf, type Route, textIn } from './call.js'
import type { RouteContext } from './routes.js'

export function steeringRoutes({ service }: RouteContext): Route[] {
  const ask = ({ by, param }: Call, request: HostRequest) => service.fetchSession(by, param('id'), request)
  const queue = (method: Route['method'], path: string, summary: string): Route => ({
    method,
    path: `/agents/:id${path}`,
    summary,
    run: async (call) => fromQueue(await ask(call, { method, path })),
  })
  /** A choice that the host passes on to the agent. */
  const choose = (name: string, read: (body: Record<string, unknown>) => object, summary: string): Route => ({
    method: 'POST',
    path: `/agents/:id/${name}`,
    summary,
    run: async (call) => {
      const body = read(await membersOf(call))
      return fromHost(await ask(call, { method: 'POST', path: `/${name}`, body }))
    },
  })

  return [
    {
      method: 'POST',
      path: '/agents/:id/prompts',
      summary: 'Prompt the agent and wait for the end of the turn',
      run: async (call) => {
        const text = textIn(await membersOf(call), 'text')
        // Ours: who follows the session anyway does not hold a request open for the whole turn.
        if (call.query.get('wait') === 'false')
          return ok(await service.sendPrompt(call.by, call.param('id'), text), 202)
        return ok(
          await service.promptSession(call.by, call.param('id'), text, { signal: call.request.signal }),
        )
      },
    },
    {
      method: 'POST',
      path: '/agents/:id/cancel',
      summary: 'Cancel the running turn',
      run: async ({ by, param }): Promise<Answer> => {
        await service.cancelTurn(by, param('id'))
        return done
      },
    },
    {
      method: 'GET',
      path: '/agents/:id/permissions',
      summary: 'What the agent asked, and who answered',
      run: async ({ by, param }) => ok({ permissions: await service.listPermissions(by, param('id')) }),
    },
    {
      method: 'POST',
      path: '/agents/:id/permissions/:requestId',
      summary: 'Answer what the agent asks',
      run: async (call): Promise<Answer> => {
        const body = answerIn(await membersOf(call))
        await service.resolvePermission(call.by, call.param('id'), call.param('requestId'), body, 'rest')
        return done
      },
    },
    choose('mode', (body) => ({ modeId: textIn(body, 'modeId') }), "Choose the agent's mode"),
    choose('model', (body) => ({ modelId: textIn(body, 'modelId') }), "Choose the agent's model"),
    choose('config', configIn, 'Set an option of the agent'),
    queue('GET', '/queue', 'Prompts that wait'),
    queue('DELETE', '/queue', 'Remove all that wait'),
    queue('POST', '/queue/pause', 'Hold the queue after the running turn'),
    queue('POST', '/queue/resume', 'Let the queue go on'),
    {
      method: 'PUT',
      path: '/agents/:id/queue',
      summary: 'Reorder the queue',
      run: async (call) => {
        const { order } = await membersOf(call)
        if (!isTexts(order)) throw sessionsErrors.invalidRequest({ message: "Missing 'order' array" })
        return fromQueue(await ask(call, { method: 'PUT', path: '/queue', body: { order } }))
      },
    },
    {
      method: 'DELETE',
      path: '/agents/:id/queue/:queueId',
      summary: 'Remove one that waits',
      run: async (call) => {
        const path = `/queue/${encodeURIComponent(call.param('queueId'))}`
        return fromQueue(await ask(call, { method: 'DELETE', path }))
      },
    },
  ]
}

function answerIn({ optionId, outcome }: Record<string, unknown>): PermissionResponseBody {
  if (typeof optionId === 'string') return { optionId }
  if (outcome === 'cancelled') return { outcome }
  throw sessionsErrors.invalidRequest({ message: 'Missing optionId or outcome field' })
}

function configIn(body: Record<string, unknown>) {
  const { value } = body
  if (!['string', 'boolean', 'number'].includes(typeof value))
    throw sessionsErrors.invalidRequest({ message: "Missing 'value' field" })
  return { configId: textIn(body, 'configId'), value }
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string')
