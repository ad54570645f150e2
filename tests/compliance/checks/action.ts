// H-05 every way an action is refused and the order of checking, in forms and in the default mode.
import assert from 'node:assert/strict'
import { base, hardening } from '../core/check.js'
import { hasMembers, ok, refused } from '../core/expect.js'
import { type ActionReport, set } from '../core/session.js'

const optionsText = /^value not in allowed options \[.*\]$/
const fields = [
  { key: 'name', type: 'string' },
  { key: 'age', type: 'int' },
  { key: 'size', type: 'enum', options: [{ value: 'S' }, { value: 'L' }] },
  { key: 'mine', type: 'string' },
  { key: 'vetoed', type: 'int' },
  { key: 'throwing', type: 'int' },
]
const form = { schema: fields, context: { mine: 'typed by me' } }
const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown

/** Asserts a report that refuses exactly one action, with this in `errors`. */
function onlyError(report: ActionReport, error: object): void {
  assert.deepEqual(report.errors, [error])
  assert.deepEqual([report.applied, report.rejected], [[], []])
}

const formRows = [
  hardening('H-05.1', 'row 1: an action that is not an object', async (ctx) => {
    const session = await ctx.form(form)
    for (const action of ['text', 7, null, true, ['set', 'name', 'x']]) {
      onlyError(await session.act([action]), { action, msg: 'action must be an object' })
    }
  }),

  base('H-05.2', 'row 2: a type that is not exactly set', async (ctx) => {
    const session = await ctx.form(form)
    for (const type of ['SET', 'delete', '', null, 1]) {
      const action = { type, key: 'name', value: 'x' }
      onlyError(await session.act([action]), { action, msg: 'unsupported action type' })
    }
  }),

  base('H-05.3', 'row 2: an absent type does not count as set in a form', async (ctx) => {
    const action = { key: 'name', value: 'x' }

    onlyError(await (await ctx.form(form)).act([action]), { action, msg: 'unsupported action type' })
  }),

  base('H-05.4', 'row 3: an absent key, or null', async (ctx) => {
    const session = await ctx.form(form)
    for (const action of [
      { type: 'set', value: 'x' },
      { type: 'set', key: null, value: 'x' },
    ]) {
      onlyError(await session.act([action]), { action, msg: 'missing key' })
    }
  }),

  base('H-05.5', 'row 2 comes before row 3', async (ctx) => {
    const action = { type: 'drop' }

    onlyError(await (await ctx.form(form)).act([action]), { action, msg: 'unsupported action type' })
  }),

  hardening('H-05.6', 'row 4: a key that is no text, empty, too long or reserved', async (ctx) => {
    const session = await ctx.form(form)
    const keys = [
      1,
      true,
      ['name'],
      { name: 1 },
      '',
      'k'.repeat(257),
      '__proto__',
      'constructor',
      'prototype',
    ]
    for (const key of keys) {
      const action = { type: 'set', key, value: 'x' }
      onlyError(await session.act([action]), { action, msg: 'invalid key' })
    }
  }),

  base('H-05.7', 'row 5: a hook that answers false rejects', async (ctx) => {
    await ctx.needHooks()
    const report = await (await ctx.form(form)).act([set('vetoed', 1)])

    assert.deepEqual(report.rejected, ['vetoed'])
    assert.deepEqual([report.applied, report.errors], [[], []])
  }),

  base('H-05.8', 'row 6: a hook that throws is in errors and in rejected', async (ctx) => {
    await ctx.needHooks()
    const report = await (await ctx.form(form)).act([set('throwing', 1)])

    assert.deepEqual(report.errors, [{ key: 'throwing', msg: 'boom' }])
    assert.deepEqual([report.applied, report.rejected], [[], ['throwing']])
  }),

  base('H-05.9', 'rows 5 and 6 come before row 7', async (ctx) => {
    await ctx.needHooks()
    const report = await (await ctx.form(form)).act([set('vetoed', 'no int'), set('throwing', 'no int')])

    assert.deepEqual(report.errors, [{ key: 'throwing', msg: 'boom' }])
    assert.deepEqual(report.rejected, ['vetoed', 'throwing'])
  }),

  base('H-05.10', 'row 7: a wrong type', async (ctx) => {
    const session = await ctx.form(form)

    onlyError(await session.act([set('age', 'old')]), { key: 'age', msg: 'type mismatch, expected int' })
    onlyError(await session.act([set('name', 5)]), { key: 'name', msg: 'type mismatch, expected string' })
  }),

  base('H-05.11', 'row 8: a value that is not among the options', async (ctx) => {
    const report = await (await ctx.form(form)).act([set('size', 'XL')])

    assert.equal(report.errors.length, 1)
    assert.equal(report.errors[0]?.key, 'size')
    assert.match(report.errors[0]?.msg ?? '', optionsText)
    assert.deepEqual([report.applied, report.rejected], [[], []])
  }),

  hardening('H-05.12', 'row 9: a value too large or too deep', async (ctx) => {
    const session = await ctx.form(form)

    onlyError(await session.act([set('name', 'x'.repeat(70_000))]), { key: 'name', msg: 'value too large' })
    onlyError(await session.act([set('free', nested(40))]), { key: 'free', msg: 'value too deep' })
  }),

  hardening('H-05.13', 'rows 7 and 8 come before row 9, row 9 before row 10', async (ctx) => {
    const large = 'x'.repeat(70_000)
    const report = await (await ctx.form(form)).act([set('age', large), set('mine', large)])

    assert.deepEqual(report.errors, [
      { key: 'age', msg: 'type mismatch, expected int' },
      { key: 'mine', msg: 'value too large' },
    ])
    assert.deepEqual(report.rejected, [])
  }),

  base('H-05.14', 'row 10: a field of the user is rejected', async (ctx) => {
    const report = await (await ctx.form(form)).act([set('mine', 'taken over')])

    assert.deepEqual(report.rejected, ['mine'])
    assert.deepEqual([report.applied, report.errors], [[], []])
    assert.equal(report.context.mine?.value, 'typed by me')
  }),

  base(
    'H-05.15',
    'row 7 comes before row 10: an ill-typed write to a locked field is an error',
    async (ctx) => {
      const report = await (await ctx.form(form)).act([set('mine', 5)])

      onlyError(report, { key: 'mine', msg: 'type mismatch, expected string' })
    },
  ),

  base('H-05.16', 'row 8 comes before row 10', async (ctx) => {
    const report = await (await ctx.form({ ...form, context: { size: 'S' } })).act([set('size', 'XL')])

    assert.match(report.errors[0]?.msg ?? '', optionsText)
    assert.deepEqual(report.rejected, [])
  }),
]

