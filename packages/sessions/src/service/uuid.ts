import type { Ids } from '@parley/kernel/ids'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** True for what the contract takes as the id of a session. */
export const isUuid = (text: string): boolean => uuid.test(text)

/** A fresh random UUID (version 4). */
export function newUuid(ids: Ids): string {
  const hex = ids.hex(16)
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-')
}
