// Tells the application what happens in sessions. What its handlers throw is reported and changes nothing.

import { type SessionContext, type SessionEndReason, sessionEvents } from '../../protocol/index.js'
import type { SessionRow } from '../../store/port.js'
import type { SessionsHandlers } from '../options.js'
import type { Happened, Observer } from '../port.js'

type HandlersOptions = Pick<SessionsHandlers, 'onSessionEnd' | 'onAgentMessage' | 'onError'> & {
  onFault(error: unknown, where: string): void
}

/** For the intake: calls the handlers after the commit, in order; waits for none. */
export function handlersObserver(options: HandlersOptions): Observer {
  const { onSessionEnd, onAgentMessage, onError, onFault } = options
  const call = (where: string, handler: () => Promise<void> | undefined): void => {
    const told = async () => handler()
    told().catch((error) => onFault(error, where))
  }
  return {
    committed: (happened) => {
      const { session, event } = happened
      const { type, data } = event
      // Only for those who are told: this is called for every event.
      const context = () => toSessionContext(session)
      if (type === sessionEvents.terminated && onSessionEnd)
        call('sessions.onSessionEnd', () => onSessionEnd({ session: context(), ...toEnd(data) }))
      else if (type === sessionEvents.error && onError)
        call('sessions.onError', () => onError({ session: context(), error: new Error(messageOf(data)) }))
      else if (onAgentMessage) {
        const message = toMessage(happened)
        if (message) call('sessions.onAgentMessage', () => onAgentMessage({ session: context(), ...message }))
      }
    },
  }
}

/** What handlers are told of a session. */
export function toSessionContext({
  id,
  agentName,
  runtimeType,
  spawn,
  startedAt,
}: SessionRow): SessionContext {
  const { command, args } = spawn
  const started = new Date(Math.floor(startedAt / 1000)).toISOString()
  return { id, agentName, runtime: runtimeType, spawn: { command, args: [...args] }, startedAt: started }
}

const reasons: readonly SessionEndReason[] = ['terminated', 'error', 'idle_timeout', 'agent_exit']

function toEnd({ reason, exitCode }: Record<string, unknown>): {
  reason: SessionEndReason
  exitCode?: number
} {
  const known = reasons.find((one) => one === reason) ?? 'agent_exit'
  return { reason: known, ...(typeof exitCode === 'number' && exitCode >= 0 && { exitCode }) }
}

const messageOf = ({ message }: Record<string, unknown>): string =>
  typeof message === 'string' ? message : 'The session failed.'

/** An update of the agent: from its own messages, or as a host's callback says it. */
function toMessage({ event, via }: Happened): { type: string; data: unknown } | undefined {
  const { type, data } = event
  if (via !== undefined && type === 'agent_message') return named(data.sessionUpdate)
  const isUpdate =
    type === sessionEvents.rpc && data.method === 'session/update' && data.phase === 'notification'
  if (!isUpdate) return undefined
  return named(isObject(data.payload) ? data.payload.update : undefined)
}

const named = (update: unknown): { type: string; data: unknown } => ({
  type: isObject(update) && typeof update.sessionUpdate === 'string' ? update.sessionUpdate : 'agent_message',
  data: update,
})

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
