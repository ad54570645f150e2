import { HandshakeError } from '@parley/handshake/client'

/** What to tell a visitor when the server refused or did not answer. */
export function explainFailure(error: unknown): { readonly text: string; readonly needsSignIn: boolean } {
  const status = error instanceof HandshakeError ? error.status : undefined
  if (status === 401 || status === 403)
    return {
      text: 'This server hands out prompts to people it knows. Sign in with an owner link (printed by “npx parley link”), then come back.',
      needsSignIn: true,
    }
  if (status === 429) return { text: 'Too many attempts. Wait a minute and try again.', needsSignIn: false }
  if (status === undefined) return { text: 'The server did not answer. Is it running?', needsSignIn: false }
  return { text: `The server refused (${status}).`, needsSignIn: false }
}
