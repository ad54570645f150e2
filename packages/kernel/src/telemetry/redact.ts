import { redacted, redactUrl } from './redact-url.js'

const secretKey =
  /^(.*token|authorization|proxy-authorization|cookie|set-cookie|x-handshake-.*|.*secret|password|.*api[-_]?key|privateKey)$/i
const maxDepth = 6

/** What of a log record is secret. `secretPaths` as in `redactUrl`. */
export type RedactOptions = { secretPaths?: readonly string[] }

/**
 * A copy without secrets: values under names such as `token`, `authorization`, `cookie` and `x-handshake-*` at any
 * depth, and secrets inside URLs in any text. Class instances and what lies deeper than six levels is described only.
 */
export function redact(value: unknown, options: RedactOptions = {}, depth = 0): unknown {
  if (typeof value === 'string') return redactUrl(value, options.secretPaths)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Error) return redactError(value, options, depth)
  if (depth >= maxDepth) return Array.isArray(value) ? '[Array]' : '[Object]'
  if (Array.isArray(value)) return value.map((item) => redact(item, options, depth + 1))
  if (value instanceof Headers) return redact(Object.fromEntries(value), options, depth)
  if (!isPlain(value)) return `[${value.constructor?.name ?? 'Object'}]`
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactEntry(key, item)]))

  function redactEntry(key: string, item: unknown): unknown {
    if (secretKey.test(key) && item !== undefined && item !== null) return redacted
    return redact(item, options, depth + 1)
  }
}

function redactError(error: Error & { code?: unknown }, options: RedactOptions, depth: number): unknown {
  const { name, message, stack, code, cause } = error
  return {
    type: name,
    message: redactUrl(message, options.secretPaths),
    stack: redactUrl(stack ?? '', options.secretPaths),
    ...(code !== undefined && { code }),
    ...(cause !== undefined && depth < maxDepth && { cause: redact(cause, options, depth + 1) }),
  }
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
