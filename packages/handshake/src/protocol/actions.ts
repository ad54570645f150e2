import { isJsonObject, type JsonObject } from '@parley/kernel/wire'
import { isKey } from './key.js'
import { defaultLimits, type Limits } from './limits.js'

/** Which rules apply to a batch: those of a form, or those of a mode without a schema. */
export type ActionRules = 'form-fill' | 'default'

/** A write that an agent asks for. An absent value is null. */
export type SetAction = { type: 'set'; key: string; value: unknown }

/** An element of the answer's `errors`. */
export type ActionError = { key: string; msg: string } | { action: unknown; msg: string }

/** What one element of a batch is. */
export type CheckedAction =
  | { ok: true; action: SetAction }
  | { ok: false; error: { action: unknown; msg: string } }

/**
 * Looks at the form of one element of a batch, before hooks, values and locks. In form-fill `type` must be
 * `set`; in the default rules it may be absent.
 */
export function checkAction(
  element: unknown,
  rules: ActionRules,
  limits: Pick<Limits, 'keyChars'> = defaultLimits,
): CheckedAction {
  const msg = actionProblem(element, rules, limits.keyChars)
  if (msg !== undefined) return { ok: false, error: { action: element, msg } }
  // actionProblem has refused all that is not an object with a key.
  const { key, value } = element as { key: string; value?: unknown }
  return { ok: true, action: { type: 'set', key, value: value ?? null } }
}

function actionProblem(element: unknown, rules: ActionRules, keyChars: number): string | undefined {
  if (!isJsonObject(element)) return 'action must be an object'
  if (!isSet(element, rules)) return unsupported(element.type, rules)
  if (element.key === undefined || element.key === null) return 'missing key'
  return isKey(element.key, keyChars) ? undefined : 'invalid key'
}

function isSet(element: JsonObject, rules: ActionRules): boolean {
  return element.type === 'set' || (rules === 'default' && element.type === undefined)
}

function unsupported(type: unknown, rules: ActionRules): string {
  if (rules === 'form-fill') return 'unsupported action type'
  return `unsupported action type: ${typeof type === 'string' ? type : JSON.stringify(type)}`
}