const batches = [
  base('H-05.17', 'a mixed batch reports each action in its list, in order', async (ctx) => {
    await ctx.needHooks()
    const noKey = { type: 'set', value: 1 }
    const noType = { key: 'name', value: 'x' }
    const actions = [set('name', 'a'), noKey, set('mine', 'b'), set('age', 'c'), noType]
    actions.push(set('vetoed', 1), set('age', 40), set('throwing', 2), set('extra', [1]))
    const report = await (await ctx.form(form)).act(actions)

    assert.deepEqual(report.applied, ['name', 'age', 'extra'])
    assert.deepEqual(report.rejected, ['mine', 'vetoed', 'throwing'])
    assert.deepEqual(report.errors, [
      { action: noKey, msg: 'missing key' },
      { key: 'age', msg: 'type mismatch, expected int' },
      { action: noType, msg: 'unsupported action type' },
      { key: 'throwing', msg: 'boom' },
    ])
  }),

  hardening('H-05.18', 'a mixed batch goes on after elements that are no actions', async (ctx) => {
    const session = await ctx.form(form)
    const line = await session.page()
    const badKey = { type: 'set', key: ['name'], value: 1 }
    const report = await session.act([set('name', 'a'), 5, badKey, null, set('age', 4)])

    assert.deepEqual(report.applied, ['name', 'age'])
    assert.deepEqual(report.errors, [
      { action: 5, msg: 'action must be an object' },
      { action: badKey, msg: 'invalid key' },
      { action: null, msg: 'action must be an object' },
    ])
    assert.equal((await line.next('done')).applied, 2)
  }),

  base(
    'H-05.19',
    'the answer of a form has its members, and ok also when everything was refused',
    async (ctx) => {
      const schema = [
        { key: 'mine', required: true },
        { key: 'other', required: true },
      ]
      const report = await (await ctx.form({ ...form, schema })).act([set('mine', 'x')])

      hasMembers(report, ['ok', 'applied', 'rejected', 'errors', 'missing', 'context', 'broadcast'])
      assert.equal(report.ok, true)
      assert.deepEqual(report.missing, ['other'])
      assert.deepEqual(Object.keys(report.context), ['mine'])
    },
  ),

  base('H-05.20', 'no actions is an empty report', async (ctx) => {
    const session = await ctx.form()
    for (const body of ['', '{}', '{"actions":[]}']) {
      const report = ok<ActionReport>(
        await session.agent({ method: 'POST', path: session.created.actionUrl, body }),
      )

      assert.deepEqual([report.applied, report.rejected, report.errors], [[], [], []])
    }
  }),

  base('H-05.21', 'an absent value is null, and a negative interval counts as none', async (ctx) => {
    const report = await (await ctx.form()).act([{ type: 'set', key: 'a' }], { stream: true, intervalMs: -5 })

    assert.deepEqual(report.applied, ['a'])
    assert.equal(report.context.a?.value, null)
  }),

  base('H-05.22', 'a dot in a key has no meaning', async (ctx) => {
    const report = await (await ctx.form()).act([set('field.name', 'x')])

    assert.equal(report.context['field.name']?.value, 'x')
  }),

  hardening('H-05.23', 'actions must be a list', async (ctx) => {
    const session = await ctx.form()
    for (const actions of [null, {}, 'set', 5, true]) {
      const body = JSON.stringify({ actions })
      refused(await session.agent({ path: session.created.actionUrl, body }), 400, 'actions must be an array')
    }
  }),

  hardening('H-05.24', 'intervalMs must be a number', async (ctx) => {
    const session = await ctx.form()
    for (const intervalMs of ['a', '300', [], {}, true]) {
      const body = JSON.stringify({ actions: [set('a', 1)], intervalMs })
      refused(
        await session.agent({ path: session.created.actionUrl, body }),
        400,
        'intervalMs must be a number',
      )
    }
    assert.deepEqual((await session.context()).context, {})
  }),
]

