// Addresses of a host that is reached by URL.

/** The address without slashes at its end. Throws a `TypeError` for one that is no http or https address. */
export function toBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:'
  if (!url || !isHttp || url.username || url.password || url.search || url.hash)
    throw new TypeError('the url of a host is an http or https address without credentials and query')
  return url.href.replace(/\/+$/, '')
}

/** Where its channel socket is unless it says so itself. */
export const toWebsocketUrl = (baseUrl: string): string => baseUrl.replace(/^http/, 'ws')

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * The socket address that a host gave, when it is its own. WHY: what a host says must not lead us, and its token, anywhere
 * else. Names of loopback are one.
 */
export function toOwnSocket(baseUrl: string, given: string): string {
  const [base, url] = [new URL(baseUrl), URL.canParse(given) ? new URL(given) : undefined]
  const isSocket = url?.protocol === 'ws:' || url?.protocol === 'wss:'
  if (!url || !isSocket || url.username || url.password) return toWebsocketUrl(baseUrl)
  const isLocal = loopback.has(url.hostname) && loopback.has(base.hostname)
  const isDowngrade = base.protocol === 'https:' && url.protocol === 'ws:'
  return (isLocal || url.hostname === base.hostname) && !isDowngrade ? url.href : toWebsocketUrl(baseUrl)
}
