import type { Ids } from '../ids/index.js'
import { clientAddress, type HeaderSource, headerOf, isTrustedProxy } from './client-address.js'

/** What a door knows of a request beside the request itself. */
export type RequestInfo = {
  /** The client's address, behind trusted proxies too; empty when the door does not know it. */
  readonly remoteAddress: string
  /** `req_…`, in every answer's problem body and in the log. */
  readonly requestId: string
}

/** `trustedProxies`: addresses and CIDR ranges, default none. */
export type RequestInfoOptions = { ids: Ids; trustedProxies?: readonly string[] }

/** Describes a request that came in by a socket. A request id of the sender is kept only from trusted proxies. */
export function requestInfo(
  socketAddress: string,
  headers: HeaderSource,
  { ids, trustedProxies = [] }: RequestInfoOptions,
): RequestInfo {
  let address: string | undefined
  let id: string | undefined
  // WHY: most requests are answered without anybody asking; each of the two costs as much as a small handler.
  return {
    get remoteAddress() {
      address ??= clientAddress(socketAddress, headers, trustedProxies)
      return address
    },
    get requestId() {
      id ??= sentId() ?? ids.next('req')
      return id
    },
  }

  function sentId(): string | undefined {
    if (!isTrustedProxy(socketAddress, trustedProxies)) return undefined
    const sent = headerOf(headers, 'x-request-id')
    return sent && isSaneId(sent) ? sent : undefined
  }
}

/** Short and without anything that could forge a log line. */
const isSaneId = (id: string): boolean => /^[A-Za-z0-9._:-]{8,128}$/.test(id)
