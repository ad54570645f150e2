import { createHash } from 'node:crypto'
import type { Ids } from '@parley/kernel/ids'

/**
 * Ids that are the same in every run: two sources with the same `seed` (default empty) hand out the same ids in the
 * same order. Ordered like the real ones, and never to be used for a secret.
 */
export function fakeIds({ seed = '' }: { seed?: string } = {}): Ids {
  let count = 0
  const bytes = (length: number): Buffer =>
    createHash('shake256', { outputLength: length }).update(`${seed}:${++count}`).digest()

  return {
    next: (prefix) => {
      const tail = bytes(10).toString('hex')
      const id = count.toString(16).padStart(12, '0') + tail
      return prefix ? `${prefix}_${id}` : id
    },
    hex: (length) => bytes(length).toString('hex'),
    token: (length) => bytes(length).toString('base64url').replace(/^-/, '_'),
  }
}
