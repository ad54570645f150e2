// Binding the form to a session: a new one, or the one of before a reload.

import { bindForm, type FormBinding, resumeForm } from '@parley/handshake/client'

const storageKey = 'parley.demo.registration'
const title = 'Workshop registration'

/** Makes a session for the form. Throws a `HandshakeError` when the server refuses. */
export function beginBinding(form: HTMLFormElement): Promise<FormBinding> {
  return bindForm(form, { storageKey, meta: { title } })
}

/**
 * Goes on with the session of before a reload; undefined when there was none or it has ended meanwhile. Throws a
 * `HandshakeError` when the server has no answer just now.
 */
export function resumeBinding(form: HTMLFormElement): Promise<FormBinding | undefined> {
  return resumeForm(form, { storageKey })
}
