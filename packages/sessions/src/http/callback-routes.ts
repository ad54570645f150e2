// What hosts tell the control plane: section 4.4. The secret of the address is the credential.
import { isJsonObject } from '@parley/kernel/wire'
import { sessionsErrors } from '../errors.js'
import { ok } from './answer.js'
import { membersOf, type OpenCall, type OpenRoute } from './call.js'
import type { RouteContext } from './routes.js'

export function callbackRoutes({ service }: RouteContext): OpenRoute[] {
  const take = async (call: OpenCall, secret: string | undefined) => {
    const { type, data } = await membersOf(call)
    if (typeof type !== 'string' || type === '' || !isJsonObject(data))
      throw sessionsErrors.invalidRequest({ message: 'Invalid event: missing type or data' })
    return ok(await service.handleCallback(call.param('id'), secret, { type, data }))
  }
  return [
    {
      method: 'POST',
      path: '/agents/:id/events',
      summary: 'A host tells what happened in a session',
      open: (call) => take(call, call.query.get('secret') || undefined),
    },
    {
      method: 'POST',
      path: '/callbacks/:secret/agents/:id/events',
      summary: 'The same, with the secret in the path',
      open: (call) => take(call, call.param('secret')),
    },
  ]
}
