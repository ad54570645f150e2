import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { listen, Peer } from '../peer.test.support.js'
import { eventsOf, formOf, openPlane, type PlaneOptions, whileTimePasses } from '../plane.test.support.js'

async function openRoom(options: PlaneOptions = {}) {
  const plane = await openPlane(options)
  const url = await listen(plane.handshake)
  const page = await plane.create(formOf('a', 'b'))
  return {
    ...plane,
    url,
    page,
    browser: url + page.wsUrl,
    plain: `${url}/ws/handshake/${page.id}?token=${page.token}`,
  }
}

// proves: handshake.h20
test('an idle socket gets heartbeats and stays; a frame puts the next one off', async () => {
  const plane = await openRoom({ heartbeatSeconds: 10, ttlSeconds: 10_000 })
  const { browser, clock, page } = plane
  const peer = await Peer.open(browser)

  await clock.advance(10_000)
  await peer.until('heartbeat', 1)
  await clock.advance(10_000)
  await peer.until('heartbeat', 2)
  await clock.advance(6000)
  peer.send({ type: 'userEdit', key: 'a', value: 'x' })
  await eventually(async () => (await eventsOf(plane, page)).includes('field.edited a'))
  await clock.advance(9000)
  expect(peer.of('heartbeat')).toHaveLength(2)
  await clock.advance(1000)

  expect(await peer.until('heartbeat', 3)).toEqual({ type: 'heartbeat' })
  expect(peer.closed).toBeUndefined()
})

describe('the end of a handshake', () => {
  // proves: handshake.h29
  test('by revoking closes every socket, with the message', async () => {
    const { browser, plain, page, call } = await openRoom()
    const peers = [await Peer.open(browser), await Peer.open(plain)]

    const revoked = await call('DELETE', `/handshake/session/${page.id}`, { key: page.key })

    expect([revoked.status, revoked.body]).toEqual([200, { ok: true, revoked: true }])
    for (const peer of peers) {
      expect(await peer.untilClosed()).toMatchObject({ code: 1000 })
      expect(peer.frames.at(-1)).toEqual({ type: 'error', msg: 'session revoked' })
    }
    expect((await call('GET', page.contextUrl, { token: page.token })).status).toBe(404)
    expect((await call('DELETE', `/handshake/session/${page.id}`, { token: page.token })).status).toBe(404)
    expect((await Peer.open(browser)).frames).toEqual([{ type: 'error', msg: 'session not found' }])
  })

  test('by expiry closes every socket, though it pings', async () => {
    const { browser, plain, clock } = await openRoom({ ttlSeconds: 10, sweepSeconds: 100_000 })
    const peers = [await Peer.open(browser), await Peer.open(plain)]

    await eventually(async () => {
      peers[0]?.send({ type: 'ping' })
      await clock.advance(500)
      return peers.every((peer) => peer.closed)
    })

    for (const peer of peers) {
      expect(peer.closed).toMatchObject({ code: 1000 })
      expect(peer.frames.at(-1)).toEqual({ type: 'error', msg: 'session expired' })
    }
  })

  test('is put off by edits and extensions', async () => {
    const { browser, clock, page, edit, call } = await openRoom({ ttlSeconds: 10, sweepSeconds: 100_000 })
    const peer = await Peer.open(browser)
    for (let n = 0; n < 5; n++) {
      await clock.advance(8000)
      expect((await edit(page, 'a', n)).status).toBe(200)
    }
    await call('POST', `/handshake/session/${page.id}/extend`, {
      token: page.token,
      body: { extraSeconds: 100 },
    })

    await clock.advance(109_000)

    expect((await edit(page, 'a', 'still there')).status).toBe(200)
    expect(peer.closed).toBeUndefined()
    expect(await peer.until('extended')).toEqual({ type: 'extended', expiresIn: 109 })
  })

  test('by a stop of the server says 1001', async () => {
    const { browser, handshake } = await openRoom()
    const peer = await Peer.open(browser)

    await handshake.stop()

    expect(await peer.untilClosed()).toMatchObject({ code: 1001 })
  })
})

