import type { ResolvedOptions } from './options.js'

/**
 * Origins under which this server's own pages come. Behind a proxy that ends TLS the request says `http` where the
 * page says `https`, so without `publicUrl` both count for the request's own host.
 */
export function selfOrigins(
  host: string | undefined,
  url: string,
  { publicUrl }: Pick<ResolvedOptions, 'publicUrl'>,
): readonly string[] {
  const name = host ?? (URL.canParse(url) ? new URL(url).host : undefined)
  const own = name ? [`http://${name}`, `https://${name}`] : []
  return publicUrl ? [new URL(publicUrl).origin, ...own.slice(0, 1)] : own
}
