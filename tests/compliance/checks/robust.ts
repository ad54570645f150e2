// H-32 odd input is answered with a JSON error below 500, and H-31 every limit.
import assert from 'node:assert/strict'
import { base, hardening } from '../core/check.js'
import { clip, ok, refused, refusedSomehow } from '../core/expect.js'
import { set, type TestSession } from '../core/session.js'

const create = '/handshake/session'
const malformed: [string, string | Uint8Array][] = [
  ['half an object', '{"a":'],
  ['plain text', 'hello'],
  ['NaN', '{"extraSeconds":NaN,"actions":[{"type":"set","key":"a","value":NaN}],"key":"a"}'],
  ['Infinity', '{"extraSeconds":1,"key":"a","value":-Infinity}'],
  ['two objects', '{}{}'],
  [
    'bytes that are not UTF-8',
    Buffer.from([0x7b, 0x22, 0x6b, 0x65, 0x79, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
  ],
]
const notObjects = ['[1]', '[]', '"text"', '5', 'null', 'true']

/** Every route that reads a body. */
const bodyRoutes = ({ sid, created }: TestSession) => [
  create,
  created.actionUrl,
  created.notifyUrl,
  `/handshake/session/${sid}/extend`,
]

const bodies = [
  ...malformed.map(([what, body], index) =>
    hardening(`H-32.${index + 1}`, `a body of ${what} is malformed JSON on every route`, async (ctx) => {
      const session = await ctx.form()
      for (const path of bodyRoutes(session))
        refused(await session.agent({ path, body }), 400, 'malformed JSON')
      assert.deepEqual((await session.context()).context, {})
    }),
  ),
  ...notObjects.map((body, index) =>
    hardening(`H-32.${index + 10}`, `the body ${body} is refused on every route`, async (ctx) => {
      const session = await ctx.form()
      for (const path of bodyRoutes(session)) {
        refused(await session.agent({ path, body }), 400, 'request body must be a JSON object')
      }
    }),
  ),
]

const routes = [
  hardening('H-32.20', 'an unknown route is a JSON 404', async (ctx) => {
    const paths = [
      '/handshake',
      '/handshake/',
      '/handshake/nowhere',
      '/handshake/context',
      '/handshake/session/x/y/z',
    ]
    for (const path of paths) refused(await ctx.send({ path }), 404, 'not found')
  }),

  hardening('H-32.21', 'a wrong method is a JSON 405 that names the right one', async (ctx) => {
    const { created, sid } = await ctx.form()
    const wrong: [string, string, RegExp][] = [
      ['GET', create, /\bPOST\b/],
      ['PUT', create, /\bPOST\b/],
      ['POST', created.contextUrl, /\bGET\b/],
      ['GET', created.actionUrl, /\bPOST\b/],
      ['DELETE', created.diffUrl, /\bGET\b/],
      ['GET', created.notifyUrl, /\bPOST\b/],
      ['GET', `/handshake/session/${sid}/extend`, /\bPOST\b/],
    ]
    for (const [method, path, allow] of wrong) {
      const answer = await ctx.send({ method, path })
      refused(answer, 405, 'method not allowed')
      assert.match(String(answer.headers.allow), allow)
    }
  }),

  hardening('H-32.22', 'odd session ids are unknown sessions', async (ctx) => {
    const { token } = await ctx.form()
    const headers = { 'X-Handshake-Token': token }
    for (const sid of [
      'x',
      '%00',
      '%ff',
      '%',
      'a%2fb',
      '..%2f..%2fetc',
      "'--",
      '__proto__',
      'a'.repeat(3000),
    ]) {
      const answer = await ctx.send({ path: `/handshake/context/${sid}`, headers })
      refusedSomehow(answer)
    }
  }),

  hardening('H-32.23', 'a list as key harms neither the answer nor the session', async (ctx) => {
    const session = await ctx.form()
    for (const key of [['a'], { a: 1 }, 1, true]) {
      refusedSomehow(
        await ctx.send({ path: session.created.notifyUrl, body: JSON.stringify({ key, value: 1 }) }),
      )
    }
    assert.deepEqual((await session.context()).context, {})
  }),

  hardening('H-32.25', 'a value with a NUL or half a character is kept as it is, or refused', async (ctx) => {
    for (const value of ['a\u0000b', '\ud800', { 'a\u0000': ['\u0000'] }]) {
      const session = await ctx.form()
      const report = await session.act([set('by-agent', value)])
      const edited = await ctx.send({
        path: session.created.notifyUrl,
        body: JSON.stringify({ key: 'by-page', value }),
      })
      if (edited.status !== 200) refusedSomehow(edited)

      const { context } = await session.context()
      const kept = [...report.applied, ...(edited.status === 200 ? ['by-page'] : [])].map(String)
      assert.deepEqual(Object.keys(context).sort(), kept.sort())
      for (const key of kept) assert.deepEqual(context[key]?.value, value)
    }
  }),

  hardening('H-32.26', 'a key with a NUL or half a character is kept as it is, or refused', async (ctx) => {
    for (const key of ['a\u0000b', '\u0000', '\ud800']) {
      const session = await ctx.form()
      const report = await session.act([set(key, 1), set('fine', 2)])
      assert.ok(report.applied.includes('fine'))

      const kept = report.applied.map(String)
      assert.deepEqual(Object.keys((await session.context()).context).sort(), kept.sort())
      const body = JSON.stringify({ key, value: 3 })
      const edited = await ctx.send({ path: session.created.notifyUrl, body })
      if (edited.status !== 200) refusedSomehow(edited)
      const schema = await ctx.send({
        path: create,
        body: JSON.stringify({ mode: 'form-fill', schema: [{ key }] }),
      })
      if (schema.status !== 200) refusedSomehow(schema)
    }
  }),

  hardening(
    'H-32.27',
    'a request with an impossible Host is refused in the usual shape, or answered',
    async (ctx) => {
      const session = await ctx.form()
      for (const Host of ['a b', '[', 'x:y:z']) {
        const answer = await session.agent({ path: session.created.contextUrl, headers: { Host } })
        if (answer.status !== 200) refusedSomehow(answer)
      }
    },
  ),

  hardening(
    'H-32.28',
    'default mode: an action type that is no text is an error like any other',
    async (ctx) => {
      const session = await ctx.session()
      const types: unknown[] = [{ toString: 1 }, { a: 1 }, ['x'], 5, true]
      const report = await session.act(types.map((type) => ({ type, key: 'a', value: 1 })))

      assert.equal(report.errors.length, types.length)
      for (const { msg } of report.errors) assert.match(msg, /^unsupported action type: /)
    },
  ),

  base('H-32.24', 'an error body is a JSON object with the text in error', async (ctx) => {
    const { created } = await ctx.form()

    refused(await ctx.send({ path: created.contextUrl }), 403, 'invalid token')
    refused(await ctx.send({ path: '/handshake/context/none' }), 404, 'session not found or expired')
  }),
]

const limits = [
  hardening('H-31.1', 'a body over 256 KiB is 413, with a length and without one', async (ctx) => {
    const session = await ctx.form()
    const body = JSON.stringify({ key: 'a', value: 'x', padding: ' '.repeat(300_000) })
    for (const path of bodyRoutes(session)) {
      for (const chunked of [false, true]) {
        refused(await session.agent({ path, body, chunked }), 413, 'request body too large')
      }
    }
    await session.edit('a', 1)
  }),

  hardening('H-31.2', 'a body just below the limit is taken', async (ctx) => {
    const body = JSON.stringify({ mode: 'form-fill', padding: ' '.repeat(255_000) })

    ok(await ctx.send({ path: create, body }))
  }),

  hardening('H-31.3', 'a value up to 64 KiB is taken, a larger one not', async (ctx) => {
    const session = await ctx.form()
    const report = await session.act([set('fits', 'x'.repeat(60_000)), set('big', 'x'.repeat(66_000))])

    assert.deepEqual(report.applied, ['fits'])
    assert.deepEqual(report.errors, [{ key: 'big', msg: 'value too large' }])
  }),

  hardening('H-31.4', 'depth is limited, and a very deep body harms nobody', async (ctx) => {
    const session = await ctx.form()
    const deep = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown
    const report = await session.act([set('fits', deep(30)), set('deep', deep(34))])
    assert.deepEqual([report.applied, report.errors], [['fits'], [{ key: 'deep', msg: 'value too deep' }]])

    for (const path of bodyRoutes(session)) {
      const body = `{"key":"k","value":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
      const { status, text } = await session.agent({ path, body })
      assert.ok(status < 500, `${path}: ${status} ${clip(text)}`)
    }
    assert.deepEqual(Object.keys((await session.context()).context), ['fits'])
  }),

  hardening('H-31.5', 'keys have up to 256 characters', async (ctx) => {
    const report = await (await ctx.form()).act([set('k'.repeat(256), 1), set('k'.repeat(257), 1)])

    assert.deepEqual(report.applied, ['k'.repeat(256)])
    assert.equal(report.errors[0]?.msg, 'invalid key')
  }),

  hardening(
    'H-31.6',
    'a session holds 1000 keys; more are refused, old ones may still change',
    async (ctx) => {
      const session = await ctx.form()
      for (const half of [0, 500]) {
        const actions = Array.from({ length: 500 }, (_, n) => set(`k${half + n}`, n))
        assert.equal((await session.act(actions)).applied.length, 500)
      }
      const report = await session.act([set('one-more', 1), set('k7', 'changed')])

      assert.deepEqual(report.errors, [{ key: 'one-more', msg: 'too many keys' }])
      assert.deepEqual(report.applied, ['k7'])
    },
  ),

  hardening('H-31.7', 'a batch has at most 500 actions; a larger one applies nothing', async (ctx) => {
    const session = await ctx.form()
    const actions = Array.from({ length: 501 }, (_, n) => set(`k${n}`, n))
    const body = JSON.stringify({ actions, stream: false })

    refused(await session.agent({ path: session.created.actionUrl, body }), 400, 'too many actions')
    assert.deepEqual((await session.context()).context, {})
  }),

  hardening('H-31.8', 'a schema has at most 500 fields', async (ctx) => {
    const schema = Array.from({ length: 501 }, (_, n) => ({ key: `k${n}` }))
    ok(await ctx.send({ path: create, body: JSON.stringify({ schema: schema.slice(1) }) }))

    refusedSomehow(await ctx.send({ path: create, body: JSON.stringify({ schema }) }))
  }),

  hardening('H-31.9', 'reserved names are no keys anywhere', async (ctx) => {
    const session = await ctx.form()
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      refusedSomehow(
        await ctx.send({ path: session.created.notifyUrl, body: `{"key":"${key}","value":{"x":1}}` }),
      )
      refusedSomehow(
        await ctx.send({ path: create, body: `{"mode":"form-fill","context":{"${key}":{"x":1}}}` }),
      )
    }
    assert.deepEqual((await session.context()).context, {})
  }),

  hardening('H-31.10', 'the limits hold for what the page sends, too', async (ctx) => {
    const session = await ctx.form()
    const values = [JSON.stringify('x'.repeat(70_000)), '['.repeat(40) + ']'.repeat(40)]
    for (const value of values) {
      refusedSomehow(
        await ctx.send({ path: session.created.notifyUrl, body: `{"key":"f","value":${value}}` }),
      )
      refusedSomehow(await ctx.send({ path: create, body: `{"mode":"form-fill","context":{"f":${value}}}` }))
    }
    const key = 'k'.repeat(257)
    refusedSomehow(
      await ctx.send({ path: session.created.notifyUrl, body: JSON.stringify({ key, value: 1 }) }),
    )
    assert.deepEqual((await session.context()).context, {})
  }),

  hardening('H-31.11', 'creation holds no more than 1000 keys', async (ctx) => {
    const context = Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`k${n}`, n]))

    refusedSomehow(await ctx.send({ path: create, body: JSON.stringify({ mode: 'form-fill', context }) }))
  }),
]

export const robustChecks = [...bodies, ...routes, ...limits]
