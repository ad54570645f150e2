// H-27 what only the page may do: user edits. With the answers of `notify`.
import assert from 'node:assert/strict'
import { base, hardening } from '../core/check.js'
import { ok, refused } from '../core/expect.js'
import { set } from '../core/session.js'

const otherKey = 'A'.repeat(32)
const edit = JSON.stringify({ key: 'f', value: 'forged' })

export const browserKeyChecks = [
  base('H-27.1', 'notify through the handed-out URL takes an edit without a token', async (ctx) => {
    const session = await ctx.form()
    const answer = await ctx.send({ path: session.created.notifyUrl, body: '{"key":"f","value":[1]}' })

    assert.deepEqual(ok(answer), { ok: true })
    assert.deepEqual((await session.context()).context.f?.value, [1])
  }),

  base('H-27.2', 'notify needs a key', async (ctx) => {
    const { created } = await ctx.form()
    for (const body of ['', '{}', '{"value":1}', '{"key":null,"value":1}']) {
      refused(await ctx.send({ method: 'POST', path: created.notifyUrl, body }), 400, 'key is required')
    }
  }),

  base('H-27.3', 'an absent value is null, and values are not held against the schema', async (ctx) => {
    const session = await ctx.form({ schema: [{ key: 'age', type: 'int' }] })
    ok(await ctx.send({ path: session.created.notifyUrl, body: '{"key":"f"}' }))
    await session.edit('age', 'forty-two')

    const { context } = await session.context()
    assert.equal(context.f?.value, null)
    assert.equal(context.age?.value, 'forty-two')
  }),

  base('H-27.4', 'the socket as handed out may edit', async (ctx) => {
    const session = await ctx.form()
    await session.act([set('f', 'by the agent')])
    const page = await session.page()
    page.send({ type: 'userEdit', key: 'f', value: 'mine' })
    await session.edit('marker', 1)

    const locked = async () => (await session.act([set('f', 'again')])).rejected.length === 1
    let tries = 0
    while (!(await locked())) assert.ok(++tries < 40, 'the edit never locked the field')
  }),

  hardening('H-27.5', 'the plain notify path is refused, with and without the token', async (ctx) => {
    const session = await ctx.form()
    const path = `/handshake/notify/${session.sid}`

    refused(await ctx.send({ path, body: edit }), 403, 'browser auth failed')
    refused(await session.agent({ path, body: edit }), 403, 'browser auth failed')
    assert.deepEqual((await session.context()).context, {})
  }),

  hardening('H-27.6', 'a wrong browser key is refused', async (ctx) => {
    const [session, other] = [await ctx.form(), await ctx.form()]
    for (const key of [otherKey, other.browserKey, session.token, `${session.browserKey}x`]) {
      const answer = await ctx.send({ path: `/handshake/notify/${session.sid}/${key}`, body: edit })
      refused(answer, 403, 'browser auth failed')
    }
    assert.deepEqual((await session.context()).context, {})
  }),

  hardening('H-27.7', 'an edit on a plain socket changes nothing and is answered once', async (ctx) => {
    const session = await ctx.form({ context: { f: '' } })
    const line = await session.plain()
    for (let n = 0; n < 3; n++) line.send({ type: 'userEdit', key: 'f', value: 'forged' })
    await line.next('error')
    await session.act([set('g', 1)])
    await line.next('done')

    assert.deepEqual(line.ofType('error'), [{ type: 'error', msg: 'user edits need the browser channel' }])
    assert.equal((await session.context()).context.f?.by, 'empty')
    assert.equal(line.closed, undefined)
  }),

  hardening('H-27.8', 'user edits are not pushed to a plain socket', async (ctx) => {
    const session = await ctx.form()
    const line = await session.plain()
    await session.edit('secret', 'typed by me')
    await session.act([])
    await line.next('done')

    assert.ok(!JSON.stringify(line.frames).includes('secret'), JSON.stringify(line.frames))
  }),

  hardening('H-27.9', 'a socket with a wrong browser key does not open as a page', async (ctx) => {
    const session = await ctx.form()
    const line = await ctx.line(`/ws/handshake/${session.sid}/${otherKey}?token=${session.token}`)

    assert.equal(await line.end(), 1000)
    assert.deepEqual(line.types(), ['error'])
  }),

  hardening('H-27.10', 'the browser key opens no agent route', async (ctx) => {
    const session = await ctx.form()
    const headers = { 'X-Handshake-Token': session.browserKey }

    refused(await ctx.send({ path: session.created.contextUrl, headers }), 403, 'invalid token')
  }),
]
