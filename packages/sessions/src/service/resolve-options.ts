import type { Runtime } from '../protocol/index.js'
import type { SessionsLimits, SessionsOptions } from './options.js'

/** Options with their defaults filled in. */
export type ResolvedOptions = SessionsOptions & {
  runtimes: Record<string, Runtime>
  prefix: string
  limits: SessionsLimits
}

const defaultLimits: SessionsLimits = {
  bodyBytes: 1024 * 1024,
  sessions: 256,
  subscriptions: 100,
  sockets: 100,
}

/** Fills in defaults. Throws a `TypeError` when there is no runtime. */
export function resolveOptions(
  given: SessionsOptions,
  ownRuntimes: () => Record<string, Runtime>,
): ResolvedOptions {
  const runtimes = given.runtimes ?? ownRuntimes()
  if (Object.keys(runtimes).length === 0)
    throw new TypeError('The option `runtimes` needs at least one runtime.')
  return { ...given, runtimes, prefix: given.prefix ?? '/api', limits: { ...defaultLimits, ...given.limits } }
}
