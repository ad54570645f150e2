// Addresses of the server: its routes, and the socket beside them.

/** The base without slashes at its end, absolute where a page or the base itself says of which server. */
export function baseOf(baseUrl: string | URL, page: string | undefined): string {
  const text = String(baseUrl)
  const url = URL.canParse(text, page) ? new URL(text, page).href : text
  return url.replace(/\/+$/, '')
}

/** The channel socket of a server: `/ws` beside `/api`. */
export function socketOf(base: string): string {
  return `${base.replace(/^http/i, 'ws').replace(/\/api$/, '')}/ws`
}

/**
 * The address with the token, where it needs one: never one that has it already, and never one of another server, which a
 * listed address may name.
 */
export function withToken(url: string, token: string | undefined, base: string): string {
  if (token === undefined || !URL.canParse(url) || !URL.canParse(base)) return url
  const address = new URL(url)
  if (address.host !== new URL(base).host || address.searchParams.has('token')) return url
  // OUTSIDE: a browser can't set headers of a socket.
  address.searchParams.set('token', token)
  return address.href
}
