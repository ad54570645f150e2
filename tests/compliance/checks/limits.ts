// H-16 lifetime, H-17 the rate limit.
import assert from 'node:assert/strict'
import { base, type Context, hardening, needShort, pause, poll, timed } from '../core/check.js'
import { ok, refused } from '../core/expect.js'
import type { TestSession } from '../core/session.js'

const gone = 'session not found or expired'

const read = (session: TestSession) => session.agent({ path: session.created.contextUrl })

/** Uses up the session's budget of 60. */
async function exhaust(session: TestSession): Promise<void> {
  for (let n = 0; n < 60; n++) ok(await read(session))
}

/** Asks with a wrong token, which must not keep the session alive, until it is gone. */
async function untilGone(ctx: Context, short: string, session: TestSession): Promise<number> {
  const ask = () =>
    ctx.send({ path: session.created.contextUrl, headers: { 'X-Handshake-Token': 'wrong' } }, short)
  return (await poll(ask, ({ status }) => status === 404)).status
}

export const limitChecks = [
  hardening(
    'H-16.1',
    'a session that nobody authenticated uses ends; failed checks do not keep it',
    async (ctx) => {
      const short = needShort(ctx)
      const session = await ctx.session({ mode: 'form-fill' }, short)

      assert.equal(await untilGone(ctx, short, session), 404)
    },
  ),

  hardening('H-16.2', 'an expired session is answered like an unknown one, on every door', async (ctx) => {
    const short = needShort(ctx)
    const session = await ctx.session({ mode: 'form-fill' }, short)
    await untilGone(ctx, short, session)

    const { created } = session
    refused(await read(session), 404, gone)
    refused(await session.agent({ path: created.diffUrl }), 404, gone)
    refused(await session.agent({ path: created.actionUrl, body: '{}' }), 404, gone)
    refused(await session.extend({}), 404, gone)
    refused(await ctx.send({ path: created.notifyUrl, body: '{"key":"a"}' }, short), 404, gone)
    const line = await ctx.line(`${created.wsUrl}?token=${session.token}`, {}, short)
    assert.equal((await line.next('error')).msg, 'session not found')
    assert.equal(await line.end(), 1000)
  }),

  hardening('H-16.3', 'open sockets do not keep a session and are closed when it ends', async (ctx) => {
    const session = await ctx.session({ mode: 'form-fill' }, needShort(ctx))
    const page = await session.page()

    assert.equal((await page.next('error')).msg, 'session expired')
    assert.equal(await page.end(), 1000)
    refused(await read(session), 404, gone)
  }),

  base('H-16.4', 'the create answer says the configured lifetime', async (ctx) => {
    assert.equal((await ctx.session({}, needShort(ctx))).created.expiresIn, 2)
  }),

  timed(
    base('H-16.5', 'an idle session is 404 after its lifetime', async (ctx) => {
      const session = await ctx.session({ mode: 'form-fill' }, needShort(ctx))
      await pause(4500)

      refused(await read(session), 404, gone)
    }),
  ),

  timed(
    base('H-16.6', 'requests within the lifetime keep a session alive', async (ctx) => {
      const session = await ctx.session({ mode: 'form-fill' }, needShort(ctx))
      for (let n = 0; n < 8; n++) {
        await pause(600)
        ok(await read(session))
      }
    }),
  ),

  base('H-17.1', 'the 61st call within a minute is refused', async (ctx) => {
    const session = await ctx.form()
    await exhaust(session)

    refused(await read(session), 429, 'rate limit exceeded')
  }),

  hardening('H-17.2', 'the refusal says when to come back, in whole seconds', async (ctx) => {
    const session = await ctx.form()
    await exhaust(session)
    const after = (await read(session)).headers['retry-after']

    assert.match(String(after), /^\d+$/)
    assert.ok(Number(after) >= 1 && Number(after) <= 60, String(after))
  }),

  base('H-17.3', 'context, action and diff share one budget', async (ctx) => {
    const session = await ctx.form()
    for (let n = 0; n < 20; n++) {
      ok(await read(session))
      ok(await session.agent({ path: session.created.actionUrl, body: '{}' }))
      ok(await session.agent({ path: session.created.diffUrl }))
    }

    refused(await read(session), 429, 'rate limit exceeded')
    refused(await session.agent({ path: session.created.actionUrl, body: '{}' }), 429, 'rate limit exceeded')
    refused(await session.agent({ path: session.created.diffUrl }), 429, 'rate limit exceeded')
  }),

  base('H-17.4', 'a wrong token on an exhausted session is still 403', async (ctx) => {
    const session = await ctx.form()
    await exhaust(session)
    const headers = { 'X-Handshake-Token': 'wrong' }

    refused(await ctx.send({ path: session.created.contextUrl, headers }), 403, 'invalid token')
  }),

  base('H-17.5', '65 wrong tokens do not use up the budget', async (ctx) => {
    const session = await ctx.form()
    const headers = { 'X-Handshake-Token': 'wrong' }
    for (let n = 0; n < 65; n++) {
      const { status } = await ctx.send({ path: session.created.contextUrl, headers })
      assert.ok(status === 403 || status === 429, String(status))
    }

    await exhaust(session)
    refused(await read(session), 429, 'rate limit exceeded')
  }),

  base('H-17.6', 'extensions, edits and frames are not counted', async (ctx) => {
    const session = await ctx.form()
    const page = await session.page()
    for (let n = 0; n < 5; n++) {
      ok(await session.extend({ extraSeconds: 1 }))
      await session.edit('a', n)
      page.send({ type: 'ping' })
    }

    await exhaust(session)
    ok(await session.extend({ extraSeconds: 1 }))
    await session.edit('a', 'still')
  }),

  base('H-17.7', 'each session has a budget of its own', async (ctx) => {
    const [one, other] = [await ctx.form(), await ctx.form()]
    await exhaust(one)

    ok(await read(other))
  }),

  hardening('H-17.8', 'extensions have a budget of ten a minute', async (ctx) => {
    const session = await ctx.form()
    for (let n = 0; n < 10; n++) ok(await session.extend({ extraSeconds: 1 }))
    const answer = await session.extend({ extraSeconds: 1 })

    refused(answer, 429, 'rate limit exceeded')
    assert.match(String(answer.headers['retry-after']), /^\d+$/)
    ok(await read(session))
  }),

  hardening('H-17.9', 'edits of the page have a budget of 600 a minute', async (ctx) => {
    const session = await ctx.form()
    for (let n = 0; n < 60; n++) {
      await Promise.all(Array.from({ length: 10 }, (_, digit) => session.edit(`k${digit}`, n)))
    }

    const answer = await ctx.send({ path: session.created.notifyUrl, body: '{"key":"k","value":1}' })
    refused(answer, 429, 'rate limit exceeded')
    ok(await read(session))
  }),
]
