import { sessionsErrors } from '../errors.js'
import { fileRequests, gitRequests, queueRequests } from './asking/index.js'
import type { CoreDeps, SettingsHooks } from './core.js'
import { findSession } from './gate.js'
import type { SessionsService } from './port.js'
import { listRuntimes } from './runtimes/instances.js'
import { deleteRuntime, pauseRuntime, startRuntime, stopRuntime } from './runtimes/lifecycle.js'
import { fetchInstance, fetchSession } from './runtimes/requests.js'
import { instanceTerminals } from './runtimes/terminals.js'
import { createSession } from './sessions/create.js'
import {
  follow,
  getSession,
  getSessionStatus,
  history,
  listSessions,
  recovered,
  sessionCommands,
} from './sessions/read.js'
import { terminateSession } from './sessions/terminate.js'
import { readSettings, sessionSettings, updateSessionSettings, updateSettings } from './settings.js'
import {
  deleteAgentTemplate,
  listAgentTemplates,
  registerAgentTemplate,
  updateAgentTemplate,
} from './templates.js'

/** Operations that are other rooms'. */
export type Rooms = Pick<
  SessionsService,
  | 'promptSession'
  | 'sendPrompt'
  | 'cancelTurn'
  | 'resolvePermission'
  | 'listPermissions'
  | 'messages'
  | 'handleCallback'
  | 'webhooks'
>

export type ServiceDeps = CoreDeps & SettingsHooks

/** The operations of the plane, without transport. */
export function createSessionsService(deps: ServiceDeps, rooms: Rooms): SessionsService {
  const ways: Pick<SessionsService, 'fetchSession' | 'fetchInstance'> = {
    fetchSession: (by, id, request) => fetchSession(deps, by, id, request),
    fetchInstance: (by, name, request) => fetchInstance(deps, by, name, request),
  }
  return {
    ...rooms,
    ...ways,
    files: fileRequests(ways),
    git: gitRequests(ways),
    queue: queueRequests(ways),
    health: async () => ({ sessions: await deps.store.sessions.count() }),

    settings: (by) => readSettings(deps, by),
    updateSettings: (by, patch) => updateSettings(deps, by, patch),

    listAgentTemplates: (by) => listAgentTemplates(deps, by),
    registerAgentTemplate: (by, body) => registerAgentTemplate(deps, by, body),
    updateAgentTemplate: (by, id, patch) => updateAgentTemplate(deps, by, id, patch),
    deleteAgentTemplate: (by, id) => deleteAgentTemplate(deps, by, id),

    runtimes: () => Object.keys(deps.runtimes),
    listRuntimes: (by) => listRuntimes(deps, by),
    startRuntime: (by, typeName, name) => startRuntime(deps, by, typeName, name),
    stopRuntime: (by, name) => stopRuntime(deps, by, name),
    pauseRuntime: (by, name) => pauseRuntime(deps, by, name),
    deleteRuntime: (by, name) => deleteRuntime(deps, by, name),

    createSession: (by, body, options) => createSession(deps, by, body, options),
    listSessions: (by) => listSessions(deps, by),
    getSession: (by, id, options) => getSession(deps, by, id, options),
    getSessionStatus: (by, id) => getSessionStatus(deps, by, id),
    sessionCommands: (by, id) => sessionCommands(deps, by, id),
    terminateSession: (by, id) => terminateSession(deps, by, id),
    recovered: (by) => recovered(deps, by),
    sessionSettings: (by, id) => sessionSettings(deps, by, id),
    updateSessionSettings: (by, id, patch) => updateSessionSettings(deps, by, id, patch),

    find: (by, id) => findSession(deps, by, id),
    follow: (by, id, options) => follow(deps, by, id, options),
    history: (by, id, options) => history(deps, by, id, options),
    terminals: instanceTerminals(deps),
  }
}

/** For a plane that has not all rooms: refuses. */
export const noRooms: Rooms = {
  promptSession: refuse,
  sendPrompt: refuse,
  cancelTurn: refuse,
  resolvePermission: refuse,
  listPermissions: refuse,
  handleCallback: refuse,
  messages: { list: refuse, enqueue: refuse, send: refuse, remove: refuse, clear: refuse },
}

async function refuse(): Promise<never> {
  throw sessionsErrors.unsupported()
}
