const mediaPath = '/relay/media/'

/** Where a gateway dials (contract 2.1). Of its own answer it makes the same. */
export function dialUrl(base: string): string {
  const url = base
    .trim()
    .replace(/^http(s?):\/\//i, 'ws$1://')
    .replace(/\/+$/, '')
  return url.endsWith('/relay') ? url : `${url}/relay`
}

/** The address of a route, for example `/relay/provision` (contract 2.1). */
export function httpUrl(base: string, route: string): string {
  const url = base
    .trim()
    .replace(/^ws(s?):\/\//i, 'http$1://')
    .replace(/\/+$/, '')
  return url.replace(/\/relay$/, '') + route
}

/** True only for media of the connector itself: the one place besides its routes that may see a bearer (contract 9.4). */
export function isMediaOf(url: string, base: string): boolean {
  return mediaPathOf(url, base) !== undefined
}

/** The id of a re-hosted file of this connector; undefined for any other address. */
export function mediaIdOf(url: string, base: string): string | undefined {
  const id = mediaPathOf(url, base)
  return id !== undefined && /^[0-9a-f]{32}$/.test(id) ? id : undefined
}

/** What follows `/relay/media/`. */
function mediaPathOf(url: string, base: string): string | undefined {
  const asked = parsed(url)
  const own = parsed(httpUrl(base, mediaPath))
  if (!asked || !own || asked.username || asked.password) return undefined
  const isHttp = asked.protocol === 'https:' || asked.protocol === 'http:'
  const isOwn = isHttp && asked.origin === own.origin && asked.pathname.startsWith(own.pathname)
  return isOwn ? asked.pathname.slice(own.pathname.length) : undefined
}

function parsed(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined
}
