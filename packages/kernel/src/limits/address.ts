import { isIP } from 'node:net'

/** An address without port, brackets and IPv4-in-IPv6 prefix; undefined when it is not an address. */
export function normalizeAddress(text: string): string | undefined {
  const trimmed = text.trim()
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(trimmed)?.[1]
  const withPort = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(trimmed)?.[1]
  const address = (bracketed ?? withPort ?? trimmed).replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
  return isIP(address) ? address : undefined
}

/**
 * What a limit per address counts by: an IPv4 address, or the /64 of an IPv6 address, of which one subscriber has
 * 2^64 to choose from. What is no address stays as it is.
 */
export function addressBlock(address: string): string {
  const plain = normalizeAddress(address)
  if (!plain || isIP(plain) !== 6) return address
  const [head = '', tail = ''] = plain.split('%', 1)[0]!.split('::')
  const groups = head === '' ? [] : head.split(':')
  const behind = tail === '' ? [] : tail.split(':')
  while (groups.length + behind.length < 8) groups.push('0')
  const block = [...groups, ...behind].slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `${block.join(':')}::/64`
}
