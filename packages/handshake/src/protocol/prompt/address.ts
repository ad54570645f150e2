import { toLine } from './plain-line.js'

/** The addresses that a prompt names. */
export type Addresses = {
  /** What the agent puts before `/handshake/…`; no slash at its end. */
  baseUrl: string
  origin: string
  context: string
  action: string
  diff: string
  extend: string
  claim: string
}

const agentPrefix = '/handshake'

/**
 * Addresses of one session. Agents always look for `/handshake` under the base URL, so a prefix such as
 * `/app/handshake` is folded into it. Throws a `TypeError` when `baseUrl` is not an http(s) address.
 */
export function addressesOf(baseUrl: string, prefix: string, sessionId: string): Addresses {
  const url = new URL(baseUrl)
  if (!/^https?:$/.test(url.protocol))
    throw new TypeError(`baseUrl must be an http(s) address, got ${baseUrl}`)
  const path = withoutSlash(prefix)
  const folded = path.endsWith(agentPrefix) ? path.slice(0, -agentPrefix.length) : ''
  const base = quotable(withoutSlash(url.origin + url.pathname) + folded)
  const root = base + quotable(path.slice(folded.length))
  const sid = encodeURIComponent(toLine(sessionId))
  return {
    baseUrl: base,
    origin: url.origin,
    context: `${root}/context/${sid}`,
    action: `${root}/action/${sid}`,
    diff: `${root}/diff/${sid}`,
    extend: `${root}/session/${sid}/extend`,
    claim: `${root}/session/${sid}/claim`,
  }
}

/** Drops slashes at the end. */
export function withoutSlash(path: string): string {
  let end = path.length
  while (path[end - 1] === '/') end -= 1
  return path.slice(0, end)
}

// The addresses stand between single quotes in the commands of the prompt.
function quotable(path: string): string {
  return toLine(path).replaceAll("'", '%27').replaceAll(' ', '%20')
}
