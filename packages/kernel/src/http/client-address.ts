import { BlockList, isIP } from 'node:net'
import { normalizeAddress } from '../limits/index.js'

/** Request headers as either side of the door has them: web `Headers` or Node's record. */
export type HeaderSource = Headers | Readonly<Record<string, string | readonly string[] | undefined>>

/** One header's value, or undefined. Lines that were sent more than once are joined by commas. */
export function headerOf(headers: HeaderSource, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined
  const value = headers[name]
  return typeof value === 'string' || value === undefined ? value : value.join(', ')
}

/**
 * The address that limits and logs are about. Walks `X-Forwarded-For` from its right end for as long as the
 * sender is a trusted proxy, so that nobody can choose an address by sending the header itself.
 * `trusted` holds addresses and CIDR ranges; a malformed entry throws a `RangeError`.
 */
export function clientAddress(
  socketAddress: string,
  headers: HeaderSource,
  trusted: readonly string[],
): string {
  const socket = normalizeAddress(socketAddress) ?? socketAddress
  if (!isTrustedProxy(socket, trusted)) return socket

  const hops = headerOf(headers, 'x-forwarded-for')?.split(',').reverse() ?? []
  let address = socket
  for (const hop of hops) {
    const next = normalizeAddress(hop)
    if (!next) return address
    address = next
    if (!isTrustedProxy(address, trusted)) return address
  }
  return address
}

/** True when the address is one of the trusted proxies. */
export function isTrustedProxy(address: string, trusted: readonly string[]): boolean {
  if (trusted.length === 0) return false
  const plain = normalizeAddress(address)
  if (!plain) return false
  return compiled(trusted).check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4')
}

// Building a BlockList for every request would cost more than the request; the key is the settings' own array.
const lists = new WeakMap<readonly string[], BlockList>()

function compiled(trusted: readonly string[]): BlockList {
  const known = lists.get(trusted)
  if (known) return known
  const list = new BlockList()
  for (const entry of trusted) addEntry(list, entry)
  lists.set(trusted, list)
  return list
}

function addEntry(list: BlockList, entry: string): void {
  const [base = '', bits] = entry.split('/')
  const address = normalizeAddress(base)
  if (!address) throw new RangeError(`A trusted proxy must be an address or a CIDR range, not "${entry}".`)
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  if (bits === undefined) {
    list.addAddress(address, family)
    return
  }
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > (family === 'ipv6' ? 128 : 32))
    throw new RangeError(`The prefix length of the trusted proxy "${entry}" is not valid.`)
  list.addSubnet(address, Number(bits), family)
}
