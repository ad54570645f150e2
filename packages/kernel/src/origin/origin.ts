import { isIP } from 'node:net'

/**
 * True when a request with this `Origin` may change state or open a socket. No origin at all is allowed: it is not a
 * browser, or it is a same-origin read. `null` (sandboxed pages, `file:`) is refused unless it is listed.
 * `allowed` may hold `*`.
 */
export function isOriginAllowed(
  origin: string | null,
  selfOrigins: readonly string[],
  allowed: readonly string[],
): boolean {
  if (origin === null || allowed.includes('*')) return true
  const wanted = normalizeOrigin(origin)
  const matches = (candidate: string) => normalizeOrigin(candidate) === wanted
  return wanted !== undefined && (selfOrigins.some(matches) || allowed.some(matches))
}

/**
 * Origins under which this server's own pages come, for a request's `Host`. Behind a proxy that ends TLS the request says
 * `http` where the page says `https`, so without `publicUrl` both count.
 */
export function ownOrigins(host: string | undefined, publicUrl: string | undefined): string[] {
  const own = host ? [`http://${host}`, `https://${host}`] : []
  return publicUrl ? [new URL(publicUrl).origin, ...own.slice(0, 1)] : own
}

function normalizeOrigin(text: string): string | undefined {
  if (text === 'null') return text
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  // Schemes that the URL standard does not know (browser extensions) have the opaque origin "null".
  return url.origin === 'null' ? text.toLowerCase() : url.origin
}

/**
 * Guards against DNS rebinding: true when the `Host` header can't have been made up by a page whose name was pointed
 * at this server. Addresses and `localhost` are always allowed; other names must be listed (`parley.example`,
 * `parley.example:8443`, or `*.example` for names below).
 */
export function isHostAllowed(host: string | null | undefined, allowed: readonly string[]): boolean {
  if (!host || !/^[\w.:[\]-]+$/.test(host) || !URL.canParse(`http://${host}`)) return false
  const url = new URL(`http://${host}`)
  const name = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (isIP(name) || name === 'localhost' || name.endsWith('.localhost')) return true
  return allowed.map((entry) => entry.toLowerCase()).some((entry) => matchesHost(entry, name, url.host))
}

function matchesHost(entry: string, name: string, hostWithPort: string): boolean {
  if (entry.startsWith('*.')) return name.endsWith(entry.slice(1)) && name.length > entry.length - 1
  return entry === name || entry === hostWithPort
}
