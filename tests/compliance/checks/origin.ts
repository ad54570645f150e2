// H-30 which pages may use the doors of the browser.
import assert from 'node:assert/strict'
import { base, type Context, hardening } from '../core/check.js'
import { ok, refused } from '../core/expect.js'
import type { Answer } from '../core/http.js'

const path = '/handshake/session'
const own = (ctx: Context) => new URL(ctx.url).origin

/** Origins that are not the server's, some of them only nearly. */
function strangers(ctx: Context): string[] {
  const { protocol, hostname, port } = new URL(ctx.url)
  const near = [`${own(ctx)}.evil.example`, `${protocol}//${hostname}:${Number(port || 80) + 7}`]
  return [
    'https://evil.example',
    'null',
    ...near,
    `${protocol === 'http:' ? 'https' : 'http'}://${hostname}:1`,
    'x',
  ]
}

const preflight = (ctx: Context, origin: string) =>
  ctx.send({
    method: 'OPTIONS',
    path,
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-type',
    },
  })

const allowOrigin = ({ headers }: Answer) => headers['access-control-allow-origin']

export const originChecks = [
  base(
    'H-30.1',
    'pages of the server itself and callers without an origin may create and edit',
    async (ctx) => {
      for (const headers of [{}, { Origin: own(ctx) }]) {
        const created = ok<{ notifyUrl: string }>(
          await ctx.send({ path, headers, body: '{"mode":"form-fill"}' }),
        )
        ok(await ctx.send({ path: created.notifyUrl, headers, body: '{"key":"a","value":1}' }))
      }
    },
  ),

  base('H-30.2', 'a page of the server itself may open its socket', async (ctx) => {
    const { created, token } = await ctx.form()
    const line = await ctx.line(`${created.wsUrl}?token=${token}`, { headers: { Origin: own(ctx) } })

    await line.next('connected')
  }),

  hardening('H-30.3', 'other origins may not create sessions', async (ctx) => {
    for (const Origin of strangers(ctx)) {
      const answer = await ctx.send({ path, headers: { Origin, 'Content-Type': 'text/plain' }, body: '{}' })
      refused(answer, 403, 'origin not allowed')
      assert.equal(allowOrigin(answer), undefined)
    }
  }),

  hardening('H-30.4', 'other origins may not edit, even with the right key', async (ctx) => {
    const session = await ctx.form()
    for (const Origin of strangers(ctx)) {
      const body = '{"key":"f","value":"forged"}'
      refused(
        await ctx.send({ path: session.created.notifyUrl, headers: { Origin }, body }),
        403,
        'origin not allowed',
      )
    }
    assert.deepEqual((await session.context()).context, {})
  }),

  hardening('H-30.5', 'other origins may not open the socket of the page', async (ctx) => {
    const { created, token } = await ctx.form()
    for (const Origin of strangers(ctx)) {
      const line = await ctx.line(`${created.wsUrl}?token=${token}`, { headers: { Origin } })
      await line.end()
      assert.deepEqual(line.frames, [{ type: 'error', msg: 'origin not allowed' }])
    }
  }),

  hardening('H-30.6', 'a preflight is answered for an allowed origin', async (ctx) => {
    const answer = await preflight(ctx, own(ctx))

    assert.ok(answer.status >= 200 && answer.status < 300, `status ${answer.status}`)
    assert.equal(allowOrigin(answer), own(ctx))
    assert.match(String(answer.headers['access-control-allow-methods']), /\bPOST\b/)
    assert.match(String(answer.headers['access-control-allow-headers']), /content-type/i)
  }),

  hardening('H-30.7', 'a preflight of another origin allows nothing', async (ctx) => {
    for (const origin of strangers(ctx))
      assert.equal(allowOrigin(await preflight(ctx, origin)), undefined, origin)
  }),
]
