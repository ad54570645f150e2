import { eventually, settle } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { listen, Peer } from '../peer.test.support.js'
import { openPlane, type PlaneOptions } from '../plane.test.support.js'

async function openRoom(options: PlaneOptions = {}) {
  const plane = await openPlane(options)
  const url = await listen(plane.handshake)
  const page = await plane.create()
  const plain = `${url}/ws/handshake/${page.id}`
  return { ...plane, url, page, plain, browser: url + page.wsUrl }
}

const refusal = (msg: string) => [{ type: 'error', msg }]

describe('a refused socket is opened, told why, and closed with 1000', () => {
  // proves: handshake.h19
  test('for an unknown session, and an absent or wrong token or key', async () => {
    const { plain, url, page } = await openRoom()

    const unknown = await Peer.open(`${url}/ws/handshake/${'0'.repeat(32)}?token=x`)
    const odd = await Peer.open(`${url}/ws/handshake/%zz?token=x`)
    const wrong = await Peer.open(`${plain}?token=wrong`)
    const foreign = await Peer.open(`${plain}?token=${encodeURIComponent('ключ')}`)
    const wrongKey = await Peer.open(`${plain}/wrong?token=${page.token}`)

    expect(unknown.frames).toEqual(refusal('session not found'))
    expect(odd.frames).toEqual(refusal('session not found'))
    for (const peer of [wrong, foreign, wrongKey]) expect(peer.frames).toEqual(refusal('invalid token'))
    for (const peer of [unknown, odd, wrong, foreign, wrongKey])
      expect(await peer.untilClosed()).toMatchObject({ code: 1000 })
  })

  test('for a page of another origin, on the browser path', async () => {
    const { browser, plain, page } = await openRoom({ allowedOrigins: ['https://ok.example'] })
    const from = (origin: string) => ({ headers: { origin } })

    const evil = await Peer.open(browser, from('https://evil.example'))
    expect(evil.frames).toEqual(refusal('origin not allowed'))
    expect(await evil.untilClosed()).toMatchObject({ code: 1000 })
    expect((await Peer.open(browser, from('https://ok.example'))).types).toEqual(['connected'])
    expect((await Peer.open(browser, from(browser.replace(/^ws(:..[^/]+).*/, 'http$1')))).types).toEqual([
      'connected',
    ])
    expect((await Peer.open(`${plain}?token=${page.token}`)).types).toEqual(['connected'])
  })

  test('a path that is no socket of ours is answered 400', async () => {
    const { url } = await openRoom()

    const peer = await Peer.open(`${url}/ws/elsewhere`)

    expect(peer.frames).toEqual([])
    expect(await peer.untilClosed()).toMatchObject({ code: 1006 })
  })
})

describe('the token of a plain socket', () => {
  test('comes in the query, as a subprotocol, or as the first frame', async () => {
    const { plain, page } = await openRoom()

    const query = await Peer.open(`${plain}?token=${page.token}`)
    const protocol = await Peer.open(plain, { protocols: [`hpp.token.${page.token}`] })
    const frame = new Peer(plain, { protocols: ['hpp.auth'] })
    await eventually(() => frame.socket.readyState === frame.socket.OPEN)
    frame.send({ type: 'auth', token: page.token })

    expect(await frame.until('connected')).toEqual(query.frames[0])
    expect(protocol.frames).toEqual(query.frames)
    expect(query.frames).toEqual([{ type: 'connected', sessionId: page.id, mode: 'default' }])
    expect([protocol.socket.protocol, frame.socket.protocol]).toEqual([`hpp.token.${page.token}`, 'hpp.auth'])
  })

  test.each([
    ['1.5 s without a word', [], 1500],
    ['5 s when it was announced', ['hpp.auth'], 5000],
  ])('may be late by %s', async (_title, protocols, graceMs) => {
    const { plain, clock } = await openRoom()
    const before = clock.pending
    const peer = new Peer(plain, { protocols })
    // The wait for the token is a timer, beside those that every socket has.
    await eventually(() => peer.socket.readyState === peer.socket.OPEN && clock.pending > before)

    await clock.advance(graceMs - 1)
    for (let turn = 0; turn < 20; turn++) await settle()
    expect(peer.frames).toEqual([])
    await clock.advance(1)

    expect(await peer.until('error')).toEqual({ type: 'error', msg: 'invalid token' })
  })

  test('is not any other frame that comes first', async () => {
    const { plain } = await openRoom()
    const peer = new Peer(plain)
    await eventually(() => peer.socket.readyState === peer.socket.OPEN)

    peer.send({ type: 'ping' })

    expect(await peer.until('error')).toEqual({ type: 'error', msg: 'invalid token' })
  })

  test('may have frames on its heels: none is lost', async () => {
    const { plain, page, context } = await openRoom({ plainSocket: 'legacy' })
    const peer = new Peer(plain, { protocols: ['hpp.auth'] })
    await eventually(() => peer.socket.readyState === peer.socket.OPEN)

    peer.send({ type: 'auth', token: page.token })
    for (let n = 0; n < 50; n++) peer.send({ type: 'userEdit', key: `k${n}`, value: n })

    await eventually(async () => Object.keys((await context(page)).body.data).length === 50, { everyMs: 400 })
  })
})

