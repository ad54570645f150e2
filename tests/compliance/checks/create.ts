// H-01 creating a session, H-45 the shape of tokens, and the answers' headers.
import assert from 'node:assert/strict'
import { base, hardening } from '../core/check.js'
import { hasMembers, isObject, ok, refused } from '../core/expect.js'
import type { Created } from '../core/session.js'

const path = '/handshake/session'
const members = [
  'sessionId',
  'token',
  'wsUrl',
  'contextUrl',
  'actionUrl',
  'diffUrl',
  'notifyUrl',
  'expiresIn',
]

const badBodies: [string, object, string | RegExp][] = [
  ['mode as number', { mode: 7 }, 'mode must be a string'],
  ['mode as list', { mode: ['form-fill'] }, 'mode must be a string'],
  ['schema as object', { schema: {} }, 'schema must be an array'],
  ['schema as text', { schema: 'x' }, 'schema must be an array'],
  ['context as list', { context: [] }, 'context must be an object'],
  ['context as text', { context: 'x' }, 'context must be an object'],
  ['meta as list', { meta: [] }, 'meta must be an object'],
  ['meta as number', { meta: 1 }, 'meta must be an object'],
  ['a field that is no object', { schema: ['name'] }, /^schema field 0: ./],
  ['a field without a key', { schema: [{ type: 'string' }] }, /^schema field 0: ./],
  ['a key that is no text', { schema: [{ key: 'a' }, { key: 5 }] }, /^schema field 1: ./],
  [
    'a type that is no text',
    { schema: [{ key: 'a' }, { key: 'b' }, { key: 'c', type: 7 }] },
    /^schema field 2: ./,
  ],
]

