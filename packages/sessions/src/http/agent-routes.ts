// Sessions themselves: section 2.6.
import { CreateSessionBodySchema, type SessionSettings } from '../protocol/index.js'
import { toSession } from './addresses.js'
import { done, ok } from './answer.js'
import { objectOf, type Route } from './call.js'
import type { RouteContext } from './routes.js'
import { validated } from './validated.js'

export function agentRoutes({ service, addressesOf }: RouteContext): Route[] {
  return [
    {
      method: 'GET',
      path: '/agents',
      summary: 'List sessions, newest first',
      run: async ({ by, request }) => {
        const addresses = addressesOf(request)
        return ok((await service.listSessions(by)).map((view) => toSession(view, addresses)))
      },
    },
    {
      method: 'POST',
      path: '/agents',
      summary: 'Start a session',
      run: (call) =>
        validated(call, CreateSessionBodySchema, async (body) => {
          const addresses = addressesOf(call.request)
          const view = await service.createSession(call.by, body, { callbackOrigin: addresses.origin })
          return ok(toSession(view, addresses), 201)
        }),
    },
    {
      method: 'GET',
      path: '/agents/:id',
      summary: 'Read a session with its log',
      run: async ({ by, param, query, request }) => {
        const includeFileSystem = query.get('includeFileSystem') === 'true'
        const showAllFiles = query.get('showAllFiles') === 'true'
        const view = await service.getSession(by, param('id'), { includeFileSystem, showAllFiles })
        return ok(toSession(view, addressesOf(request)))
      },
    },
    {
      method: 'DELETE',
      path: '/agents/:id',
      summary: 'End a session',
      run: async ({ by, param }) => {
        await service.terminateSession(by, param('id'))
        return done
      },
    },
    {
      method: 'GET',
      path: '/agents/:id/status',
      summary: 'Is a turn running, is a question open',
      run: async ({ by, param }) => ok(await service.getSessionStatus(by, param('id'))),
    },
    {
      method: 'GET',
      path: '/agents/:id/commands',
      summary: 'Commands that the agent knows',
      run: async ({ by, param }) => ok(await service.sessionCommands(by, param('id'))),
    },
    {
      method: 'GET',
      path: '/agents/:id/settings',
      summary: 'Settings of a session',
      run: async ({ by, param }) => ok(await service.sessionSettings(by, param('id'))),
    },
    {
      method: 'PATCH',
      path: '/agents/:id/settings',
      summary: 'Change settings of a session',
      run: async (call) => {
        const patch = settingsIn(await objectOf(call, { isRequired: true }))
        return ok(await service.updateSessionSettings(call.by, call.param('id'), patch))
      },
    },
  ]
}

/** Only a boolean counts; the contract ignores anything else here. */
function settingsIn({ autoApprovePermissions }: Record<string, unknown>): Partial<SessionSettings> {
  return typeof autoApprovePermissions === 'boolean' ? { autoApprovePermissions } : {}
}
