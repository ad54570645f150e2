import { handshakeErrors } from '../errors.js'
import { buildPrompt, type PromptLanguage } from '../protocol/index.js'
import { openForBrowser, refuseToken } from './access.js'
import type { Caller } from './caller.js'
import { matchesHash } from './credentials.js'
import type { HandshakeDeps } from './deps.js'
import { secondsLeft } from './state.js'

/**
 * The prompt as the server writes it (contract 3.7). The caller brings the token to print, since the server keeps
 * only its hash. Throws `handshake.already_claimed` when that token opens nothing any more.
 */
export async function readPrompt(
  deps: HandshakeDeps,
  caller: Caller,
  id: string,
  { baseUrl, language }: { baseUrl: string; language: PromptLanguage },
): Promise<string> {
  const state = await openForBrowser(deps, caller, id, 'prompt')
  if (!matchesHash(caller.token, state.row.tokenHash)) throw refuseToken(deps, caller, state, 'prompt')
  if (state.row.claim) throw handshakeErrors.alreadyClaimed()
  const expiresIn = secondsLeft(state.row, deps.ground.clock.micros())
  const session = { sessionId: id, token: caller.token!, mode: state.row.mode, expiresIn }
  return buildPrompt({ session, baseUrl, prefix: deps.options.prefix, language })
}
