// H-06 what each field type accepts and refuses.
import assert from 'node:assert/strict'
import { base, hardening } from '../core/check.js'
import { ok } from '../core/expect.js'
import { type ActionReport, set } from '../core/session.js'

type Row = [type: string, accepted: unknown[], refused: unknown[]]

const rows: Row[] = [
  ['string', ['', 'x', '5'], [5, true, null, [], {}]],
  ['str', ['x'], [5]],
  ['int', [0, -7, 9007199254740991], [1.5, '5', true, false, null, [], {}]],
  ['integer', [3], [3.5]],
  ['float', [1.5, 2, -0.25], ['1.5', true, null, []]],
  ['number', [1.5], ['x']],
  ['bool', [true, false], [0, 1, 'true', null]],
  ['boolean', [true], ['false']],
  [
    'datetime',
    [
      '2026-06-23T10:22:00',
      '2026-06-23 10:22:00',
      '2026-06-23T10:22:00.5+08:00 or so',
      '9999-99-99T99:99:99',
    ],
    ['2026-06-23', '23.06.2026 10:22:00', '2026-06-23T10:22', 'at 2026-06-23T10:22:00', 5, null, ''],
  ],
  ['array', [[], [1, 'x', null]], ['[]', {}, null, 5]],
  ['array<string>', [['x'], [1, { a: 1 }]], ['x', {}]],
  ['arrays-of-things', [[1]], ['x']],
  ['colour', [null, 1, 'x', [], {}, true], []],
]

const inOptions = /^value not in allowed options \[.*\]$/

async function judge(ctx: Parameters<Parameters<typeof base>[2]>[0], field: object, value: unknown) {
  const report = await (await ctx.form({ schema: [{ key: 'f', ...field }] })).act([set('f', value)])
  return report.applied.length === 1 ? 'accepted' : (report.errors[0]?.msg ?? 'rejected')
}

const typeRows = rows.map(([type, accepted, refused], index) =>
  base(`H-06.${index + 1}`, `type ${type}`, async (ctx) => {
    for (const value of accepted) {
      assert.equal(await judge(ctx, { type }, value), 'accepted', `accepts ${JSON.stringify(value)}`)
    }
    for (const value of refused) {
      const verdict = await judge(ctx, { type }, value)
      assert.equal(verdict, `type mismatch, expected ${type}`, `refuses ${JSON.stringify(value)}`)
    }
  }),
)

export const typeChecks = [
  ...typeRows,

  base('H-06.20', 'a field without a type is a string', async (ctx) => {
    assert.equal(await judge(ctx, {}, 'x'), 'accepted')
    assert.equal(await judge(ctx, {}, 5), 'type mismatch, expected string')
  }),

  base('H-06.21', 'an enum takes the values of its options and nothing else', async (ctx) => {
    const field = { type: 'enum', options: [{ value: 'a', label: 'A' }, { value: 2 }] }

    assert.equal(await judge(ctx, field, 'a'), 'accepted')
    assert.equal(await judge(ctx, field, 2), 'accepted')
    for (const value of ['A', 'b', '2', null]) assert.match(await judge(ctx, field, value), inOptions)
  }),

  base('H-06.22', 'an enum without options takes everything', async (ctx) => {
    assert.equal(await judge(ctx, { type: 'enum' }, 'x'), 'accepted')
    assert.equal(await judge(ctx, { type: 'enum', options: [] }, 5), 'accepted')
  }),

  base('H-06.23', 'a key without a definition is accepted unchecked and stored', async (ctx) => {
    const report = await (await ctx.form({ schema: [{ key: 'f', type: 'int' }] })).act([
      set('other', { any: 1 }),
    ])

    assert.deepEqual(report.context.other?.value, { any: 1 })
  }),

  base('H-06.24', 'the first definition of a key wins', async (ctx) => {
    const schema = [
      { key: 'f', type: 'int' },
      { key: 'f', type: 'string' },
    ]
    const session = await ctx.form({ schema })

    assert.deepEqual((await session.act([set('f', 'x')])).applied, [])
    assert.deepEqual((await session.act([set('f', 5)])).applied, ['f'])
  }),

  hardening('H-06.25', 'a whole number may be written with a fraction or an exponent', async (ctx) => {
    for (const literal of ['3.0', '1e3', '-2E0']) assert.deepEqual(await actRaw(ctx, literal), ['f'])
  }),

  hardening('H-06.26', 'an int beyond what a double holds exactly is a mismatch', async (ctx) => {
    for (const literal of ['9007199254740992', '-9007199254740992', '1e300']) {
      assert.deepEqual(await actRaw(ctx, literal), ['type mismatch, expected int'])
    }
  }),

  hardening('H-06.27', 'options given as plain scalars are read as values', async (ctx) => {
    const field = { type: 'enum', options: ['a', 2] }

    assert.equal(await judge(ctx, field, 'a'), 'accepted')
    assert.equal(await judge(ctx, field, 2), 'accepted')
    assert.match(await judge(ctx, field, 'b'), inOptions)
  }),
]

/** Sends a number literal as it is written, to an int field. */
async function actRaw(ctx: Parameters<Parameters<typeof base>[2]>[0], literal: string): Promise<unknown[]> {
  const session = await ctx.form({ schema: [{ key: 'f', type: 'int' }] })
  const body = `{"actions":[{"type":"set","key":"f","value":${literal}}],"stream":false}`
  const report = ok<ActionReport>(await session.agent({ path: session.created.actionUrl, body }))
  return report.applied.length > 0 ? report.applied : report.errors.map(({ msg }) => msg)
}
