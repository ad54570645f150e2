import {
  checkAction,
  defaultLimits,
  isBlank,
  isJsonObject,
  type Limits,
  sizeProblem,
} from '../../protocol/index.js'
import type { HandshakeSession } from '../session.js'
import type { BatchIo, BatchResult, ModeHandler } from './handler.js'
import { notify, openGate, takeEditFrame } from './shared.js'

/** The mode for everything that is not a form: no schema, no provenance, no locks (contract 5.2). */
export function genericHandler(limits: Limits = defaultLimits): ModeHandler {
  return {
    setupSession: (session, { context, data }) => {
      const values = isBlank(context) ? data : context
      for (const [key, value] of Object.entries(isJsonObject(values) ? values : {})) session.seed(key, value)
    },

    contextResponse: (session) => ({
      sessionId: session.id,
      mode: session.mode,
      data: session.data,
      meta: session.meta,
      expiresIn: session.expiresIn(),
    }),

    processActions: async (session, actions, io) => {
      const result: BatchResult = { applied: [], rejected: [], errors: [] }
      for (const action of actions) await takeAction(session, action, io, result, limits)
      return result
    },

    processNotify: (session, key, value) => notify(session, key, value, 'plain'),
    processWsMessage: (session, message) => takeEditFrame(session, message, 'plain', limits),
  }
}

const roomProblem = (session: HandshakeSession, key: string, value: unknown): string | undefined =>
  session.hasRoomFor(key, value) ? undefined : 'session too large'

async function takeAction(
  session: HandshakeSession,
  element: unknown,
  io: BatchIo,
  result: BatchResult,
  limits: Limits,
): Promise<void> {
  const checked = checkAction(element, 'default', limits)
  if (!checked.ok) return void result.errors.push(checked.error)
  const { key, value } = checked.action
  if (!(await openGate(element, key, io, result))) return

  const isFull = !session.has(key) && session.size >= limits.keys
  const problem = sizeProblem(value, limits) ?? (isFull ? 'too many keys' : roomProblem(session, key, value))
  if (problem) return void result.errors.push({ key, msg: problem })

  session.recordChange(key, null, value, 'agent')
  result.applied.push(key)
  // This mode pushes without any wait, so the whole batch is stored at once, at its end.
  if (io.stream) session.announce({ type: 'action', key, value })
}