export const createChecks = [
  base('H-01.1', 'an empty object creates a session with the eight members', async (ctx) => {
    const created = ok<Created>(await ctx.send({ path, body: '{}' }))

    hasMembers(created, members)
    assert.match(created.sessionId, /^[0-9a-f]{32}$/)
    assert.match(created.token, /^[A-Za-z0-9_-]{32}$/)
    assert.equal(created.expiresIn, 1800)
  }),

  base('H-01.2', 'the URLs are absolute paths of this session', async (ctx) => {
    const { sid, created } = await ctx.session()

    assert.equal(created.contextUrl, `/handshake/context/${sid}`)
    assert.equal(created.actionUrl, `/handshake/action/${sid}`)
    assert.equal(created.diffUrl, `/handshake/diff/${sid}`)
    assert.ok(created.notifyUrl.startsWith(`/handshake/notify/${sid}`), created.notifyUrl)
    assert.ok(created.wsUrl.startsWith(`/ws/handshake/${sid}`), created.wsUrl)
  }),

  hardening('H-01.3', 'notifyUrl and wsUrl carry one random browser key as last segment', async (ctx) => {
    const [one, other] = [await ctx.session(), await ctx.session()]

    assert.match(one.browserKey, /^[A-Za-z0-9_-]{32}$/)
    assert.equal(one.created.notifyUrl, `/handshake/notify/${one.sid}/${one.browserKey}`)
    assert.equal(one.created.wsUrl, `/ws/handshake/${one.sid}/${one.browserKey}`)
    assert.notEqual(one.browserKey, other.browserKey)
    assert.notEqual(one.browserKey, one.token)
  }),

  hardening('H-01.4', 'the answer has an extendUrl', async (ctx) => {
    const { sid, created } = await ctx.session()

    assert.equal(created.extendUrl, `/handshake/session/${sid}/extend`)
  }),

  base('H-01.5', 'an empty body means an empty object', async (ctx) => {
    const created = ok<Created>(await ctx.send({ method: 'POST', path, body: '' }))
    const context = await ctx.send({
      path: created.contextUrl,
      headers: { 'X-Handshake-Token': created.token },
    })

    assert.equal(ok<{ mode: string }>(context).mode, 'default')
  }),

  base('H-01.6', 'mode null is taken as given and lands on the default handler', async (ctx) => {
    const session = await ctx.session({ mode: null, context: { a: 1 } })

    assert.deepEqual((await session.context()).data, { a: 1 })
  }),

  base('H-01.7', 'the content type of a request is not examined', async (ctx) => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'nonsense']) {
      const headers = { 'Content-Type': type }
      const created = ok<Created>(await ctx.send({ path, headers, body: '{"mode":"form-fill"}' }))
      const answer = await ctx.send({
        path: created.contextUrl,
        headers: { 'X-Handshake-Token': created.token },
      })

      assert.equal(ok<{ mode: string }>(answer).mode, 'form-fill')
    }
  }),

  base('H-01.8', 'meta is echoed in the context and unknown members are ignored', async (ctx) => {
    const meta = { order: 7, nested: { list: [1, null, 'é'] } }
    const session = await ctx.form({ meta, unknown: 'member' })

    assert.deepEqual((await session.context()).meta, meta)
  }),

  base('H-01.9', 'two sessions share neither id nor token', async (ctx) => {
    const [one, other] = [await ctx.session(), await ctx.session()]

    assert.notEqual(one.sid, other.sid)
    assert.notEqual(one.token, other.token)
  }),

  ...badBodies.map(([what, body, text], index) =>
    hardening(`H-01.${index + 10}`, `create refuses ${what}`, async (ctx) => {
      refused(await ctx.send({ path, body: JSON.stringify(body) }), 400, text)
    }),
  ),

  hardening('H-01.30', 'every answer forbids caching, referrers and sniffing', async (ctx) => {
    const session = await ctx.form()
    const answers = [
      await ctx.send({ path, body: '{}' }),
      await session.agent({ path: session.created.contextUrl }),
      await session.agent({ path: session.created.diffUrl }),
      await session.agent({ path: session.created.actionUrl, body: '{}' }),
      await ctx.send({ path: session.created.contextUrl }),
      await ctx.send({ path: '/handshake/nowhere' }),
    ]

    for (const { headers } of answers) {
      assert.match(String(headers['cache-control']), /\bno-store\b/)
      assert.equal(headers['referrer-policy'], 'no-referrer')
      assert.equal(headers['x-content-type-options'], 'nosniff')
    }
  }),

  hardening('H-01.31', 'the well-known document announces revisions and prefixes', async (ctx) => {
    const found = ok(await ctx.send({ path: '/.well-known/handshake-prompt' }))

    assert.deepEqual(found.hpp, ['0.1', '0.2'])
    assert.equal(found.prefix, '/handshake')
    assert.equal(found.wsPrefix, '/ws/handshake')
    assert.ok(Array.isArray(found.features) && found.features.every((name) => typeof name === 'string'))
  }),

  base('H-01.32', 'answers are JSON objects with the JSON content type', async (ctx) => {
    const session = await ctx.form()
    const answers = [
      await ctx.send({ path, body: '{}' }),
      await session.agent({ path: session.created.contextUrl }),
      await session.agent({ path: session.created.actionUrl, body: '{}' }),
      await session.agent({ path: session.created.diffUrl }),
    ]

    for (const { headers, json } of answers) {
      assert.match(String(headers['content-type']), /^application\/json/)
      assert.ok(isObject(json))
    }
  }),

  hardening('H-45.1', 'none of 300 tokens begins with a dash', async (ctx) => {
    const tokens: string[] = []
    for (let round = 0; round < 30; round++) {
      const ten = await Promise.all(Array.from({ length: 10 }, () => ctx.session()))
      tokens.push(...ten.map(({ token }) => token))
    }

    assert.equal(new Set(tokens).size, 300)
    assert.deepEqual(
      tokens.filter((token) => !/^[A-Za-z0-9_][A-Za-z0-9_-]{31}$/.test(token)),
      [],
    )
  }),
]
