// H-28 trading the prompt's token for one of the agent's own, H-29 ending a session.
import assert from 'node:assert/strict'
import { type base, type Context, hardening } from '../core/check.js'
import { isObject, ok, refused } from '../core/expect.js'
import type { TestSession } from '../core/session.js'

interface Claimed {
  agentToken: string
  expiresIn: number
}

const claimPath = (session: TestSession) => `/handshake/session/${session.sid}/claim`

const claim = (session: TestSession, body: object = {}) =>
  session.agent({ path: claimPath(session), body: JSON.stringify(body) })

const read = (ctx: Context, session: TestSession, token: string) =>
  ctx.send({ path: session.created.contextUrl, headers: { 'X-Handshake-Token': token } })

const revoke = (session: TestSession) =>
  session.agent({ method: 'DELETE', path: `/handshake/session/${session.sid}` })

const claimChecks = [
  hardening('H-28.1', 'a claim answers a token of the agent’s own, and the old one is spent', async (ctx) => {
    const session = await ctx.form()
    const claimed = ok<Claimed>(await claim(session))

    assert.match(claimed.agentToken, /^[A-Za-z0-9_][A-Za-z0-9_-]{31}$/)
    assert.ok(Number.isInteger(claimed.expiresIn) && claimed.expiresIn <= 1800)
    assert.notEqual(claimed.agentToken, session.token)
    ok(await read(ctx, session, claimed.agentToken))
    refused(await session.agent({ path: session.created.contextUrl }), 403, 'invalid token')
    refused(await session.agent({ path: session.created.actionUrl, body: '{}' }), 403, 'invalid token')
  }),

  hardening('H-28.2', 'a second claim is told that it is late, and the first stays in force', async (ctx) => {
    const session = await ctx.form()
    const { agentToken } = ok<Claimed>(await claim(session))

    refused(await claim(session), 409, 'already claimed')
    ok(await read(ctx, session, agentToken))
  }),

  hardening('H-28.3', 'the page is told, a plain socket is not', async (ctx) => {
    const session = await ctx.form()
    const [page, plain] = [await session.page(), await session.plain()]
    ok(await claim(session, { label: 'my helper' }))

    assert.equal((await page.next('claimed')).type, 'claimed')
    assert.deepEqual(plain.ofType('claimed'), [])
  }),

  hardening('H-28.4', 'after a claim the page still connects with what it was handed out', async (ctx) => {
    const session = await ctx.form()
    ok(await claim(session))
    const page = await session.page()

    assert.equal(page.types()[0], 'connected')
    await session.edit('f', 'still mine')
  }),

  hardening('H-28.5', 'after a claim the old token opens no plain socket', async (ctx) => {
    const session = await ctx.form()
    ok(await claim(session))
    const line = await ctx.line(`/ws/handshake/${session.sid}?token=${session.token}`)

    assert.equal((await line.next('error')).msg, 'invalid token')
    assert.equal(await line.end(), 1000)
  }),

  hardening('H-28.6', 'a claim needs the right credential, not in the query', async (ctx) => {
    const session = await ctx.form()
    const path = claimPath(session)

    refused(await ctx.send({ method: 'POST', path }), 403, 'invalid token')
    refused(
      await ctx.send({ method: 'POST', path, headers: { 'X-Handshake-Token': 'x' } }),
      403,
      'invalid token',
    )
    refused(await ctx.send({ method: 'POST', path: `${path}?token=${session.token}` }), 403, 'invalid token')
    refused(
      await ctx.send({ path, body: JSON.stringify({ code: session.browserKey }) }),
      403,
      'invalid token',
    )
    ok(await session.agent({ path: session.created.contextUrl }))
  }),

  hardening('H-28.7', 'a claim may carry the credential in its body', async (ctx) => {
    const session = await ctx.form()
    const body = JSON.stringify({ code: session.token })

    ok(await read(ctx, session, ok<Claimed>(await ctx.send({ path: claimPath(session), body })).agentToken))
  }),

  hardening('H-28.8', 'of twenty claims at once one succeeds', async (ctx) => {
    const session = await ctx.form()
    const answers = await Promise.all(Array.from({ length: 20 }, () => claim(session)))
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b)

    assert.deepEqual(statuses, [200, ...Array.from({ length: 19 }, () => 409)])
  }),

  hardening('H-28.9', 'a claim of an unknown session is 404', async (ctx) => {
    const path = '/handshake/session/0123456789abcdef0123456789abcdef/claim'

    refused(await ctx.send({ path, body: '{}' }), 404, 'session not found or expired')
  }),

  hardening('H-28.10', 'a nonce must be 22 to 128 url-safe characters', async (ctx) => {
    for (const nonce of ['short', 'x'.repeat(129), `${'x'.repeat(30)} `, 5]) {
      refused(await claim(await ctx.form(), { nonce }), 400, 'nonce must be 22 to 128 url-safe characters')
    }
    ok(await claim(await ctx.form(), { nonce: 'n'.repeat(22) }))
  }),
]

const revokeChecks = [
  hardening('H-29.1', 'the token ends a session, and every door is closed', async (ctx) => {
    const session = await ctx.form()
    const lines = [await session.page(), await session.plain()]

    assert.deepEqual(ok(await revoke(session)), { ok: true, revoked: true })
    for (const line of lines) {
      assert.equal((await line.next('error')).msg, 'session revoked')
      assert.equal(await line.end(), 1000)
    }
    const gone = 'session not found or expired'
    refused(await session.agent({ path: session.created.contextUrl }), 404, gone)
    refused(await ctx.send({ path: session.created.notifyUrl, body: '{"key":"a"}' }), 404, gone)
    refused(await revoke(session), 404, gone)
  }),

  hardening('H-29.2', 'the browser key ends a session, too', async (ctx) => {
    const session = await ctx.form()
    const path = `/handshake/session/${session.sid}`
    const headers = { 'X-Handshake-Browser-Key': session.browserKey }

    assert.deepEqual(ok(await ctx.send({ method: 'DELETE', path, headers })), { ok: true, revoked: true })
    refused(await session.agent({ path: session.created.contextUrl }), 404, 'session not found or expired')
  }),

  hardening('H-29.3', 'nobody else ends a session', async (ctx) => {
    const [session, other] = [await ctx.form(), await ctx.form()]
    const path = `/handshake/session/${session.sid}`
    const credentials = [
      {},
      { 'X-Handshake-Token': other.token },
      { 'X-Handshake-Browser-Key': other.browserKey },
      { 'X-Handshake-Browser-Key': session.token },
    ]
    for (const headers of credentials) refused(await ctx.send({ method: 'DELETE', path, headers }), 403, /./)

    ok(await session.agent({ path: session.created.contextUrl }))
  }),

  hardening(
    'H-29.4',
    'a batch that runs while its session is revoked ends, and writes nothing more',
    async (ctx) => {
      const session = await ctx.form()
      const page = await session.page()
      const actions = Array.from({ length: 5 }, (_, n) => ({ type: 'set', key: `k${n}`, value: n }))
      const body = JSON.stringify({ actions, stream: true, intervalMs: 800 })
      const running = session.agent({ path: session.created.actionUrl, body })
      await page.next('action')
      ok(await revoke(session))

      const answer = await running
      assert.ok(answer.status < 500 && isObject(answer.json), answer.text)
      assert.ok(page.ofType('action').length < 5)
      if (answer.status === 200) assert.ok((answer.json.applied as unknown[]).length < 5, answer.text)
    },
  ),
]

export const claimAndRevokeChecks: ReturnType<typeof base>[] = [...claimChecks, ...revokeChecks]
