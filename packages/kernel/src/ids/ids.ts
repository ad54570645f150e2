import { randomFillSync } from 'node:crypto'
import { v7 } from 'uuid'

/** The only source of randomness. */
export interface Ids {
  /** A time-ordered unique id, `<prefix>_<32 hex>`; without a prefix the hex alone. */
  next(prefix?: string): string
  /** `bytes` random bytes as lowercase hex. */
  hex(bytes: number): string
  /**
   * `bytes` random bytes as unpadded URL-safe base64. Never begins with `-`, which command lines
   * would read as an option.
   */
  token(bytes: number): string
}

/** Ids over a source of random bytes. */
export function idsFrom(random: (bytes: number) => Uint8Array): Ids {
  const text = (bytes: number, encoding: 'hex' | 'base64url') => Buffer.from(random(bytes)).toString(encoding)
  return {
    next: (prefix) => {
      const id = v7({ random: random(16) }).replaceAll('-', '')
      return prefix ? `${prefix}_${id}` : id
    },
    hex: (bytes) => text(bytes, 'hex'),
    token: (bytes) => {
      for (;;) {
        const token = text(bytes, 'base64url')
        if (!token.startsWith('-')) return token
      }
    },
  }
}

/**
 * Random bytes drawn from a pool that is filled a few thousand at a time: a call into the operating system
 * for every event's id was a tenth of the append path. Bytes are handed out once and wiped from the pool.
 */
function pooledRandom(poolBytes = 4096): (bytes: number) => Uint8Array {
  const pool = new Uint8Array(poolBytes)
  let used = poolBytes
  return (bytes) => {
    if (bytes > poolBytes) return randomFillSync(new Uint8Array(bytes))
    if (used + bytes > poolBytes) {
      randomFillSync(pool)
      used = 0
    }
    const drawn = pool.slice(used, used + bytes)
    pool.fill(0, used, used + bytes)
    used += bytes
    return drawn
  }
}

/** Ids from the operating system's randomness. */
export const systemIds: Ids = idsFrom(pooledRandom())
