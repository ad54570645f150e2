// H-15 more time, H-18 the hooks of the fixture.
import assert from 'node:assert/strict'
import { base, hardening } from '../core/check.js'
import { ok, refused } from '../core/expect.js'
import { set } from '../core/session.js'

interface Extended {
  ok: boolean
  extended: unknown
  expiresIn: number
}

const range = 'extraSeconds must be between 1 and 86400'
/** Some seconds may pass between two requests. */
const about = (actual: number, expected: number) =>
  assert.ok(actual <= expected && actual > expected - 120, `${actual} is not about ${expected}`)

export const extendChecks = [
  base('H-15.1', 'extending adds to the full lifetime, again and again', async (ctx) => {
    const session = await ctx.form()
    const first = ok<Extended>(await session.extend({ extraSeconds: 60 }))
    assert.deepEqual([first.ok, first.extended], [true, 60])
    about(first.expiresIn, 1860)

    const second = ok<Extended>(await session.extend({ extraSeconds: 1800 }))
    about(second.expiresIn, 3660)
    about((await session.context()).expiresIn, 3660)
  }),

  base('H-15.2', 'every socket is told about the extension', async (ctx) => {
    const session = await ctx.form()
    const pages = [await session.page(), await session.page()]
    ok(await session.extend({ extraSeconds: 60 }))

    for (const page of pages) about(Number((await page.next('extended')).expiresIn), 1860)
  }),

  base('H-15.3', 'without a number 1800 seconds are granted', async (ctx) => {
    const session = await ctx.form()
    const path = `/handshake/session/${session.sid}/extend`

    assert.equal(ok<Extended>(await session.agent({ method: 'POST', path, body: '' })).extended, 1800)
    assert.equal(ok<Extended>(await session.extend({})).extended, 1800)
  }),

  base('H-15.4', 'the range is 1 to 86400', async (ctx) => {
    const session = await ctx.form()
    for (const extraSeconds of [0, -1, 86401, 1e9])
      refused(await session.extend({ extraSeconds }), 400, range)

    assert.equal(ok<Extended>(await session.extend({ extraSeconds: 1 })).extended, 1)
    assert.equal(ok<Extended>(await session.extend({ extraSeconds: 86400 })).extended, 86400)
  }),

  base('H-15.5', 'digits as text are accepted and fractions cut off', async (ctx) => {
    const session = await ctx.form()

    assert.equal(ok<Extended>(await session.extend({ extraSeconds: '60' })).extended, 60)
    assert.equal(ok<Extended>(await session.extend({ extraSeconds: 1.9 })).extended, 1)
  }),

  hardening('H-15.6', 'anything else is out of range', async (ctx) => {
    const values = ['x', null, true, [], {}, '', '6e1', '-5', '1.5', ' 60']
    for (const extraSeconds of values) {
      refused(await (await ctx.form()).extend({ extraSeconds }), 400, range)
    }
    refused(await (await ctx.form()).extend({ extraSeconds: 0.5 }), 400, range)
  }),

  hardening('H-15.7', 'a session does not grow beyond a week', async (ctx) => {
    const session = await ctx.form()
    for (let tries = 0; tries < 9; tries++) {
      const answer = await session.extend({ extraSeconds: 86400 })
      if (answer.status !== 200) return refused(answer, 403, 'extension denied by server policy')
      assert.ok(ok<Extended>(answer).expiresIn <= 604_800, answer.text)
    }
    assert.fail('nine days were granted')
  }),

  base('H-18.1', 'a vetoed action writes nothing and is pushed to nobody', async (ctx) => {
    await ctx.needHooks()
    const session = await ctx.form()
    const page = await session.page()
    await session.act([set('vetoed', 1), set('throwing', 2)], { stream: true })
    const done = await page.next('done')

    assert.deepEqual([done.applied, done.rejected], [0, ['vetoed', 'throwing']])
    assert.deepEqual(page.types(), ['connected', 'done'])
    assert.deepEqual((await session.context()).context, {})
    assert.deepEqual((await session.diff()).changes, [])
  }),

  base('H-18.2', 'a hook may cap an extension', async (ctx) => {
    await ctx.needHooks()
    const session = await ctx.form({ meta: { extendCap: 100 } })
    const granted = ok<Extended>(await session.extend({ extraSeconds: 3600 }))

    assert.equal(granted.extended, 100)
    about(granted.expiresIn, 1900)
  }),

  base('H-18.3', 'a hook may refuse an extension', async (ctx) => {
    await ctx.needHooks()
    const session = await ctx.form({ meta: { extendCap: 0 } })

    refused(await session.extend({ extraSeconds: 60 }), 403, 'extension denied by server policy')
    assert.ok((await session.context()).expiresIn <= 1800)
  }),

  base('H-18.4', 'the hook acts only on sessions that ask for it', async (ctx) => {
    await ctx.needHooks()
    assert.equal(ok<Extended>(await (await ctx.form()).extend({ extraSeconds: 3600 })).extended, 3600)
  }),

  base('H-18.5', 'the range is checked before the hook', async (ctx) => {
    await ctx.needHooks()
    const session = await ctx.form({ meta: { extendCap: 0 } })

    refused(await session.extend({ extraSeconds: 0 }), 400, range)
  }),
]
