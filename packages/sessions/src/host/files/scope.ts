import { HostError } from '../errors.js'
import type { HostCall, HostHandler, HostRoute, Workspaces } from '../port.js'

/** Directories that a request may look into: those of the host, or the one of its session. The first is the default. */
export type Scope = { roots: readonly string[]; sessionId?: string }

/** Of a request below `/sessions/:id` the session's workspace, else the host's roots. 404 for an unknown session. */
export function scopeOf(workspaces: Workspaces, { params }: HostCall): Scope {
  if (params.id === undefined) return { roots: workspaces.roots }
  const workspace = workspaces.workspaceOf(params.id)
  if (workspace === undefined) throw new HostError(404, 'Session not found')
  return { roots: [workspace], sessionId: params.id }
}

/** The same route for the host and below `/sessions/:id`. */
export function forBoth(method: string, path: string, handler: HostHandler): HostRoute[] {
  return [
    [method, path, handler],
    [method, `/sessions/:id${path}`, handler],
  ]
}