const defaultMode = [
  base('H-05.30', 'default mode: no locks, no types, no provenance', async (ctx) => {
    const session = await ctx.session({ context: { a: 'typed by me' } })
    await session.edit('b', 'typed later')
    const report = await session.act([set('a', 1), set('b', null)])

    assert.deepEqual(report.applied, ['a', 'b'])
    assert.deepEqual((await session.context()).data, { a: 1, b: null })
  }),

  base('H-05.31', 'default mode: an absent type means set', async (ctx) => {
    const report = await (await ctx.session()).act([{ key: 'a', value: 1 }])

    assert.deepEqual(report.applied, ['a'])
  }),

  base('H-05.32', 'default mode: another type is an error that names it', async (ctx) => {
    const action = { type: 'call', key: 'a', value: 1 }
    const report = await (await ctx.session()).act([action])

    assert.deepEqual(report.errors, [{ action, msg: 'unsupported action type: call' }])
    assert.deepEqual(report.applied, [])
  }),

  base('H-05.33', 'default mode: the answer has neither missing nor context', async (ctx) => {
    const report = await (await ctx.session()).act([set('a', 1)])

    hasMembers(report, ['ok', 'applied', 'rejected', 'errors', 'broadcast'])
    assert.ok(!Object.hasOwn(report, 'missing') && !Object.hasOwn(report, 'context'))
  }),

  base('H-05.34', 'default mode: hooks veto and throw as in a form', async (ctx) => {
    await ctx.needHooks()
    const report = await (await ctx.session()).act([set('vetoed', 1), set('throwing', 1), set('a', 1)])

    assert.deepEqual(report.applied, ['a'])
    assert.deepEqual(report.rejected, ['vetoed', 'throwing'])
    assert.deepEqual(report.errors, [{ key: 'throwing', msg: 'boom' }])
  }),

  hardening('H-05.35', 'default mode: elements and keys are checked as in a form', async (ctx) => {
    const session = await ctx.session()
    const report = await session.act([
      5,
      { key: '__proto__', value: 1 },
      { key: ['a'] },
      set('a', 'x'.repeat(70_000)),
    ])

    assert.deepEqual(
      report.errors.map(({ msg }) => msg),
      ['action must be an object', 'invalid key', 'invalid key', 'value too large'],
    )
    assert.deepEqual((await session.context()).data, {})
  }),
]

export const actionChecks = [...formRows, ...batches, ...defaultMode]
