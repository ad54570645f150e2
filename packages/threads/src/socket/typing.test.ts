import { eventually } from '@parley/testkit'
import { expect, test } from 'vitest'
import { people } from '../plane.test.support.js'
import { toIsoTime } from '../protocol/index.js'
import { openDoor, type Peer, type Transport } from './door.test.support.js'

async function openRoom() {
  const door = await openDoor()
  const room = await door.room({ members: [people.bob!] })
  const type = (peer: Peer) => peer.ask('typing', { thread_id: room })
  return { ...door, room, type }
}

// proves: threads.t37
test.each<Transport>(['websocket', 'polling'])('who types is told to the room over %s', async (transport) => {
  const { connect, clock, room, type } = await openRoom()
  const [alice, bob] = [await connect('alice', { transport }), await connect('bob', { transport })]
  await alice.join(room)
  await bob.join(room)

  // Joining is not needed to type. A word may be lost: who types says it again.
  const [told] = await eventually(async () => {
    expect(await type(alice)).toEqual({ thread_id: room })
    const seen = bob.of('typing')
    if (seen.length === 0) await clock.advance(3_000)
    return seen.length > 0 && seen
  })

  expect(told).toMatchObject({ thread_id: room, identity_id: 'u_alice' })
  expect(told.until > toIsoTime(clock.micros())).toBe(true)
  expect(told.until <= toIsoTime(clock.micros() + 5_000_000)).toBe(true)
  expect(alice.of('typing')).toEqual([])
})

// proves: threads.t37
test('a thread is told once in three seconds of each who types, whatever comes', async () => {
  const { connect, clock, ground, room, type } = await openRoom()
  const [alice, bob] = [await connect('alice'), await connect('bob')]
  const other = await connect('alice')
  const words: string[] = []
  ground.log.tap(`thread:${room}`, {
    signal: (payload) => {
      const { changed, identity_id } = JSON.parse(payload)
      if (changed === 'typing') words.push(identity_id)
    },
  })

  for (let n = 0; n < 10; n++) await type(alice)
  await type(other)
  expect(words).toEqual(['u_alice'])
  await type(bob)
  await clock.advance(2_999)
  await type(alice)
  expect(words).toEqual(['u_alice', 'u_bob'])
  await clock.advance(1)
  await type(alice)

  expect(words).toEqual(['u_alice', 'u_bob', 'u_alice'])
})

test('typing writes nothing to the log', async () => {
  const { connect, call, room, type } = await openRoom()
  const alice = await connect('alice')
  const { body: before } = await call('alice', 'GET', `/threads/${room}/events`)

  await type(alice)

  expect((await call('alice', 'GET', `/threads/${room}/events`)).body).toEqual(before)
})
