import { checkAction, defaultLimits, isJsonObject, type Limits, sizeProblem } from '../../protocol/index.js'
import type { HandshakeSession } from '../session.js'
import type { BatchIo, BatchResult, ModeHandler } from './handler.js'
import { notify, openGate, takeEditFrame } from './shared.js'

/** The mode for forms: schema, provenance, locks (contract 5). */
export function formFillHandler(limits: Limits = defaultLimits): ModeHandler {
  return {
    setupSession: (session, { schema, context }) => {
      session.schema = Array.isArray(schema) ? schema : []
      for (const [key, value] of Object.entries(isJsonObject(context) ? context : {}))
        session.seed(key, value)
    },

    contextResponse: (session) => ({
      sessionId: session.id,
      mode: session.mode,
      schema: session.schema,
      context: session.context(),
      missing: session.missing(),
      meta: session.meta,
      expiresIn: session.expiresIn(),
    }),

    processActions: async (session, actions, io) => {
      const result: BatchResult = { applied: [], rejected: [], errors: [] }
      for (const action of actions) await takeAction(session, action, io, result, limits)
      return result
    },

    processNotify: (session, key, value) => notify(session, key, value, 'form'),
    processWsMessage: (session, message) => takeEditFrame(session, message, 'form', limits),
  }
}

/** One element of a batch, checked in the order of contract 5.1 when its turn comes. */
async function takeAction(
  session: HandshakeSession,
  element: unknown,
  io: BatchIo,
  result: BatchResult,
  limits: Limits,
): Promise<void> {
  const { applied, rejected, errors } = result
  const checked = checkAction(element, 'form-fill', limits)
  if (!checked.ok) return void errors.push(checked.error)
  const { key, value } = checked.action
  if (!(await openGate(element, key, io, result))) return

  const problem = problemOf(session, key, value, limits)
  if (problem !== undefined) return void errors.push({ key, msg: problem })
  if (!session.setValue(key, value, 'ai')) return void rejected.push(key)

  applied.push(key)
  if (!io.stream) return
  session.announce({ type: 'action', key, value })
  if (io.intervalMs > 0) await io.sleep(io.intervalMs)
}

function problemOf(
  session: HandshakeSession,
  key: string,
  value: unknown,
  limits: Limits,
): string | undefined {
  const verdict = session.tryValidate(key, value)
  if (!verdict.ok) return verdict.message
  const tooBig = sizeProblem(value, limits)
  if (tooBig) return tooBig
  if (!session.hasRoomFor(key, value)) return 'session too large'
  return !session.has(key) && session.size >= limits.keys ? 'too many keys' : undefined
}