describe('what a socket may do', () => {
  // proves: handshake.h27
  test('a plain one watches, and is told once that it may not edit', async () => {
    const { plain, page, context } = await openRoom()
    const peer = await Peer.open(`${plain}?token=${page.token}`)

    for (let n = 0; n < 3; n++) peer.send({ type: 'userEdit', key: 'a', value: n })
    await peer.until('error')
    peer.send({ type: 'ping' })

    expect((await context(page)).body.data).toEqual({})
    expect(peer.frames.slice(1)).toEqual(refusal('user edits need the browser channel'))
  })

  test('a plain one does nothing where it is denied, and edits where it is as of old', async () => {
    const denied = await openRoom({ plainSocket: 'deny' })
    const peer = await Peer.open(`${denied.plain}?token=${denied.page.token}`)
    expect(await peer.untilClosed()).toMatchObject({ code: 1000 })
    expect(peer.types).toEqual(['error'])

    const legacy = await openRoom({ plainSocket: 'legacy' })
    const old = await Peer.open(`${legacy.plain}?token=${legacy.page.token}`)
    old.send({ type: 'userEdit', key: 'a', value: 1 })
    await eventually(async () => (await legacy.context(legacy.page)).body.data.a === 1, { everyMs: 400 })
  })

  // proves: handshake.h21
  test('a page edits, in the order it sent, and what means nothing is ignored', async () => {
    const { browser, page, context } = await openRoom()
    const peer = await Peer.open(browser)

    for (const text of ['no json', '[1]', '7', 'null', '"x"', '{}', '{"type":"nope"}', '{"type":"userEdit"}'])
      peer.send(text)
    peer.send({ type: 'userEdit', key: null, value: 1 })
    peer.send({ type: 'userEdit', key: '__proto__', value: 1 })
    peer.send({ type: 'userEdit', key: 5, value: 1 })
    for (let n = 1; n <= 100; n++) peer.send({ type: 'userEdit', key: 'name', value: 'x'.repeat(n) })

    await eventually(async () => (await context(page)).body.data.name?.length === 100, { everyMs: 400 })
    expect(Object.keys((await context(page)).body.data)).toEqual(['name'])
    expect([peer.types, peer.closed]).toEqual([['connected'], undefined])
  })

  test('a page that edits too fast is told, and stays', async () => {
    const { browser, page, context } = await openRoom({ rates: { edits: 2 } })
    const peer = await Peer.open(browser)

    for (let n = 1; n <= 3; n++) peer.send({ type: 'userEdit', key: 'a', value: n })

    expect(await peer.until('error')).toEqual({ type: 'error', msg: 'rate limit exceeded' })
    expect((await context(page)).body.data.a).toBe(2)
    expect(peer.closed).toBeUndefined()
  })
})

// proves: handshake.h36.custom
test('a handler of the application gets each parsed frame of a page', async () => {
  const messages: unknown[] = []
  const plane = await openPlane({
    modeHandlers: {
      mine: {
        setupSession: () => {},
        contextResponse: () => ({}),
        processActions: async () => ({ applied: [], rejected: [], errors: [] }),
        processNotify: () => {},
        processWsMessage: async (session, message) => {
          messages.push(message)
          await session.push({ type: 'echo', n: messages.length })
        },
      },
    },
  })
  const url = await listen(plane.handshake)
  const page = await plane.create({ mode: 'mine' })
  const peer = await Peer.open(url + page.wsUrl)

  peer.send({ type: 'hello', a: 1 })
  peer.send('[1]')
  peer.send({ type: 'userEdit', key: 'k', value: 2 })

  expect(await peer.until('echo', 2)).toEqual({ type: 'echo', n: 2 })
  expect(messages).toEqual([
    { type: 'hello', a: 1 },
    { type: 'userEdit', key: 'k', value: 2 },
  ])
})

test('one caller can fill its own share of sockets, and not that of the page', async () => {
  const { plain, page, browser } = await openRoom({ trustedProxies: ['127.0.0.1'] })
  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } })
  const waiting = Array.from({ length: 50 }, () => new Peer(plain, from('192.0.2.9')))
  await eventually(() => waiting.every(({ socket }) => socket.readyState === socket.OPEN))

  const oneTooMany = await Peer.open(`${plain}?token=${page.token}`, from('192.0.2.9'))
  const pageItself = await Peer.open(browser, from('192.0.2.1'))

  expect(await oneTooMany.untilClosed()).toMatchObject({ code: 1013 })
  expect(pageItself.types).toEqual(['connected'])
})
