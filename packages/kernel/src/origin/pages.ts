// Which pages of other origins may use a plane.
import { isOriginAllowed, ownOrigins } from './origin.js'

/** Origins beside the server's own (`*` is any), and where its own pages come from when a proxy hides it. */
export type OriginOptions = { allowedOrigins?: readonly string[]; publicUrl?: string }

/** A page's origin and the host it asked; undefined for whoever is no browser. */
export type FromPage = { origin: string | undefined; host: string | undefined }

/** True when it may change something or open a socket: no page, one of ours, or an allowed one. */
export function mayAct(
  { origin, host }: FromPage,
  { publicUrl, allowedOrigins = [] }: OriginOptions,
): boolean {
  return isOriginAllowed(origin ?? null, ownOrigins(host, publicUrl), allowedOrigins)
}

/** How a page of another origin may read answers; undefined when it may not, or needs no leave. */
export type Grant = { origin: string; credentials: boolean }

/** Origins that are named may come with cookies; those that only `*` lets in may not. */
export function grantTo({ origin }: FromPage, { allowedOrigins = [] }: OriginOptions): Grant | undefined {
  if (origin === undefined || !isOriginAllowed(origin, [], allowedOrigins)) return undefined
  const named = allowedOrigins.filter((one) => one !== '*')
  return { origin, credentials: isOriginAllowed(origin, [], named) }
}
