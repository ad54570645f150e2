import { eventually } from '@parley/testkit'
import { afterEach, describe, expect, test } from 'vitest'
import { listen, Peer } from '../peer.test.support.js'
import { formOf, type Json, openPlane, type Page, type Plane } from '../plane.test.support.js'

const limits = {
  bodyBytes: 2000,
  valueBytes: 100,
  depth: 3,
  keyChars: 10,
  keys: 3,
  actions: 5,
  fields: 4,
  frameBytes: 500,
  sessions: 3,
}
const deep = [[[['x']]]]
const long = 'x'.repeat(200)

let plane: Plane
let page: Page
async function openSmall(): Promise<void> {
  plane = await openPlane({ limits, rateLimitPerMinute: 1000 })
  page = await plane.create(formOf('a', 'b'))
}

const act = (actions: unknown[]) => plane.act(page, actions, { stream: false })
const set = (key: unknown, value: unknown) => ({ type: 'set', key, value })
const notify = (body: unknown) => plane.call('POST', page.notifyUrl, { body })
const create = (body: unknown) => plane.call('POST', '/handshake/session', { body })

describe('each limit', () => {
  // Whatever was refused: the handshake goes on working, and nothing was reported as a fault.
  afterEach(async () => {
    expect((await act([set('a', 'fine')])).body.applied).toEqual(['a'])
  })

  // proves: handshake.h31
  test.each<[string, unknown, Json]>([
    ['a value too large', set('a', long), { key: 'a', msg: 'value too large' }],
    ['a key too long', set('k'.repeat(11), 1), { action: set('k'.repeat(11), 1), msg: 'invalid key' }],
    ['a reserved key', set('__proto__', 1), { action: expect.anything(), msg: 'invalid key' }],
    ['a key that is no text', set(7, 1), { action: set(7, 1), msg: 'invalid key' }],
    ['an empty key', set('', 1), { action: set('', 1), msg: 'invalid key' }],
    ['a value too deep', set('free', deep), { key: 'free', msg: 'value too deep' }],
  ])('of an action: %s', async (_title, action, error) => {
    await openSmall()

    const { status, body } = await act([action, set('a', 'x')])

    expect([status, body.applied, body.errors]).toEqual([200, ['a'], [error]])
  })

  // proves: handshake.h31
  test('of keys in a handshake, for agents and users alike', async () => {
    await openSmall()

    const { body } = await act([set('c', 1), set('d', 1), set('a', 'x')])
    expect(body).toMatchObject({ applied: ['c', 'a'], errors: [{ key: 'd', msg: 'too many keys' }] })

    const refused = await notify({ key: 'e', value: 1 })
    expect([refused.status, refused.body]).toEqual([400, { error: 'too many keys' }])
    expect((await notify({ key: 'b', value: 'mine' })).status).toBe(200)
  })

  // proves: handshake.h31
  test('of all values together, for agents and users alike', async () => {
    plane = await openPlane({ limits: { ...limits, sessionBytes: 150 }, rateLimitPerMinute: 1000 })
    page = await plane.create(formOf('a', 'b'))
    const half = 'x'.repeat(80)

    const { body } = await act([set('a', half), set('b', half), set('b', 'short')])
    expect(body).toMatchObject({ applied: ['a', 'b'], errors: [{ key: 'b', msg: 'session too large' }] })

    const refused = await notify({ key: 'b', value: half })
    expect([refused.status, refused.body]).toEqual([400, { error: 'session too large' }])
    // What takes the place of a value counts in its stead.
    expect((await act([set('a', half)])).body.applied).toEqual(['a'])

    const plain = await plane.create({ mode: 'default', data: { a: half } })
    expect((await plane.act(plain, [set('b', half)])).body.errors).toEqual([
      { key: 'b', msg: 'session too large' },
    ])
  })

  // proves: handshake.h31
  test('of actions: the whole batch is refused', async () => {
    await openSmall()

    const { status, body } = await act(Array.from({ length: 6 }, () => set('a', 'x')))

    expect([status, body]).toEqual([400, { error: 'too many actions' }])
    expect((await plane.context(page)).body.context.a.by).toBe('empty')
  })

  // proves: handshake.h31
  test.each<[string, unknown, number, string]>([
    ['value', { key: 'a', value: long }, 400, 'value too large'],
    ['depth', { key: 'a', value: deep }, 400, 'value too deep'],
    ['key', { key: 'k'.repeat(11) }, 400, 'invalid key'],
    ['body', { key: 'a', value: 'x'.repeat(2000) }, 413, 'request body too large'],
  ])('of an edit: %s', async (_title, body, status, error) => {
    await openSmall()

    const answer = await notify(body)

    expect([answer.status, answer.body]).toEqual([status, { error }])
  })

  // proves: handshake.h31
  test.each<[string, unknown, number, string]>([
    ['fields', formOf('a', 'b', 'c', 'd', 'e'), 400, 'too many schema fields'],
    ['values', { context: { a: long } }, 400, 'value too large'],
    ['keys', { context: { a: 1, b: 2, c: 3, d: 4 } }, 400, 'too many keys'],
    ['body', { meta: { x: 'x'.repeat(2000) } }, 413, 'request body too large'],
  ])('of creating: %s', async (_title, body, status, error) => {
    await openSmall()

    const answer = await create(body)

    expect([answer.status, answer.body]).toEqual([status, { error }])
  })

  // proves: handshake.h31
  test('of a frame: that socket is closed with 1009', async () => {
    await openSmall()
    const url = await listen(plane.handshake)
    const peer = await Peer.open(url + page.wsUrl)

    peer.send({ type: 'userEdit', key: 'a', value: 'x'.repeat(600) })

    expect(await peer.untilClosed()).toMatchObject({ code: 1009 })
  })

  // proves: handshake.h31
  test('of what an edit over a socket may hold: it is ignored', async () => {
    await openSmall()
    const url = await listen(plane.handshake)
    const peer = await Peer.open(url + page.wsUrl)

    peer.send({ type: 'userEdit', key: 'b', value: long })
    peer.send({ type: 'userEdit', key: 'b', value: deep })
    peer.send({ type: 'userEdit', key: 'b', value: 'mine' })

    await eventually(async () => (await plane.context(page)).body.context.b.value === 'mine', { everyMs: 20 })
    const diff = await plane.call('GET', page.diffUrl, { token: page.token })
    expect(diff.body.changes).toHaveLength(1)
  })

  // proves: handshake.h31
  test('of open handshakes, however many are created at once', async () => {
    await openSmall()

    const answers = await Promise.all(Array.from({ length: 6 }, () => create({})))

    const refused = answers.filter(({ status }) => status === 503)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2)
    expect(refused).toHaveLength(4)
    expect(refused[0]?.body).toEqual({ error: 'too many sessions' })
    expect(refused[0]?.headers.get('retry-after')).toBe('60')
    const [other] = answers.filter(({ status }) => status === 200)
    await plane.call('DELETE', `/handshake/session/${other?.body.sessionId}`, { token: other?.body.token })
    await plane.clock.advance(5000)
    expect((await create({})).status).toBe(200)
  })
})
