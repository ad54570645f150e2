// H-13 changes since a time, H-14 how much history is kept.
import assert from 'node:assert/strict'
import { base, type Context, hardening } from '../core/check.js'
import { refused } from '../core/expect.js'
import { type Change, set, type TestSession } from '../core/session.js'

const since = (text: string) => `?since=${encodeURIComponent(text)}`
const keys = (changes: readonly Change[]) => changes.map(({ key }) => key)

/** A form with three changes of the agent: a, b, c. */
async function threeChanges(ctx: Context): Promise<{ session: TestSession; changes: Change[] }> {
  const session = await ctx.form({ context: { given: 1 } })
  for (const key of ['a', 'b', 'c']) await session.act([set(key, 1)])
  return { session, changes: (await session.diff()).changes }
}

/** The same instant, written for another place: hours moved, microseconds kept. */
function elsewhere(utc: string, hours: number): string {
  const [, seconds, fraction] = /^(.{19})(\.\d+)Z$/.exec(utc) ?? []
  const moved = new Date(Date.parse(`${seconds}Z`) + hours * 3_600_000).toISOString().slice(0, 19)
  const sign = hours < 0 ? '-' : '+'
  return `${moved}${fraction}${sign}${String(Math.abs(hours)).padStart(2, '0')}:00`
}

