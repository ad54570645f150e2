import type { TokenSource } from './types.js'

/** Asks for the token anew. */
export type ReadToken = () => Promise<string | undefined>

/** A token source as one function. Without one there never is a token. */
export function tokenReader(source: TokenSource | undefined): ReadToken {
  return async () => (typeof source === 'function' ? source() : source)
}
