import { isJsonObject, isKey, type Limits, sizeProblem } from '../../protocol/index.js'
import type { HandshakeSession } from '../session.js'
import type { PendingWrite } from '../session-writes.js'
import type { BatchIo, BatchResult } from './handler.js'

/** Asks the hooks; notes a refusal in the report. */
export async function openGate(
  element: unknown,
  key: string,
  io: BatchIo,
  result: BatchResult,
): Promise<boolean> {
  // checkAction has let only objects pass.
  const gate = await io.gate(element as Record<string, unknown>)
  if (gate === 'pass') return true
  if (gate !== 'veto') result.errors.push({ key, msg: gate.error })
  result.rejected.push(key)
  return false
}

/** A user edit: under the rules of forms, or as it is. */
export function notify(
  session: HandshakeSession,
  key: string,
  value: unknown,
  rules: PendingWrite['rules'],
): void {
  if (rules === 'form') session.setValue(key, value, 'user')
  else session.recordChange(key, null, value, 'user')
}

/** Takes a `userEdit` frame; everything else, and what breaks a limit, is ignored (contract 4.2). */
export function takeEditFrame(
  session: HandshakeSession,
  message: Record<string, unknown>,
  rules: PendingWrite['rules'],
  limits: Limits,
): void {
  const { type, key, value = null } = message
  if (!isJsonObject(message) || type !== 'userEdit' || !isKey(key, limits.keyChars)) return
  if (sizeProblem(value, limits) || !session.hasRoomFor(key, value)) return
  notify(session, key, value, rules)
}
