// H-19 refusals over the channel, H-20 heartbeats, H-21 odd frames, and the other ways to send a token.
import assert from 'node:assert/strict'
import { base, type Context, hardening, needShort, poll } from '../core/check.js'
import { set, type TestSession } from '../core/session.js'

const unknown = '0123456789abcdef0123456789abcdef'

async function refusedWith(ctx: Context, path: string, msg: string): Promise<void> {
  const line = await ctx.line(path)

  assert.equal(await line.end(), 1000)
  assert.deepEqual(line.frames, [{ type: 'error', msg }])
}

const quiet: [string, string][] = [
  ['text that is not JSON', 'hello'],
  ['an empty text', ''],
  ['an object of another type', '{"type":"dance","key":"f","value":"x"}'],
  ['an object without a type', '{"key":"f","value":"x"}'],
  ['a ping', '{"type":"ping"}'],
  ['an edit without a key', '{"type":"userEdit","value":"x"}'],
  ['an edit with key null', '{"type":"userEdit","key":null,"value":"x"}'],
]
const dropped: [string, string][] = [
  ['a list', '[1]'],
  ['a number', '7'],
  ['a text', '"userEdit"'],
  ['null', 'null'],
  ['true', 'true'],
]

/** Sends a frame, then an edit, and asserts that the edit is taken on the same connection. */
async function survives(ctx: Context, frame: string): Promise<void> {
  const session = await ctx.form()
  const page = await session.page()
  page.send(frame)
  page.send({ type: 'userEdit', key: 'f', value: 'after' })
  const entry = await poll(
    () => fieldOf(session),
    (found) => found !== undefined,
  )

  assert.deepEqual([entry?.value, entry?.by], ['after', 'user'])
  assert.equal(page.closed, undefined)
  assert.deepEqual(page.types(), ['connected'])
}

const fieldOf = async (session: TestSession) => (await session.context()).context.f

export const socketChecks = [
  base('H-19.1', 'an unknown session: upgrade, one error frame, close 1000', async (ctx) => {
    await refusedWith(ctx, `/ws/handshake/${unknown}?token=x`, 'session not found')
  }),

  base('H-19.2', 'a wrong token: upgrade, one error frame, close 1000', async (ctx) => {
    const [session, other] = [await ctx.form(), await ctx.form()]

    await refusedWith(ctx, `/ws/handshake/${session.sid}?token=wrong`, 'invalid token')
    await refusedWith(ctx, `/ws/handshake/${session.sid}?token=${other.token}`, 'invalid token')
    await refusedWith(ctx, `/ws/handshake/${session.sid}?token=`, 'invalid token')
  }),

  base('H-19.3', 'an absent token: upgrade, one error frame, close 1000', async (ctx) => {
    await refusedWith(ctx, `/ws/handshake/${(await ctx.form()).sid}`, 'invalid token')
  }),

  base('H-19.4', 'the first frame after acceptance is connected', async (ctx) => {
    const session = await ctx.form()
    const [connected] = (await session.page()).frames

    assert.deepEqual(
      [connected?.type, connected?.sessionId, connected?.mode],
      ['connected', session.sid, 'form-fill'],
    )
  }),

  base('H-19.5', 'a socket with the prompt’s token alone follows the session', async (ctx) => {
    const session = await ctx.form()
    const line = await session.plain()
    await session.act([set('a', 1)], { stream: true })
    await line.next('done')

    assert.deepEqual(line.types(), ['connected', 'action', 'done'])
  }),

  base('H-19.6', 'the token is found among other query parameters', async (ctx) => {
    const { sid, token } = await ctx.form()
    const line = await ctx.line(`/ws/handshake/${sid}?v=1&token=${token}&x=2`)

    await line.next('connected')
  }),

  hardening('H-19.7', 'the token may come as the first frame', async (ctx) => {
    const { sid, token } = await ctx.form()
    const line = await ctx.line(`/ws/handshake/${sid}`)
    line.send({ type: 'auth', token })

    await line.next('connected')
  }),

  hardening('H-19.8', 'a wrong token in the first frame is refused', async (ctx) => {
    const line = await ctx.line(`/ws/handshake/${(await ctx.form()).sid}`)
    line.send({ type: 'auth', token: 'wrong' })

    assert.equal((await line.next('error')).msg, 'invalid token')
    assert.equal(await line.end(), 1000)
  }),

  hardening('H-19.9', 'the token may come as a subprotocol', async (ctx) => {
    const { sid, token } = await ctx.form()
    const line = await ctx.line(`/ws/handshake/${sid}`, { protocols: [`hpp.token.${token}`] })

    await line.next('connected')
  }),

  base('H-20.1', 'an idle socket gets heartbeats and stays', async (ctx) => {
    const session = await ctx.session({ mode: 'form-fill' }, needShort(ctx))
    const page = await session.page()
    // Two heartbeats take longer than the session lives without being used.
    await poll(
      () => session.context(),
      () => page.ofType('heartbeat').length >= 2,
    )

    assert.ok(page.ofType('heartbeat').length >= 2, JSON.stringify(page.frames))
    assert.deepEqual(page.ofType('heartbeat')[0], { type: 'heartbeat' })
    await session.act([set('a', 1)], { stream: true })
    await page.next('done')
  }),

  ...quiet.map(([what, frame], index) =>
    base(`H-21.${index + 1}`, `the channel ignores ${what}`, (ctx) => survives(ctx, frame)),
  ),
  ...dropped.map(([what, frame], index) =>
    hardening(`H-21.${index + 10}`, `the channel ignores ${what} without dropping the connection`, (ctx) =>
      survives(ctx, frame),
    ),
  ),

  base('H-21.20', 'an edit over the channel is neither answered nor echoed', async (ctx) => {
    const session = await ctx.form()
    const pages = [await session.page(), await session.page()]
    pages[0]?.send({ type: 'userEdit', key: 'f', value: 'x' })
    await poll(
      () => fieldOf(session),
      (found) => found !== undefined,
    )
    await session.act([])
    for (const page of pages) await page.next('done')

    for (const page of pages) assert.deepEqual(page.types(), ['connected', 'done'])
  }),

  base('H-21.21', 'an edit without a value means null', async (ctx) => {
    const session = await ctx.form()
    await session.act([set('f', 'x')])
    const page = await session.page()
    page.send({ type: 'userEdit', key: 'f' })
    const entry = await poll(
      () => fieldOf(session),
      (found) => found?.by !== 'ai',
    )

    assert.deepEqual([entry?.value, entry?.by], [null, 'user_edit'])
  }),

  hardening('H-21.22', 'a frame over the limit harms only its own connection', async (ctx) => {
    const session = await ctx.form()
    const [large, page] = [await session.page(), await session.page()]
    large.send({ type: 'userEdit', key: 'f', value: 'x'.repeat(80_000) })
    large.send({ type: 'userEdit', key: 'marker', value: 1 })
    // Whether the connection ends or the frame is skipped, the next thing seen is one of these two.
    const handled = async () =>
      large.closed !== undefined || (await session.context()).context.marker !== undefined
    assert.ok(await poll(handled, (seen) => seen))
    await session.act([set('a', 1)], { stream: true })
    await page.next('done')

    assert.equal(await fieldOf(session), undefined)
  }),
]
