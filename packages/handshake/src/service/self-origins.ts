import { ownOrigins } from '@parley/kernel/origin'
import type { ResolvedOptions } from './options.js'

/** Origins under which this server's own pages come; a request without `Host` is asked by its URL. */
export function selfOrigins(
  host: string | undefined,
  url: string,
  { publicUrl }: Pick<ResolvedOptions, 'publicUrl'>,
): readonly string[] {
  return ownOrigins(host ?? (URL.canParse(url) ? new URL(url).host : undefined), publicUrl)
}
