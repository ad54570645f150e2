import { buildPrompt as buildFromFacts, type PromptLanguage } from './protocol/index.js'
import type { HandshakeSession } from './service/session.js'

/** What the server-side builder needs. `session` must have its plain token: take it from the create hook. */
export type BuildPromptOptions = {
  session: Pick<HandshakeSession, 'id' | 'token' | 'mode' | 'expiresIn'>
  /** Where the server is reached, such as `https://example.com`. */
  baseUrl: string
  /** Default `/handshake`. */
  prefix?: string
  /** What the assistant should know or do. */
  instructions?: string
  /** Default `en`. */
  language?: PromptLanguage
}

/** Builds the prompt of a session (contract 9.2, 17.4). Throws a `TypeError` when the plain token is not at hand. */
export function buildPrompt({ session, ...rest }: BuildPromptOptions): string {
  const { id: sessionId, token, mode } = session
  if (token === undefined) throw new TypeError('The plain token is only at hand in the create hook.')
  return buildFromFacts({ ...rest, session: { sessionId, token, mode, expiresIn: session.expiresIn() } })
}
