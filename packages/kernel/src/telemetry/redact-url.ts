const secretName =
  'token|access_token|refresh_token|id_token|code|secret|password|signature|sig|auth|authorization|[\\w.-]*key'
const secretQuery = new RegExp(`([?&#;](?:${secretName})=)[^&#\\s"'<>]*`, 'gi')

/** What stands in the place of a secret. */
export const redacted = '[redacted]'

/**
 * A URL, or any text with URLs in it, with the values of secret query parameters (`token`, `code`, names that end in
 * `key` and the like) and user information removed. `secretPaths` name path segments that are secrets:
 * `/hooks/:secret/in` hides the second segment of every path that begins so.
 */
export function redactUrl(url: string, secretPaths: readonly string[] = []): string {
  const withoutUser = url.replace(/:\/\/[^/\s@?#]+@/g, `://${redacted}@`)
  const withoutQuery = withoutUser.replace(secretQuery, `$1${redacted}`)
  return secretPaths.reduce(redactPath, withoutQuery)
}

function redactPath(url: string, pattern: string): string {
  const parts = pattern.split('/').filter(Boolean)
  // Fixed segments are captured and kept, `:named` ones are replaced.
  const source = parts
    .map((part) => (part.startsWith(':') ? '/([^/?#\\s"]+)' : `/${escapeRegExp(part)}`))
    .join('')
  const kept = parts.map((part) => (part.startsWith(':') ? `/${redacted}` : `/${part}`)).join('')
  return url.replace(new RegExp(`${source}(?=[/?#\\s"]|$)`, 'g'), () => kept)
}

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
