const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * The address of a socket for whoever asked under `requestUrl` (section 2.11): one with a loopback host gets the name (and the
 * port, where there is one) of a request from elsewhere, with `wss`. Any other address stays as it is.
 */
export function rewriteWebsocketUrl(stored: string, requestUrl: string): string {
  if (!URL.canParse(stored) || !URL.canParse(requestUrl)) return stored
  const url = new URL(stored)
  const asked = new URL(requestUrl)
  if (!loopback.has(url.hostname) || loopback.has(asked.hostname)) return stored
  url.protocol = 'wss:'
  url.hostname = asked.hostname
  if (asked.port !== '') url.port = asked.port
  return url.href
}
