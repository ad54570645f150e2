// H-07 the eight cells of the transition table and what follows from them, H-08 locks while a batch runs.
import assert from 'node:assert/strict'
import { base, type Context, poll } from '../core/check.js'
import { ok } from '../core/expect.js'
import { type ActionReport, set, type TestSession } from '../core/session.js'

type Start = 'absent' | 'empty' | 'ai' | 'user' | 'user_edit'

/** A form whose field `f` has this label. */
async function fieldThatIs(start: Start, ctx: Context): Promise<TestSession> {
  const given: Partial<Record<Start, object>> = { empty: { f: '' }, user: { f: 'mine' } }
  const session = await ctx.form({ context: given[start] ?? {} })
  if (start === 'ai' || start === 'user_edit') await session.act([set('f', 'by the agent')])
  if (start === 'user_edit') await session.edit('f', 'changed by me')
  return session
}

async function label(session: TestSession): Promise<[unknown, unknown]> {
  const entry = (await session.context()).context.f
  return [entry?.value, entry?.by]
}

const agentCells: [Start, string][] = [
  ['absent', 'ai'],
  ['empty', 'ai'],
  ['ai', 'ai'],
]
const lockedCells: Start[] = ['user', 'user_edit']
const userCells: [Start, string][] = [
  ['absent', 'user'],
  ['empty', 'user'],
  ['ai', 'user_edit'],
  ['user', 'user'],
  ['user_edit', 'user'],
]

const cells = [
  ...agentCells.map(([start, by], index) =>
    base(`H-07.${index + 1}`, `the agent sets a field that is ${start}: ${by}`, async (ctx) => {
      const session = await fieldThatIs(start, ctx)
      const report = await session.act([set('f', 'new')])

      assert.deepEqual(report.applied, ['f'])
      assert.deepEqual(await label(session), ['new', by])
    }),
  ),
  ...lockedCells.map((start, index) =>
    base(
      `H-07.${index + 4}`,
      `the agent sets a field that is ${start}: rejected, nothing changes`,
      async (ctx) => {
        const session = await fieldThatIs(start, ctx)
        const before = await label(session)
        const report = await session.act([set('f', 'new')])

        assert.deepEqual(report.rejected, ['f'])
        assert.deepEqual(await label(session), before)
      },
    ),
  ),
  ...userCells.map(([start, by], index) =>
    base(`H-07.${index + 6}`, `the user edits a field that is ${start}: ${by}`, async (ctx) => {
      const session = await fieldThatIs(start, ctx)
      await session.edit('f', 'edited')

      assert.deepEqual(await label(session), ['edited', by])
    }),
  ),
]

export const provenanceChecks = [
  ...cells,

  base(
    'H-07.20',
    'a write that does not change the value counts: a new time, a change record',
    async (ctx) => {
      const session = await fieldThatIs('ai', ctx)
      const before = (await session.context()).context.f
      await session.act([set('f', 'by the agent')])
      const after = (await session.context()).context.f

      assert.notEqual(after?.at, before?.at)
      assert.equal((await session.diff()).changes.length, 2)
    },
  ),

  base('H-07.21', 'a field the user has cleared stays locked, and missing when required', async (ctx) => {
    const session = await ctx.form({ schema: [{ key: 'f', required: true }], context: { f: 'mine' } })
    await session.edit('f', '')
    const report = await session.act([set('f', 'x')])

    assert.deepEqual(report.rejected, ['f'])
    assert.deepEqual(report.missing, ['f'])
  }),

  base('H-07.22', 'the agent may blank a field it owns, and it stays its own', async (ctx) => {
    const session = await fieldThatIs('ai', ctx)
    await session.act([set('f', '')])

    assert.deepEqual(await label(session), ['', 'ai'])
    assert.deepEqual((await session.act([set('f', 'again')])).applied, ['f'])
  }),

  base('H-07.23', 'a checkbox reported as false is locked from the start', async (ctx) => {
    const session = await ctx.form({ context: { f: false } })

    assert.deepEqual((await session.act([set('f', true)])).rejected, ['f'])
  }),

  base('H-07.24', 'a user edit over the socket does what notify does', async (ctx) => {
    const session = await fieldThatIs('ai', ctx)
    const page = await session.page()
    page.send({ type: 'userEdit', key: 'f', value: 'over the socket' })

    assert.deepEqual(await settled(session), ['over the socket', 'user_edit'])
  }),

  base(
    'H-08.1',
    'a field edited by notify while a batch runs is rejected when its turn comes',
    async (ctx) => {
      const report = await editDuringBatch(ctx, async (session) => session.edit('c', 'mine'))

      assert.deepEqual([report.applied, report.rejected], [['a', 'b'], ['c']])
      assert.deepEqual([report.context.c?.value, report.context.c?.by], ['mine', 'user'])
    },
  ),

  base(
    'H-08.2',
    'a field edited over the socket while a batch runs is rejected when its turn comes',
    async (ctx) => {
      const report = await editDuringBatch(ctx, async (_, page) =>
        page.send({ type: 'userEdit', key: 'c', value: 'mine' }),
      )

      assert.deepEqual([report.applied, report.rejected], [['a', 'b'], ['c']])
      assert.deepEqual([report.context.c?.value, report.context.c?.by], ['mine', 'user'])
    },
  ),
]

/** Asks until the field is no longer the agent's: a frame over the socket has no answer to wait for. */
function settled(session: TestSession): Promise<[unknown, unknown]> {
  return poll(
    () => label(session),
    ([, by]) => by !== 'ai',
  )
}

type Edit = (session: TestSession, page: Awaited<ReturnType<TestSession['page']>>) => Promise<void>

/** Streams a, b, c with a second between them, and edits as soon as the first is seen. */
async function editDuringBatch(ctx: Context, edit: Edit): Promise<ActionReport> {
  const session = await ctx.form()
  const page = await session.page()
  const actions = [set('a', 1), set('b', 2), set('c', 3)]
  const body = JSON.stringify({ actions, stream: true, intervalMs: 1000 })
  const answer = session.agent({ path: session.created.actionUrl, body })
  await page.next('action')
  await edit(session, page)
  return ok<ActionReport>(await answer)
}