export const diffChecks = [
  base('H-13.1', 'changes come oldest first with old and new value', async (ctx) => {
    const session = await ctx.form({ context: { given: 'old', mine: 'x' } })
    await session.act([set('a', 1), set('mine', 'refused')])
    await session.act([set('a', 2)])
    await session.edit('a', 3)
    await session.edit('given', 'new')
    const { changes } = await session.diff()

    assert.deepEqual(
      changes.map(({ key, from, to, by }) => [key, from, to, by]),
      [
        ['a', null, 1, 'ai'],
        ['a', 1, 2, 'ai'],
        ['a', 2, 3, 'user_edit'],
        ['given', 'old', 'new', 'user'],
      ],
    )
  }),

  base('H-13.2', 'the answer names the session and the since it was given', async (ctx) => {
    const { session, changes } = await threeChanges(ctx)
    const at = changes[0]?.at ?? ''

    assert.equal((await session.diff()).since, '')
    assert.equal((await session.diff('?since=')).since, '')
    assert.equal((await session.diff(since(at))).since, at)
    assert.equal((await session.diff()).sessionId, session.sid)
  }),

  base('H-13.3', 'values given at creation make no change record', async (ctx) => {
    assert.deepEqual((await (await ctx.form({ context: { a: 1 } })).diff()).changes, [])
  }),

  base('H-13.4', 'since is strictly later', async (ctx) => {
    const { session, changes } = await threeChanges(ctx)

    assert.deepEqual(keys((await session.diff(since(changes[0]?.at ?? ''))).changes), ['b', 'c'])
    assert.deepEqual(keys((await session.diff(since(changes[2]?.at ?? ''))).changes), [])
  }),

  base('H-13.5', 'an empty since is no since', async (ctx) => {
    const { session } = await threeChanges(ctx)

    assert.deepEqual(keys((await session.diff('?since=')).changes), ['a', 'b', 'c'])
  }),

  base('H-13.6', 'in the default mode the agent is called agent', async (ctx) => {
    const session = await ctx.session()
    await session.act([set('a', 1)])
    await session.edit('a', 2)

    assert.deepEqual(
      (await session.diff()).changes.map(({ by, to }) => [by, to]),
      [
        ['agent', 1],
        ['user', 2],
      ],
    )
  }),

  hardening('H-13.7', 'in the default mode a user edit has its real old value', async (ctx) => {
    const session = await ctx.session({ context: { a: 'old' } })
    await session.edit('a', 'new')

    assert.equal((await session.diff()).changes[0]?.from, 'old')
  }),

  hardening('H-13.8', 'equal instants in other notations give the same answer', async (ctx) => {
    const { session, changes } = await threeChanges(ctx)
    const at = changes[0]?.at ?? ''
    const notations = [
      at.replace('T', ' '),
      at.replace('Z', ''),
      at.replace('Z', '+00:00'),
      at.replace('Z', '-0000'),
      at.replace('Z', '000Z'),
      elsewhere(at, 8),
      elsewhere(at, -5),
      elsewhere(at, 8).replace(/:00$/, '00'),
    ]

    for (const notation of notations) {
      assert.deepEqual(keys((await session.diff(since(notation))).changes), ['b', 'c'], notation)
    }
  }),

  hardening('H-13.9', 'a plus sign that was not escaped still means an offset', async (ctx) => {
    const { session, changes } = await threeChanges(ctx)
    const at = elsewhere(changes[0]?.at ?? '', 8)

    assert.deepEqual(keys((await session.diff(`?since=${at}`)).changes), ['b', 'c'])
    assert.deepEqual(keys((await session.diff(`?since=${at.replace('+', '%20')}`)).changes), ['b', 'c'])
  }),

  hardening('H-13.10', 'a since that is no time is refused', async (ctx) => {
    const { session } = await threeChanges(ctx)
    const bad = [
      'z',
      'yesterday',
      '2026-06-23',
      '1719136920',
      '2026-13-01T00:00:00Z',
      '2026-06-23T25:00:00Z',
      'T',
    ]
    for (const text of [...bad, '2026-06-23T10:22:00.1234567890Z', '2026-06-23T10:22:00+8']) {
      const answer = await session.agent({ path: session.created.diffUrl + since(text) })
      refused(answer, 400, 'since must be an ISO-8601 timestamp')
    }
  }),

  hardening('H-13.11', 'an entry and its change record have one time', async (ctx) => {
    const { session, changes } = await threeChanges(ctx)
    const { context } = await session.context()

    for (const { key, at } of changes) assert.equal(context[key]?.at, at)
  }),

  hardening('H-13.12', 'times strictly increase within a session', async (ctx) => {
    const session = await ctx.form()
    await session.act(Array.from({ length: 40 }, (_, n) => set(`k${n}`, n)))
    const times = (await session.diff()).changes.map(({ at }) => at)

    assert.equal(times.length, 40)
    assert.deepEqual(times, [...new Set(times)].sort())
  }),

  hardening('H-13.13', 'changes are numbered from 1, and sinceSeq wins over since', async (ctx) => {
    const { session, changes } = await threeChanges(ctx)
    const late = encodeURIComponent(changes[2]?.at ?? '')

    assert.deepEqual(
      changes.map(({ seq }) => seq),
      [1, 2, 3],
    )
    assert.deepEqual(keys((await session.diff('?sinceSeq=1')).changes), ['b', 'c'])
    assert.deepEqual(keys((await session.diff(`?sinceSeq=2&since=${late}`)).changes), ['c'])
  }),

  hardening('H-13.14', 'nextSince goes on exactly where the answer ended', async (ctx) => {
    const { session } = await threeChanges(ctx)
    const first = await session.diff()
    assert.equal(typeof first.nextSince, 'string')
    await session.edit('d', 4)

    assert.deepEqual(keys((await session.diff(since(first.nextSince ?? ''))).changes), ['d'])
    assert.equal(first.truncated, false)
  }),

  base(
    'H-14.1',
    'without since the last 50 changes are answered, with since at most 200 are kept',
    async (ctx) => {
      const session = await ctx.form()
      await session.act(Array.from({ length: 205 }, (_, n) => set('k', n)))
      const recent = (await session.diff()).changes
      const kept = (await session.diff(since('2000-01-01T00:00:00'))).changes

      assert.deepEqual(
        recent.map(({ to }) => to),
        Array.from({ length: 50 }, (_, n) => 155 + n),
      )
      assert.deepEqual(
        kept.map(({ to }) => to),
        Array.from({ length: 200 }, (_, n) => 5 + n),
      )
    },
  ),

  hardening('H-14.2', 'an answer says when dropped history may have matched', async (ctx) => {
    const session = await ctx.form()
    await session.act(Array.from({ length: 205 }, (_, n) => set('k', n)))

    const fromTheStart = await session.diff(since('2000-01-01T00:00:00'))
    const recent = await session.diff('?sinceSeq=100')
    assert.equal(fromTheStart.truncated, true)
    assert.deepEqual([recent.truncated, recent.changes.length], [false, 105])
  }),
]
