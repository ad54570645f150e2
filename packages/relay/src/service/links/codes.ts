import { hash } from 'node:crypto'
import type { Ids } from '@parley/kernel/ids'

/** 32 symbols, none of which looks like another (contract 8.7). */
const symbols = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const codeShape = new RegExp(`^[${symbols}]{8}$`, 'i')

/** A new code as people see it, `XXXX-XXXX`: 40 random bits. */
export function makeCode(ids: Ids): string {
  const bits = BigInt(`0x${ids.hex(5)}`)
  const code = Array.from({ length: 8 }, (_, n) => symbols[Number((bits >> BigInt(n * 5)) & 31n)]).join('')
  return `${code.slice(0, 4)}-${code.slice(4)}`
}

/** What is stored of a code that somebody typed, whatever its case, spaces and dashes; undefined when it can be none. */
export function hashOfCode(typed: string): string | undefined {
  // LIMIT: what is longer than any way to write a code is not looked at.
  if (typed.length > 64) return undefined
  const code = typed.replace(/[\s\p{Pd}]/gu, '')
  return codeShape.test(code) ? hash('sha256', code.toUpperCase(), 'hex') : undefined
}
