import type { HostHandler, HostRoute } from '../port.js'

export type Match = { handler: HostHandler; params: Readonly<Record<string, string>> }

/** Finds the route of a request; segments of the path arrive decoded in `params`. The first of two that fit wins. */
export type Matcher = (method: string, path: string) => Match | undefined

type Compiled = { segments: readonly string[]; handler: HostHandler }

export function createMatcher(routes: readonly HostRoute[]): Matcher {
  const table = new Map<string, Compiled[]>()
  for (const [method, pattern, handler] of routes) {
    const segments = pattern.split('/').slice(1)
    const key = keyOf(method, segments.length)
    table.set(key, [...(table.get(key) ?? []), { segments, handler }])
  }
  return (method, path) => {
    const parts = path.split('/').slice(1)
    for (const { segments, handler } of table.get(keyOf(method, parts.length)) ?? []) {
      const params = paramsOf(segments, parts)
      if (params) return { handler, params }
    }
    return undefined
  }
}

const keyOf = (method: string, length: number): string => `${method} ${length}`

function paramsOf(segments: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {}
  for (const [at, segment] of segments.entries()) {
    const part = parts[at]!
    if (!segment.startsWith(':')) {
      if (segment !== part) return undefined
      continue
    }
    const value = decode(part)
    if (!value) return undefined
    params[segment.slice(1)] = value
  }
  return params
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}