describe('frames', () => {
  // proves: handshake.h09, handshake.h12
  test('of a batch come in order to every socket, behind connected, before the answer', async () => {
    const { browser, plain, page, set, clock } = await openRoom()
    const peers = [await Peer.open(browser), await Peer.open(plain)]

    const { body } = await whileTimePasses(clock, set(page, { a: '1', b: '2' }))

    expect(body.broadcast).toEqual({ clients: 2, actionMessages: 4, doneMessages: 2 })
    for (const peer of peers) {
      await peer.until('done')
      expect(peer.frames.slice(1)).toEqual([
        { type: 'action', key: 'a', value: '1' },
        { type: 'action', key: 'b', value: '2' },
        { type: 'done', applied: 2, rejected: [], missing: [] },
      ])
    }
  })

  // proves: handshake.h10
  test('of a batch that does not stream are one done with its values', async () => {
    const { browser, page, set, edit } = await openRoom()
    const peer = await Peer.open(browser)

    await edit(page, 'b', 'mine')
    await set(page, { a: '1', b: '2' }, { stream: false })
    await peer.until('done')

    expect(peer.frames.slice(1)).toEqual([
      { type: 'done', applied: 1, rejected: ['b'], missing: [], values: { a: '1' } },
    ])
  })

  test('say connected with exactly the members of the contract, and the head only to those who asked', async () => {
    const { browser, plain, page } = await openRoom()
    const seen = { type: 'connected', sessionId: page.id, mode: 'form-fill' }
    const asPage = { sealed: false, claimed: false, frozen: false }

    expect((await Peer.open(browser)).frames).toEqual([{ ...seen, ...asPage }])
    expect((await Peer.open(`${browser}?after=0`)).frames[0]).toEqual({ ...seen, seq: 1, ...asPage })
    expect((await Peer.open(plain)).frames).toEqual([seen])
    expect((await Peer.open(`${plain}&after=0`)).frames[0]).toEqual({ ...seen, seq: 1 })
    expect((await Peer.open(`${browser}?after=x`)).frames).toEqual([{ ...seen, ...asPage }])
  })
})

describe('a socket that comes back with a cursor', () => {
  test('gets exactly what it missed, each frame with its number, then goes on live', async () => {
    const { browser, page, act, edit } = await openRoom()
    const first = await Peer.open(`${browser}?after=0`)
    const set = (key: string, value: string) => act(page, [{ type: 'set', key, value }], { intervalMs: 0 })
    await set('a', '1')
    const { seq } = await first.until('done')
    first.socket.terminate()

    await set('a', '2')
    await edit(page, 'b', 'mine')
    const back = await Peer.open(`${browser}?after=${seq}`)
    await back.until('done')
    await set('a', '3')
    await back.until('done', 2)

    expect(back.frames[0]).toMatchObject({ type: 'connected', seq: seq + 3 })
    expect(back.frames.slice(1)).toEqual([
      { type: 'action', key: 'a', value: '2', seq: seq + 1 },
      { type: 'done', applied: 1, rejected: [], missing: [], seq: seq + 2 },
      // The user's own edit is event seq + 3, and is never pushed.
      { type: 'action', key: 'a', value: '3', seq: seq + 4 },
      { type: 'done', applied: 1, rejected: [], missing: [], seq: seq + 5 },
    ])
  })

  test('is told when what it missed is gone', async () => {
    const { browser, page, act, ground } = await openRoom()
    for (let n = 0; n < 3; n++) await act(page, [{ type: 'set', key: 'a', value: n }], { intervalMs: 0 })
    for (const key of ['a', 'b']) await act(page, [{ type: 'set', key, value: 'x' }], { intervalMs: 0 })
    const head = (await ground.log.last(`handshake:${page.id}`, { limit: 1 }))[0]!.seq
    await ground.log.trim(`handshake:${page.id}`, head)

    const back = await Peer.open(`${browser}?after=1`)
    await back.until('done')

    expect(back.frames.slice(1)).toEqual([
      { type: 'history_gone', seq: head },
      { type: 'done', applied: 1, rejected: [], missing: [], seq: head },
    ])
  })
})

test('hundreds of handshakes with sockets leave no timer behind', async () => {
  const { handshake, clock, create, url } = await openRoom({
    rates: { creations: 10_000 },
    sweepSeconds: 100_000,
  })
  await clock.advance(10_000)
  const before = clock.pending
  for (let round = 0; round < 4; round++) {
    const pages = await Promise.all(Array.from({ length: 50 }, () => create()))
    const peers = await Promise.all(pages.map((page) => Peer.open(url + page.wsUrl)))
    for (const peer of peers) peer.socket.close()
    await Promise.all(peers.map((peer) => peer.untilClosed()))
  }
  await eventually(async () => {
    await clock.advance(5000)
    return clock.pending <= before
  })
  await handshake.stop()
})
