// Which addresses are on the public internet. Everything else is refused, so that a user's address can't reach what
// only this machine or its network can.
import { BlockList, isIP } from 'node:net'
import { kernelErrors } from '../errors/index.js'

// Special-purpose blocks of IANA's registry.
const refusedV4 = [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // carrier-grade NAT
  ['127.0.0.0', 8], // loopback
  ['169.254.0.0', 16], // link-local, cloud metadata
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocol assignments
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
] as const

// Inside 2000::/3, which is all that is public besides IPv4 in other clothes.
const refusedV6 = [
  ['2001::', 23], // protocol assignments, Teredo among them
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4
  ['3fff::', 20], // documentation
] as const

// An IPv4 address in the last 32 bits: mapped, and behind NAT64 (RFC 6052).
const v4Prefixes = ['::ffff:', '64:ff9b::']

const refused = new BlockList()
const publicV6 = new BlockList()
publicV6.addSubnet('2000::', 3, 'ipv6')
for (const prefix of v4Prefixes) publicV6.addSubnet(`${prefix}0.0.0.0`, 96, 'ipv6')
for (const [net, bits] of refusedV6) refused.addSubnet(net, bits, 'ipv6')
for (const [net, bits] of refusedV4) {
  refused.addSubnet(net, bits, 'ipv4')
  for (const prefix of v4Prefixes) refused.addSubnet(`${prefix}${net}`, 96 + bits, 'ipv6')
}

/** True for an IP address of the public internet; false for every other text. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address)
  if (version === 4) return !refused.check(address, 'ipv4')
  // A zone (`%eth0`) belongs to link-local addresses only.
  if (version !== 6 || address.includes('%')) return false
  return publicV6.check(address, 'ipv6') && !refused.check(address, 'ipv6')
}

/** Addresses and hosts that a setting allows although they are not public. */
export type AllowedPrivate = {
  hasHost(host: string): boolean
  hasAddress(address: string): boolean
}

/** Reads the setting: `true` for everything, or hosts, IP addresses and CIDR blocks. Throws `kernel.invalid_request`. */
export function toAllowedPrivate(setting: boolean | readonly string[]): AllowedPrivate {
  if (typeof setting === 'boolean') return { hasHost: () => setting, hasAddress: () => setting }
  const blocks = new BlockList()
  const hosts = new Set<string>()
  for (const entry of setting) {
    if (entry.includes('/')) addBlock(blocks, entry)
    else if (isIP(entry)) blocks.addAddress(entry, family(entry))
    else hosts.add(plainHost(entry))
  }
  return {
    hasHost: (host) => hosts.has(plainHost(host)),
    hasAddress: (address) => isIP(address) !== 0 && blocks.check(address, family(address)),
  }
}

/** A host name as it is compared: in lower case, without the dot of the root. */
export const plainHost = (host: string): string => host.toLowerCase().replace(/\.$/, '')

const family = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

function addBlock(blocks: BlockList, entry: string): void {
  const [, net = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(entry) ?? []
  if (!isIP(net) || Number(bits) > (isIP(net) === 6 ? 128 : 32))
    throw kernelErrors.invalidRequest({
      message: `"${entry}" is not a block of addresses such as 10.0.0.0/8.`,
    })
  blocks.addSubnet(net, Number(bits), family(net))
}
