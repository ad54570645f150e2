import { serverErrors } from '../errors.js'

/** The closed set of what a key may be allowed to do. `*` is everything. */
export const scopes = [
  '*',
  'handshake:create',
  'handshake:read',
  'handshake:write',
  'threads:use',
  'threads:act-as',
  'threads:read',
  'threads:write',
  'sessions:use',
  'sessions:machine',
  'relay:read',
  'relay:write',
  'relay:enroll',
  'webhooks:read',
  'webhooks:write',
  'keys:write',
] as const
export type Scope = (typeof scopes)[number]

/** Throws `server.unknown_scope`: a misspelt scope is an error, never a wider or narrower one. */
export function assertScopes(given: readonly string[]): asserts given is readonly Scope[] {
  const unknown = given.find((scope) => !(scopes as readonly string[]).includes(scope))
  if (unknown !== undefined) throw serverErrors.unknownScope({ details: { scope: unknown, scopes } })
}
