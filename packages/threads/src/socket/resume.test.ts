import { describe, expect, test } from 'vitest'
import { people } from '../plane.test.support.js'
import { openDoor, type Transport, type Wire } from './door.test.support.js'

describe.each<Transport>(['websocket', 'polling'])('over %s', (transport) => {
  // proves: threads.t21
  test('what was missed is replayed strictly after a place, oldest first, and in pieces to the end', async () => {
    const { connect, room, send, call } = await openDoor({ replayCap: 5 })
    const id = await room()
    for (let n = 0; n < 10; n++) await send('alice', id, `${n}`)
    const { items } = (await call('alice', 'GET', `/threads/${id}/events`)).body
    const alice = await connect('alice', { transport })

    const pieces: Wire[] = []
    let since: object = { seq: 0 }
    for (let isTruncated = true; isTruncated; ) {
      const { replayed, replay_truncated } = await alice.join(id, since)
      pieces.push(replayed)
      const { created_at, id: last } = replayed.at(-1)
      since = { created_at, id: last }
      isTruncated = replay_truncated
    }

    expect(pieces.map(({ length }) => length)).toEqual([5, 5, 2])
    expect(pieces.flat()).toEqual(items)
    expect(await alice.join(id, since)).toMatchObject({ replayed: [], replay_truncated: false })
    expect((await alice.join(id, { seq: 7 })).replayed).toEqual(items.slice(7))
    expect(alice.frames).toEqual([])
  })
})

test('a replay is bounded in size, but never empty while something is left', async () => {
  const { connect, room, send } = await openDoor({}, { replayChars: 2_000 })
  const id = await room()
  for (let n = 0; n < 3; n++) await send('alice', id, 'x'.repeat(3_000))
  const alice = await connect('alice')

  const first = await alice.join(id, { seq: 2 })
  const last = await alice.join(id, { seq: 4 })

  expect([first.replayed.length, first.replay_truncated]).toEqual([1, true])
  expect([last.replayed.length, last.replay_truncated]).toEqual([1, false])
})

// proves: threads.t21
test('joining while others write loses nothing, live and replayed taken together', async () => {
  const { connect, room, send } = await openDoor({ replayCap: 500 })
  const id = await room({ members: [people.bob!] })
  const writing = Array.from({ length: 60 }, (_, n) => send('alice', id, `${n}`))
  const peers = await Promise.all(Array.from({ length: 5 }, () => connect('bob')))

  const joins = await Promise.all(peers.map((peer) => peer.join(id, { seq: 0 })))
  await Promise.all(writing)

  for (const [index, peer] of peers.entries()) {
    const replayed: number[] = joins[index].replayed.map(({ seq }: Wire) => seq)
    if (replayed.at(-1)! < 63) await peer.until('event', 63 - replayed.at(-1)!)
    const live = peer.of('event').map(({ seq }) => seq)
    expect([...new Set([...replayed, ...live])]).toEqual(Array.from({ length: 63 }, (_, n) => n + 1))
    expect(live).toEqual([...new Set(live)].toSorted((a, b) => a - b))
  }
})

test('a place that can not be read is refused', async () => {
  const { connect, room } = await openDoor()
  const id = await room()
  const alice = await connect('alice')
  const places = [{}, { id: 'evt_1' }, { created_at: 'now', id: 'evt_1' }, { seq: -1 }, { seq: '1' }]

  for (const place of places)
    expect(await alice.join(id, place)).toMatchObject({ error: { code: 'invalid_request' } })
})

test('who missed what is not kept any more is told so', async () => {
  const { connect, room, send, ground } = await openDoor()
  const id = await room()
  const { seq } = await send('alice', id, 'first')
  await send('alice', id, 'second')
  await ground.log.trim(`thread:${id}`, seq + 1)
  const alice = await connect('alice')

  const early = await alice.join(id, { seq: seq - 1 })
  const late = await alice.join(id, { seq })

  expect(early).toMatchObject({ replay_truncated: false, history_gone: true })
  expect(early.replayed.map((event: { seq: number }) => event.seq)).toEqual([seq + 1])
  expect(late).toEqual({ thread_id: id, replayed: early.replayed, replay_truncated: false })
})
