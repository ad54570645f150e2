// Health, settings and templates: sections 2.2 and 2.3.
import { isParleyError } from '@parley/kernel/errors'
import { sessionsErrors } from '../errors.js'
import {
  createRegisterAgentTemplateBodySchema,
  createUpdateAgentTemplateBodySchema,
  type SessionsSettings,
} from '../protocol/index.js'
import { type Answer, done, ok } from './answer.js'
import { type OpenRoute, objectOf, type Route } from './call.js'
import type { RouteContext } from './routes.js'
import { validated } from './validated.js'

export function planeRoutes({ service, runtimeNames, onFault }: RouteContext): (Route | OpenRoute)[] {
  const newTemplate = createRegisterAgentTemplateBodySchema(runtimeNames)
  const templatePatch = createUpdateAgentTemplateBodySchema(runtimeNames)
  return [
    {
      method: 'GET',
      path: '/health',
      summary: 'Is the plane alive',
      open: async () => {
        try {
          return ok({ status: 'ok', sessions: (await service.health()).sessions })
        } catch (error) {
          onFault(error)
          return { status: 503, body: { status: 'degraded', error: reasonOf(error) } }
        }
      },
    },
    {
      method: 'GET',
      path: '/settings',
      summary: 'Settings of the plane',
      run: async ({ by }) => ok(await service.settings(by)),
    },
    {
      method: 'PATCH',
      path: '/settings',
      summary: 'Change settings of the plane',
      run: async (call) => {
        const patch = settingsIn(await objectOf(call, { isRequired: true }))
        return ok(await service.updateSettings(call.by, patch))
      },
    },
    {
      method: 'GET',
      path: '/agent-templates',
      summary: 'List templates of agents',
      run: async ({ by }) => ok(await service.listAgentTemplates(by)),
    },
    {
      method: 'POST',
      path: '/agent-templates',
      summary: 'Register a template',
      run: (call) =>
        validated(call, newTemplate, async (body) =>
          ok(await service.registerAgentTemplate(call.by, body), 201),
        ),
    },
    {
      method: 'PUT',
      path: '/agent-templates/:id',
      summary: 'Change a template',
      run: (call) =>
        validated(call, templatePatch, async (body) =>
          ok(await service.updateAgentTemplate(call.by, call.param('id'), body)),
        ),
    },
    {
      method: 'DELETE',
      path: '/agent-templates/:id',
      summary: 'Delete a template that a user registered',
      run: async ({ by, param }): Promise<Answer> => {
        await service.deleteAgentTemplate(by, param('id'))
        return done
      },
    },
  ]
}

/** Anybody may ask for the health, so a database's own words stay inside. */
function reasonOf(error: unknown): string {
  if (isParleyError(error)) return error.message
  return error instanceof Error ? 'storage unavailable' : 'Unknown error'
}

/** The known settings of a patch; others are ignored. */
function settingsIn({ autoApprovePermissions }: Record<string, unknown>): Partial<SessionsSettings> {
  if (autoApprovePermissions === undefined) return {}
  if (typeof autoApprovePermissions === 'boolean') return { autoApprovePermissions }
  throw sessionsErrors.invalidRequest({ message: "'autoApprovePermissions' must be a boolean" })
}
