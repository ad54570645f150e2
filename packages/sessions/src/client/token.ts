/** Asked for every request and every connection, so that a short-lived token can be renewed. */
export type TokenSource = string | (() => string | undefined | Promise<string | undefined>)

/** Asks for the token anew. */
export type ReadToken = () => Promise<string | undefined>

/** A token source as one function. Without one there never is a token. */
export function tokenReader(source: TokenSource | undefined): ReadToken {
  return async () => (typeof source === 'function' ? source() : source)
}
