import { isBlank } from './json.js'

/** Who wrote a field: nobody, the user, the agent, or the user over what the agent had written. */
export type Provenance = 'empty' | 'user' | 'ai' | 'user_edit'

/** The label of a value given when the session is created. */
export function onCreate(value: unknown): 'empty' | 'user' {
  return isBlank(value) ? 'empty' : 'user'
}

/** True when the user has written the field, so that the agent may not. `undefined`: never mentioned. */
export function isLocked(now: Provenance | undefined): boolean {
  return now === 'user' || now === 'user_edit'
}

/** The label after the agent sets a field, or `locked` when it may not. Also a blank value stays `ai`. */
export function onAgentSet(now: Provenance | undefined): 'ai' | 'locked' {
  return isLocked(now) ? 'locked' : 'ai'
}

/** How user edits are labelled. */
export type EditOptions = {
  /** An edit to a blank value gives the field back to the agent. Default false: it stays locked. */
  releaseOnClear?: boolean
}

/** The label after the user edits a field. A second edit falls back from `user_edit` to `user`. */
export function onUserEdit(
  now: Provenance | undefined,
  value: unknown,
  options: EditOptions = {},
): 'empty' | 'user' | 'user_edit' {
  if (options.releaseOnClear && isBlank(value)) return 'empty'
  return now === 'ai' ? 'user_edit' : 'user'
}
