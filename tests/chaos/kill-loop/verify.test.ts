import { openGround } from '@parley/kernel/ground'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { planOf, rows, streams } from './plan.js'
import { type Found, readBack } from './read-back.js'
import { type ChaosTables, chaosMigrations, chaosTables } from './tables.js'
import { commitStep } from './unit.js'
import { assertNumbered, assertReceipts, assertRows, assertWritten } from './verify.js'

// A check that never complains proves nothing: each is shown data with one thing wrong.

const ground = await openGround()
const tables = chaosTables(ground.db)
const numbers: number[] = []
const round = { seed: 7, round: 1, acknowledged: new Map([[0, numbers]]) }
let found: Map<string, Found[]>

beforeAll(async () => {
  await ground.db.migrate([chaosMigrations])
  await ground.log.commit({ ops: rows.map(tables.addRow), appends: [] })
  for (let step = 1; step <= 40; step++) {
    const at = { seed: 7, round: 1, writer: 0, step }
    const result = await commitStep(ground, tables, at, planOf(at))
    if (result.outcome === 'committed') numbers.push(result.appended[0]!.firstSeq)
  }
  found = await readBack(ground)
})

afterAll(() => ground.close())

/** The streams without, or with another, event at the end of one of them. */
const changed = (change: (found: Found[]) => Found[]) =>
  new Map([...found].map(([stream, all]) => [stream, stream === streams[0] ? change(all) : all]))

it('finds nothing wrong with what was written', async () => {
  assertNumbered(found)
  await assertRows(found, tables)
  await assertReceipts(found, 7, tables)
  expect(assertWritten(found, round)).toBe([...found.values()].flat().length)
})

it('finds an event that is missing', () => {
  expect(() =>
    assertWritten(
      changed((all) => all.slice(0, -1)),
      round,
    ),
  ).toThrow(/step 1-0-/)
  expect(() => assertNumbered(changed((all) => all.slice(1)))).toThrow(/gap/)
})

it('finds an event that is there twice', () => {
  expect(() =>
    assertWritten(
      changed((all) => [...all, all.at(-1)!]),
      round,
    ),
  ).toThrow(/step 1-0-/)
})

it('finds an event that nobody was about to write', () => {
  const [first] = found.get(streams[0]!)!
  const stranger: Found = { ...first!, body: { ...first!.body, step: 99 } }
  expect(() =>
    assertWritten(
      changed((all) => [...all, stranger]),
      round,
    ),
  ).toThrow(/never got to/)
})

it('finds a row that does not match its events, and a receipt without a unit', async () => {
  const noRow: ChaosTables = { ...tables, rows: async () => [{ name: 'red', version: 1_000, last: '' }] }
  await expect(assertRows(found, noRow)).rejects.toThrow(/row red/)
  const more: ChaosTables = { ...tables, receipts: async () => [...(await tables.receipts()), 'stray'] }
  await expect(assertReceipts(found, 7, more)).rejects.toThrow()
})
