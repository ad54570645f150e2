// H-09 to H-12 what a batch pushes, H-34 and H-35 batches beside each other.
import assert from 'node:assert/strict'
import { base, hardening, timed } from '../core/check.js'
import { ok } from '../core/expect.js'
import { type ActionReport, set } from '../core/session.js'

const three = [set('a', 1), set('b', 'zwei'), set('c', [3])]
const numbered = (count: number, prefix = 'k') =>
  Array.from({ length: count }, (_, n) => set(`${prefix}${n}`, n))
const elapsedMs = (since: bigint) => Number((process.hrtime.bigint() - since) / 1_000_000n)

export const streamChecks = [
  base('H-09.1', 'a streaming batch pushes each action in order, done last', async (ctx) => {
    const session = await ctx.form()
    const page = await session.page()
    await session.act(three, { stream: true, intervalMs: 20 })
    await page.next('done')

    assert.deepEqual(page.frames.slice(1), [
      { type: 'action', key: 'a', value: 1 },
      { type: 'action', key: 'b', value: 'zwei' },
      { type: 'action', key: 'c', value: [3] },
      { type: 'done', applied: 3, rejected: [], missing: [] },
    ])
  }),

  base('H-09.2', 'the answer comes after done was delivered', async (ctx) => {
    const session = await ctx.form()
    const page = await session.page()
    const report = await session.act(three, { stream: true, intervalMs: 20 })

    assert.equal(report.broadcast.doneMessages, 1)
    assert.equal(report.broadcast.actionMessages, 3)
    await page.next('done')
  }),

  base('H-09.3', 'done lists what was rejected and what is missing', async (ctx) => {
    const schema = [{ key: 'mine' }, { key: 'need', required: true }, { key: 'a', type: 'int' }]
    const session = await ctx.form({ schema, context: { mine: 'x' } })
    const page = await session.page()
    await session.act([set('mine', 'y'), set('a', 'no int'), set('free', 1)], { stream: true })

    const done = await page.next('done')
    assert.deepEqual([done.applied, done.rejected, done.missing], [1, ['mine'], ['need']])
    assert.deepEqual(
      page.ofType('action').map(({ key }) => key),
      ['free'],
    )
  }),

  base('H-09.4', 'streaming is the default', async (ctx) => {
    const session = await ctx.form()
    const page = await session.page()
    const body = JSON.stringify({ actions: [set('a', 1)] })
    ok(await session.agent({ path: session.created.actionUrl, body }))
    await page.next('done')

    assert.deepEqual(page.types(), ['connected', 'action', 'done'])
  }),

  base('H-09.5', 'the first push does not wait for the rest of the batch', async (ctx) => {
    const session = await ctx.form()
    const page = await session.page()
    let answered = false
    const running = session.act(three, { stream: true, intervalMs: 500 }).then(() => {
      answered = true
    })
    await page.next('action')

    assert.equal(answered, false)
    await running
  }),

  timed(
    base('H-09.6', 'three actions at 200 ms come 150 to 400 ms apart', async (ctx) => {
      const session = await ctx.form()
      const page = await session.page()
      const running = session.act(three, { stream: true, intervalMs: 200 })
      const seen: bigint[] = []
      for (const nth of [1, 2, 3]) {
        await page.next('action', nth)
        seen.push(process.hrtime.bigint())
      }
      await running

      for (const at of [1, 2]) {
        const gap = Number((seen[at]! - seen[at - 1]!) / 1_000_000n)
        assert.ok(gap >= 150 && gap <= 400, `gap ${gap} ms`)
      }
    }),
  ),

  base('H-10.1', 'without streaming there is no action frame, only done', async (ctx) => {
    const session = await ctx.form()
    const page = await session.page()
    const report = await session.act(three, { stream: false, intervalMs: 300 })
    const done = await page.next('done')

    assert.deepEqual(page.types(), ['connected', 'done'])
    assert.equal(done.applied, 3)
    assert.equal(report.broadcast.actionMessages, 0)
  }),

  hardening('H-10.2', 'without streaming done carries the written values', async (ctx) => {
    const session = await ctx.form({ context: { mine: 'x' } })
    const page = await session.page()
    await session.act([...three, set('mine', 'y'), set('a', 'last')], { stream: false })

    assert.deepEqual((await page.next('done')).values, { a: 'last', b: 'zwei', c: [3] })
  }),

  hardening('H-10.3', 'with streaming done carries no values', async (ctx) => {
    const session = await ctx.form()
    const page = await session.page()
    await session.act(three, { stream: true })

    assert.ok(!Object.hasOwn(await page.next('done'), 'values'))
  }),

  base('H-11.1', 'the default mode does not wait between pushes', async (ctx) => {
    const [form, other] = [await ctx.form(), await ctx.session()]
    const page = await form.page()
    let formAnswered = false
    const slow = form.act([set('a', 1), set('b', 2)], { stream: true, intervalMs: 1500 }).then(() => {
      formAnswered = true
    })
    await page.next('action')
    await other.act(numbered(5), { stream: true, intervalMs: 2000 })

    // Waiting between five pushes would have taken longer than the whole batch of the form.
    assert.equal(formAnswered, false)
    await slow
  }),

  base(
    'H-11.2',
    'the default mode pushes its actions in order, and done without a missing list of fields',
    async (ctx) => {
      const session = await ctx.session()
      const page = await session.page()
      await session.act(three, { stream: true, intervalMs: 300 })
      const done = await page.next('done')

      assert.deepEqual(
        page.ofType('action').map(({ key }) => key),
        ['a', 'b', 'c'],
      )
      assert.deepEqual([done.applied, done.rejected, done.missing], [3, [], []])
    },
  ),

  timed(
    base('H-11.3', 'five actions at 300 ms in the default mode answer within 250 ms', async (ctx) => {
      const session = await ctx.session()
      const start = process.hrtime.bigint()
      await session.act(numbered(5), { stream: true, intervalMs: 300 })

      assert.ok(elapsedMs(start) < 250, `${elapsedMs(start)} ms`)
    }),
  ),

  base('H-12.1', 'the broadcast block counts clients and deliveries', async (ctx) => {
    const session = await ctx.form()
    const pages = [await session.page(), await session.page()]
    const { broadcast } = await session.act([set('a', 1), set('b', 2)], { stream: true, intervalMs: 10 })

    assert.deepEqual(broadcast, { clients: 2, actionMessages: 4, doneMessages: 2 })
    for (const page of pages) await page.next('done')
  }),

  base('H-12.2', 'with nobody connected the block counts zero', async (ctx) => {
    const { broadcast } = await (await ctx.form()).act([set('a', 1)], { stream: true })

    assert.deepEqual(broadcast, { clients: 0, actionMessages: 0, doneMessages: 0 })
  }),

  base('H-12.3', 'frames go to every socket of the session and to no other', async (ctx) => {
    const [session, stranger] = [await ctx.form(), await ctx.form()]
    const [one, two, other] = [await session.page(), await session.page(), await stranger.page()]
    await session.act([set('a', 1)], { stream: true })
    await stranger.act([], { stream: true })
    for (const line of [one, two, other]) await line.next('done')

    assert.deepEqual(one.frames, two.frames)
    assert.deepEqual(other.types(), ['connected', 'done'])
  }),

  base('H-12.4', 'a socket that has gone away does not hurt the batch', async (ctx) => {
    const session = await ctx.form()
    const [gone, page] = [await session.page(), await session.page()]
    gone.close()
    const report = await session.act(three, { stream: true, intervalMs: 50 })

    assert.deepEqual(report.applied, ['a', 'b', 'c'])
    assert.equal((await page.next('done')).applied, 3)
  }),

  base('H-34.1', 'while a batch is paced, other sessions and reads of this one are answered', async (ctx) => {
    const [session, other] = [await ctx.form(), await ctx.form()]
    const page = await session.page()
    let answered = false
    const running = session.act(numbered(8), { stream: true, intervalMs: 300 }).then(() => {
      answered = true
    })
    await page.next('action')
    await other.context()
    const partly = await session.context()

    assert.equal(answered, false)
    assert.ok(Object.keys(partly.context).length < 8)
    await running
    assert.deepEqual(
      page.ofType('action').map(({ key }) => key),
      numbered(8).map(({ key }) => key),
    )
  }),

  timed(
    hardening('H-34.2', '60 actions at 300 ms answer within 14 s, in order', async (ctx) => {
      const session = await ctx.form()
      const start = process.hrtime.bigint()
      const report = await session.act(numbered(60), { stream: true, intervalMs: 300 })

      assert.deepEqual(
        report.applied,
        numbered(60).map(({ key }) => key),
      )
      assert.ok(elapsedMs(start) < 14_000, `${elapsedMs(start)} ms`)
    }),
  ),

  hardening('H-34.3', 'an interval of hours ends within the deadline of a request', async (ctx) => {
    const session = await ctx.form()
    const report = await session.act(three, { stream: true, intervalMs: 3_600_000 })

    assert.deepEqual(report.applied, ['a', 'b', 'c'])
  }),

  hardening('H-35.1', 'two batches of one session run strictly one after the other', async (ctx) => {
    const session = await ctx.form()
    const page = await session.page()
    const batch = (prefix: string) => session.act(numbered(4, prefix), { stream: true, intervalMs: 60 })
    const reports: ActionReport[] = await Promise.all([batch('x'), batch('y')])
    await page.next('done', 2)

    const order = page.frames.slice(1).map(({ type, key }) => (type === 'action' ? String(key)[0] : type))
    const sorted = order[0] === 'x' ? ['x', 'y'] : ['y', 'x']
    assert.deepEqual(
      order,
      sorted.flatMap((who) => [who, who, who, who, 'done']),
    )
    assert.deepEqual(
      reports.map(({ applied }) => applied.length),
      [4, 4],
    )
  }),
]
