import type { Config } from './config/schema.js'

/** Names this server answers to, beside addresses and localhost. */
export function hostsOf({
  publicUrl,
  allowedHosts,
  host,
}: Pick<Config, 'publicUrl' | 'allowedHosts' | 'host'>): readonly string[] {
  const own = publicUrl ? [new URL(publicUrl).host, new URL(publicUrl).hostname] : []
  return [...own, ...allowedHosts, host]
}

/**
 * Origins of the server's own pages, for a request. Behind a proxy that ends TLS the request says `http` where the page
 * says `https`: without a public URL both count for the host that was asked, which strangers' pages don't have.
 */
export function originsOf(
  request: { readonly url: string },
  { publicUrl }: Pick<Config, 'publicUrl'>,
): readonly string[] {
  const { origin, host } = new URL(request.url)
  return publicUrl ? [new URL(publicUrl).origin, origin] : [`http://${host}`, `https://${host}`]
}

/** Where a server on this machine is reached that listens on `host`, which may be "every address". */
export function addressOf(host: string, port: number): string {
  const isAny = host === '0.0.0.0' || host === '::'
  const name = isAny ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}
