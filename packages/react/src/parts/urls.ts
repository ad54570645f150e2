import { isAllowedUrl } from '@parley/threads/protocol'

/** An address that a reader may be sent to (http, https, mailto), or undefined. */
export function linkUrl(url: string): string | undefined {
  return isAllowedUrl(url, ['mailto']) ? url : undefined
}

/** An address that the page may load by itself (http, https), or undefined. */
export function mediaUrl(url: string): string | undefined {
  return isAllowedUrl(url) ? url : undefined
}
