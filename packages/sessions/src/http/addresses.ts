// The addresses that clients are given: always our own origin (section 2.11).
import { isIP } from 'node:net'
import type { RuntimeInfo, RuntimeInstance, Session } from '../protocol/index.js'
import { bearerOf } from '../service/callers.js'
import type { SessionsOptions } from '../service/options.js'
import type { SessionView } from '../service/port.js'

/** Makes addresses for whoever asked by a request. */
export type Addresses = {
  /** Of the channel socket; its terminals are those of the instance. */
  websocketUrl(instance: string | undefined): string
  /** Under which hosts that call back reach this server. */
  origin: string
}

type AddressOptions = Pick<SessionsOptions, 'publicUrl'> & { defaultInstance: string }

/** A caller with a bearer's token gets it in the address of the socket, where browsers can send no header. */
export function addressesFor(request: Request, { publicUrl, defaultInstance }: AddressOptions): Addresses {
  const origin = publicUrl === undefined ? askedOrigin(request) : new URL(publicUrl).origin
  const token = bearerOf(request.headers)
  return {
    origin,
    websocketUrl: (instance = defaultInstance) => {
      const url = new URL('/ws', origin.replace(/^http/, 'ws'))
      if (instance !== defaultInstance) url.searchParams.set('runtime', instance)
      if (token !== undefined) url.searchParams.set('token', token)
      return url.href
    },
  }
}

/**
 * The origin under which a request came. WHY: behind a proxy that ends TLS the request itself says `http`; unless the proxy
 * says more, a name that is no loopback's counts as served over TLS, as the contract has it. Addresses have no certificates.
 */
function askedOrigin({ url, headers }: Request): string {
  const { protocol, hostname, host } = new URL(url)
  const forwarded = headers.get('x-forwarded-proto')?.split(',')[0]?.trim()
  if (forwarded === 'https' || forwarded === 'http') return `${forwarded}://${host}`
  const isPlain =
    protocol === 'http:' && (isLoopback(hostname) || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0)
  return `${isPlain ? 'http' : 'https'}://${host}`
}

const isLoopback = (hostname: string): boolean => hostname === 'localhost' || hostname.endsWith('.localhost')

/** A session for the wire: only a live one can be listened to. */
export function toSession(view: SessionView, addresses: Addresses): Session {
  if (view.status !== 'active') return view
  return { ...view, websocketUrl: addresses.websocketUrl(view.runtime) }
}

/** An instance for the wire: a running one has the address of our own socket, and no other has any. */
export function toInstance(instance: RuntimeInstance, addresses: Addresses): RuntimeInstance {
  const { websocketUrl: _, ...rest } = instance
  return rest.status === 'running' ? { ...rest, websocketUrl: addresses.websocketUrl(rest.name) } : rest
}

export function toRuntimeInfo(info: RuntimeInfo, addresses: Addresses): RuntimeInfo {
  return { ...info, instances: info.instances.map((instance) => toInstance(instance, addresses)) }
}
