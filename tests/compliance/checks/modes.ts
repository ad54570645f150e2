// H-36 which modes protect, H-33 the audit trail, H-38 two nodes.
import assert from 'node:assert/strict'
import { type Context, hardening, needSecond, poll } from '../core/check.js'
import { isObject, ok, refused } from '../core/expect.js'
import { set, type TestSession } from '../core/session.js'

const schema = [{ key: 'mine', type: 'string' }]
const context = { mine: 'typed by me' }

async function assertProtects(session: TestSession, mode: string): Promise<void> {
  const report = await session.act([set('mine', 'taken over')])

  assert.deepEqual(report.rejected, ['mine'])
  const view = await session.context()
  assert.equal(view.mode, mode)
  assert.equal(view.context.mine?.by, 'user')
}

/** Audit records, wherever the answer keeps its list. */
function recordsIn(json: unknown): unknown[] {
  const lists = isObject(json) ? Object.values(json).filter(Array.isArray) : [json].filter(Array.isArray)
  assert.equal(lists.length, 1, 'an audit answer has one list')
  return lists[0] ?? []
}

const auditOf = (ctx: Context, { sid }: TestSession, headers: Record<string, string>) =>
  ctx.send({ path: `/handshake/audit/${sid}`, headers })

export const modeChecks = [
  hardening('H-36.1', 'fill-form is a form under its own name', async (ctx) => {
    await assertProtects(await ctx.session({ mode: 'fill-form', schema, context }), 'fill-form')
    await assertProtects(await ctx.session({ mode: 'fill-form', context }), 'fill-form')
  }),

  hardening('H-36.2', 'an unknown mode with a schema is a form under its own name', async (ctx) => {
    await assertProtects(await ctx.session({ mode: 'checkout', schema, context }), 'checkout')
  }),

  hardening('H-33.1', 'each step leaves a record, and none holds a secret', async (ctx) => {
    const session = await ctx.form()
    await session.context()
    await session.act([set('a', 1), set('b', 2)])
    await session.edit('a', 3)
    ok(await session.extend({ extraSeconds: 1 }))
    refused(await auditOf(ctx, session, { 'X-Handshake-Token': 'wrong' }), 403, 'browser auth failed')
    await ctx.send({ path: session.created.contextUrl, headers: { 'X-Handshake-Token': 'wrong' } })
    const claimed = await session.agent({ path: `/handshake/session/${session.sid}/claim`, body: '{}' })
    const { agentToken } = ok<{ agentToken: string }>(claimed)

    const page = { 'X-Handshake-Browser-Key': session.browserKey }
    // create, read, two actions, edit, extension, refusal, claim
    const answer = await poll(
      () => auditOf(ctx, session, page),
      ({ json }) => recordsIn(json).length >= 8,
    )
    assert.equal(answer.status, 200, answer.text)
    assert.ok(recordsIn(answer.json).length >= 8, answer.text)
    for (const secret of [session.token, session.browserKey, agentToken])
      assert.ok(!answer.text.includes(secret))
  }),

  hardening('H-33.2', 'the records are not for the agent, nor for another page', async (ctx) => {
    const [session, other] = [await ctx.form(), await ctx.form()]

    refused(await auditOf(ctx, session, {}), 403, 'browser auth failed')
    refused(await auditOf(ctx, session, { 'X-Handshake-Token': session.token }), 403, 'browser auth failed')
    refused(
      await auditOf(ctx, session, { 'X-Handshake-Browser-Key': other.browserKey }),
      403,
      'browser auth failed',
    )
  }),

  hardening('H-33.3', 'each record says when, what and who', async (ctx) => {
    const session = await ctx.form()
    await session.edit('a', 3)
    const page = { 'X-Handshake-Browser-Key': session.browserKey }
    const answer = await poll(
      () => auditOf(ctx, session, page),
      ({ json }) => recordsIn(json).length >= 2,
    )

    for (const record of recordsIn(answer.json)) {
      assert.ok(isObject(record), JSON.stringify(record))
      const { at, kind, actor } = record
      assert.ok(typeof at === 'string' && typeof kind === 'string' && isObject(actor), JSON.stringify(record))
      assert.match(String(actor.kind), /^(agent|browser|server)$/)
    }
  }),

  hardening('H-38.1', 'an action on one node is pushed to a socket on the other', async (ctx) => {
    const second = needSecond(ctx)
    const session = await ctx.form()
    const line = await ctx.line(`${session.created.wsUrl}?token=${session.token}`, {}, second)
    await line.next('connected')
    await session.act([set('a', 1)], { stream: true })
    await line.next('done')

    assert.deepEqual(line.types(), ['connected', 'action', 'done'])
  }),

  hardening('H-38.2', 'two nodes share the rate limit', async (ctx) => {
    const second = needSecond(ctx)
    const session = await ctx.form()
    const headers = { 'X-Handshake-Token': session.token }
    let refusals = 0
    for (let n = 0; n < 80; n++) {
      const answer = await ctx.send(
        { path: session.created.contextUrl, headers },
        n % 2 === 0 ? ctx.url : second,
      )
      if (answer.status === 429) refusals++
    }

    // Counts cross between nodes a moment later, so a few calls above the limit may pass.
    assert.ok(refusals >= 15, `${refusals} refusals of 80 calls`)
  }),
]
