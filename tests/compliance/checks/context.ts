// H-02 the context of a form, H-03 the context in the default mode, H-04 the token.
import assert from 'node:assert/strict'
import { base, hardening } from '../core/check.js'
import { hasMembers, refused } from '../core/expect.js'

const unknown = '0123456789abcdef0123456789abcdef'

export const contextChecks = [
  base('H-02.1', 'a form answers its seven members', async (ctx) => {
    const schema = [{ key: 'name', type: 'string' }]
    const session = await ctx.form({ schema, context: { name: 'x' } })
    const view = await session.context()

    hasMembers(view, ['sessionId', 'mode', 'schema', 'context', 'missing', 'meta', 'expiresIn'])
    assert.equal(view.sessionId, session.sid)
    assert.equal(view.mode, 'form-fill')
    assert.deepEqual(view.meta, {})
    assert.ok(!Object.hasOwn(view, 'data'), 'a form has no data member')
  }),

  base('H-02.2', 'blank values start as empty, all others as the user’s', async (ctx) => {
    const context = { text: '', none: null, list: [], map: {}, word: 'x', no: false, zero: 0 }
    const view = await (await ctx.form({ context })).context()

    const provenance = Object.entries(view.context).map(([key, entry]) => [key, entry.by])
    assert.deepEqual(Object.fromEntries(provenance), {
      text: 'empty',
      none: 'empty',
      list: 'empty',
      map: 'empty',
      word: 'user',
      no: 'user',
      zero: 'user',
    })
    for (const [key, value] of Object.entries(context)) assert.deepEqual(view.context[key]?.value, value)
  }),

  base('H-02.3', 'missing lists required fields without a value, in schema order', async (ctx) => {
    const field = (key: string, required: unknown = true) => ({ key, type: 'any', required })
    const schema = [
      field('z'),
      field('no'),
      field('a', 1),
      field('opt', false),
      field('zero'),
      field('m', 'yes'),
      field('w'),
    ]
    const view = await (
      await ctx.form({ schema, context: { a: '', no: false, zero: 0, w: 'x', m: [] } })
    ).context()

    assert.deepEqual(view.missing, ['z', 'a', 'm'])
  }),

  base('H-02.4', 'the context lists only keys that were given or written', async (ctx) => {
    const session = await ctx.form({ schema: [{ key: 'a' }, { key: 'b' }], context: { a: 1 } })

    assert.deepEqual(Object.keys((await session.context()).context), ['a'])
  }),

  base('H-02.5', 'the schema comes back as it was sent', async (ctx) => {
    const schema = [
      { key: 'a', type: 'enum', options: [{ value: 1, label: 'one' }], label: 'A', desc: 'd', example: [1] },
      { key: 'b', 'x-own': { deep: [null, true] }, required: true },
    ]
    assert.deepEqual((await (await ctx.form({ schema })).context()).schema, schema)
  }),

  base('H-02.6', 'expiresIn is a whole number within the lifetime', async (ctx) => {
    const { expiresIn } = await (await ctx.form()).context()

    assert.ok(Number.isInteger(expiresIn) && expiresIn <= 1800 && expiresIn > 1500, String(expiresIn))
  }),

  base('H-02.7', 'each entry says when it was written', async (ctx) => {
    const entry = (await (await ctx.form({ context: { a: 1 } })).context()).context.a

    assert.ok(entry && !Number.isNaN(Date.parse(entry.at)), entry?.at)
  }),

  hardening('H-02.8', 'times are UTC with six fraction digits', async (ctx) => {
    const session = await ctx.form({ context: { a: 1 } })
    const entry = (await session.context()).context.a

    assert.match(entry?.at ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
  }),

  base('H-03.1', 'the default mode answers data and nothing of a form', async (ctx) => {
    const session = await ctx.session({ context: { a: 1, b: [2] } })
    const view = await session.context()

    hasMembers(view, ['sessionId', 'mode', 'data', 'meta', 'expiresIn'])
    assert.deepEqual(view.data, { a: 1, b: [2] })
    for (const name of ['context', 'schema', 'missing']) assert.ok(!Object.hasOwn(view, name), name)
  }),

  base('H-03.2', 'the default mode takes data when context is absent or empty', async (ctx) => {
    const absent = await ctx.session({ data: { a: 1 } })
    const empty = await ctx.session({ context: {}, data: { a: 2 } })

    assert.deepEqual((await absent.context()).data, { a: 1 })
    assert.deepEqual((await empty.context()).data, { a: 2 })
  }),

  base('H-03.3', 'context wins over data', async (ctx) => {
    const session = await ctx.session({ context: { a: 1 }, data: { b: 2 } })

    assert.deepEqual((await session.context()).data, { a: 1 })
  }),

  base('H-03.4', 'an unknown mode without a schema is the default mode under its own name', async (ctx) => {
    const view = await (await ctx.session({ mode: 'my-own-mode', context: { a: 1 } })).context()

    assert.equal(view.mode, 'my-own-mode')
    assert.deepEqual(view.data, { a: 1 })
  }),

  base('H-04.1', 'the token is taken from the header or from the query', async (ctx) => {
    const { token, created } = await ctx.form()

    const byHeader = await ctx.send({ path: created.contextUrl, headers: { 'X-Handshake-Token': token } })
    const byQuery = await ctx.send({ path: `${created.contextUrl}?token=${token}` })
    assert.deepEqual([byHeader.status, byQuery.status], [200, 200])
  }),

  base('H-04.2', 'a wrong header wins over a right query', async (ctx) => {
    const { token, created } = await ctx.form()
    const headers = { 'X-Handshake-Token': 'wrong' }

    refused(await ctx.send({ path: `${created.contextUrl}?token=${token}`, headers }), 403, 'invalid token')
  }),

  base('H-04.3', 'a right header wins over a wrong query', async (ctx) => {
    const { token, created } = await ctx.form()
    const headers = { 'X-Handshake-Token': token }

    assert.equal((await ctx.send({ path: `${created.contextUrl}?token=wrong`, headers })).status, 200)
  }),

  base('H-04.4', 'an empty header leaves the query in charge', async (ctx) => {
    const { token, created } = await ctx.form()
    const headers = { 'X-Handshake-Token': '' }

    assert.equal((await ctx.send({ path: `${created.contextUrl}?token=${token}`, headers })).status, 200)
  }),

  base('H-04.5', 'without a token every agent route answers 403', async (ctx) => {
    const session = await ctx.form()
    for (const { method, path } of agentRoutes(session.sid)) {
      refused(await ctx.send({ method, path }), 403, 'invalid token')
    }
  }),

  base('H-04.6', 'with a wrong token every agent route answers 403', async (ctx) => {
    const [session, other] = [await ctx.form(), await ctx.form()]
    for (const token of ['x', other.token, session.token.slice(0, 31), `${session.token}x`]) {
      for (const { method, path } of agentRoutes(session.sid)) {
        refused(
          await ctx.send({ method, path, headers: { 'X-Handshake-Token': token } }),
          403,
          'invalid token',
        )
      }
    }
  }),

  base('H-04.7', 'an unknown session is 404 on every route, whatever the token', async (ctx) => {
    const { token } = await ctx.form()
    const routes = [...agentRoutes(unknown), { method: 'POST', path: `/handshake/notify/${unknown}` }]
    for (const { method, path } of routes) {
      for (const headers of [{}, { 'X-Handshake-Token': token }]) {
        refused(await ctx.send({ method, path, headers }), 404, 'session not found or expired')
      }
    }
  }),

  hardening('H-04.8', 'a token with other letters than ASCII is just invalid', async (ctx) => {
    const { created } = await ctx.form()
    const header = await ctx.send({
      path: created.contextUrl,
      headers: { 'X-Handshake-Token': 'tök\u00e9n' },
    })
    const query = await ctx.send({ path: `${created.contextUrl}?token=${encodeURIComponent('令牌é')}` })
    const broken = await ctx.send({ path: `${created.contextUrl}?token=%ff%fe%` })

    for (const answer of [header, query, broken]) refused(answer, 403, 'invalid token')
  }),

  base('H-04.9', 'a token opens no other session', async (ctx) => {
    const [one, other] = [await ctx.form({ context: { a: 1 } }), await ctx.form()]
    const headers = { 'X-Handshake-Token': other.token }

    refused(await ctx.send({ path: one.created.contextUrl, headers }), 403, 'invalid token')
  }),
]

function agentRoutes(sid: string): { method: string; path: string }[] {
  return [
    { method: 'GET', path: `/handshake/context/${sid}` },
    { method: 'POST', path: `/handshake/action/${sid}` },
    { method: 'GET', path: `/handshake/diff/${sid}` },
    { method: 'POST', path: `/handshake/session/${sid}/extend` },
  ]
}
