// What a channel socket lets a client do with terminals of its instance.
import { isParleyError } from '@parley/kernel/errors'
import type { Principal } from '@parley/kernel/principal'
import { sessionsErrors } from '../errors.js'
import type {
  HostRequest,
  HostResponse,
  WsChannelTerminalCreateAction,
  WsChannelTerminalInputAction,
  WsChannelTerminalKillAction,
  WsChannelTerminalResizeAction,
} from '../protocol/index.js'
import type { SessionsService } from '../service/port.js'
import { errorOf } from './errors.js'

type Action =
  | WsChannelTerminalCreateAction
  | WsChannelTerminalInputAction
  | WsChannelTerminalResizeAction
  | WsChannelTerminalKillAction
type Site = { service: SessionsService; by: Principal; instance: string }

/** Does it on the host. Refusals begin with the action's name; the end of an unknown terminal is none. */
export async function terminalCommand(site: Site, action: Action): Promise<void> {
  const response = await answerOf(site, action).catch((error: unknown) => {
    if (!isParleyError(error)) throw error
    throw sessionsErrors.invalidRequest({ message: `${action.action}: ${error.message}`, cause: error })
  })
  if (response.status < 400 || (action.action === 'terminal.kill' && response.status === 404)) return
  throw sessionsErrors.invalidRequest({ message: `${action.action}: ${errorOf(response)}` })
}

async function answerOf({ service, by, instance }: Site, action: Action): Promise<HostResponse> {
  if (action.action !== 'terminal.create') return service.fetchInstance(by, instance, requestOf(action))
  const { action: _, ...body } = action
  const where = action.sessionId === undefined ? instance : await instanceOf(service, by, action.sessionId)
  return service.fetchInstance(by, where, { method: 'POST', path: '/terminals', body })
}

async function instanceOf(service: SessionsService, by: Principal, sessionId: string): Promise<string> {
  const row = await service.find(by, sessionId)
  if (row?.status !== 'active') throw sessionsErrors.sessionNotFound()
  return row.instance
}

function requestOf(action: Exclude<Action, WsChannelTerminalCreateAction>): HostRequest {
  const path = `/terminals/${encodeURIComponent(action.terminalId)}`
  if (action.action === 'terminal.kill') return { method: 'DELETE', path }
  if (action.action === 'terminal.input')
    return { method: 'POST', path: `${path}/input`, body: { data: action.data } }
  return { method: 'POST', path: `${path}/resize`, body: { cols: action.cols, rows: action.rows } }
}
