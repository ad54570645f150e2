import { expect, test } from 'vitest'
import { idsFrom, systemIds } from './index.js'

test('ids are unique, and in the order in which they were made', () => {
  const ids = Array.from({ length: 1_000 }, () => systemIds.next('evt'))

  expect(new Set(ids).size).toBe(1_000)
  for (const id of ids) expect(id).toMatch(/^evt_[0-9a-f]{32}$/)
  expect(systemIds.next()).toMatch(/^[0-9a-f]{32}$/)
})

test('a token never begins with a dash, whatever the dice say', () => {
  // 0xf8 makes the first character `-`: the first draw is thrown away.
  const draws = [0xf8, 0x00]
  const ids = idsFrom((bytes) => new Uint8Array(bytes).fill(draws.shift() ?? 0))

  expect(ids.token(24)).toMatch(/^A/)
  expect(draws).toEqual([])
})

test('bytes of the pool are handed out once, also past its end', () => {
  const tokens = Array.from({ length: 2_000 }, () => systemIds.token(24))

  expect(new Set(tokens).size).toBe(2_000)
  for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{31}$/)
  expect(systemIds.hex(5_000)).toMatch(/^[0-9a-f]{10000}$/)
})
