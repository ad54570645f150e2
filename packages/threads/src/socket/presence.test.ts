import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { people } from '../plane.test.support.js'
import { openDoor, type Peer, type Transport } from './door.test.support.js'

async function openRoom(presence = true) {
  const door = await openDoor({ presence })
  const room = await door.room({ members: [people.bob!] })
  /** What rooms of other nodes would tell. */
  const tell = (word: object) =>
    door.ground.log.signal(`thread:${room}`, JSON.stringify({ changed: 'presence', ...word }))
  return { ...door, room, tell }
}

const sets = (peer: Peer): string[][] => peer.of('presence:updated').map(({ online }) => online)

/** Waits until the newest set is this one. */
const untilOnline = (peer: Peer, ...ids: string[]) =>
  eventually(() => JSON.stringify(sets(peer).at(-1)) === JSON.stringify(ids))

describe.each<Transport>(['websocket', 'polling'])('over %s', (transport) => {
  // proves: threads.t37
  test('who comes and who is here learns who is online, counted by sockets', async () => {
    const { connect, room } = await openRoom()
    const [alice, phone, bob] = [
      await connect('alice', { transport }),
      await connect('alice', { transport }),
      await connect('bob', { transport }),
    ]

    await alice.join(room)
    await untilOnline(alice, 'u_alice')
    await phone.join(room)
    await untilOnline(phone, 'u_alice')
    await bob.join(room)
    for (const peer of [alice, phone, bob]) await untilOnline(peer, 'u_alice', 'u_bob')
    phone.socket.disconnect()
    await bob.ask('thread:leave', { thread_id: room })
    await untilOnline(alice, 'u_alice')

    expect(sets(alice)).toEqual([['u_alice'], ['u_alice', 'u_bob'], ['u_alice']])
    expect(sets(phone)).toEqual([['u_alice'], ['u_alice', 'u_bob']])
    expect(sets(bob)).toEqual([['u_alice', 'u_bob']])
    expect(alice.of('presence:updated')[0]).toEqual({ thread_id: room, online: ['u_alice'] })
  })
})

test('a socket that joins again is told again, and alone', async () => {
  const { connect, room } = await openRoom()
  const [alice, bob] = [await connect('alice'), await connect('bob')]
  await alice.join(room)
  await bob.join(room)
  await untilOnline(alice, 'u_alice', 'u_bob')

  await bob.join(room)
  await eventually(() => sets(bob).length === 2)

  expect(sets(bob)[1]).toEqual(['u_alice', 'u_bob'])
  expect(sets(alice)).toEqual([['u_alice'], ['u_alice', 'u_bob']])
})

test('who is sent away is online no more', async () => {
  const { connect, call, room } = await openRoom()
  const [alice, bob] = [await connect('alice'), await connect('bob')]
  for (const peer of [alice, bob]) await peer.join(room)
  await untilOnline(alice, 'u_alice', 'u_bob')

  await call('alice', 'DELETE', `/threads/${room}/members/u_bob`)

  await untilOnline(alice, 'u_alice')
  expect(sets(bob)).toEqual([['u_alice', 'u_bob']])
})

test('nothing is told unless the option says so', async () => {
  const { connect, room, send, tell } = await openRoom(false)
  const alice = await connect('alice')
  await alice.join(room)

  tell({ from: 'elsewhere', online: ['u_bob'], asks: true })
  await send('alice', room, 'hi')
  await alice.until('event')
  await alice.join(room)

  expect(alice.names).toEqual(['event message'])
})

describe('rooms of other nodes', () => {
  // proves: threads.t37
  test('count until they say goodbye, or are silent for 45 s', async () => {
    const { connect, clock, room, tell } = await openRoom()
    const alice = await connect('alice')
    await alice.join(room)
    await untilOnline(alice, 'u_alice')

    tell({ from: 'one', online: ['u_bob', 'u_carol'] })
    await untilOnline(alice, 'u_alice', 'u_bob', 'u_carol')
    tell({ from: 'two', online: ['u_bob'] })
    tell({ from: 'one', offline: ['u_bob'] })
    tell({ from: 'one', offline: ['u_carol'] })
    await untilOnline(alice, 'u_alice', 'u_bob')
    await clock.advance(30_000)
    tell({ from: 'two', online: ['u_bob', 'u_dave'] })
    await untilOnline(alice, 'u_alice', 'u_bob', 'u_dave')
    await clock.advance(44_999)
    const { length } = sets(alice)
    await alice.join(room)
    await eventually(() => sets(alice).length > length)
    expect(sets(alice).at(-1)).toEqual(['u_alice', 'u_bob', 'u_dave'])

    await clock.advance(1)

    await untilOnline(alice, 'u_alice')
  })

  test('are told who is here: at once, when they ask, and every 20 s, each time in small words', async () => {
    const { connect, clock, ground, room, tell } = await openRoom()
    const words: { from: string; online?: string[]; offline?: string[]; asks?: boolean }[] = []
    ground.log.tap(`thread:${room}`, {
      signal: (payload) => {
        const { changed, ...word } = JSON.parse(payload)
        if (changed === 'presence' && word.from !== 'other') words.push(word)
      },
    })
    const [alice, bob] = [await connect('alice'), await connect('bob')]
    await alice.join(room)
    await bob.join(room)
    await untilOnline(bob, 'u_alice', 'u_bob')
    const { from } = words[0]!
    const both = { from, online: ['u_alice', 'u_bob'] }
    expect(words.splice(0)).toEqual([
      { from, asks: true },
      { from, online: ['u_alice'] },
      { from, online: ['u_bob'] },
    ])

    tell({ from: 'other', asks: true })
    await eventually(() => words.length === 1)
    await clock.advance(20_000)
    await clock.advance(20_000)
    expect(words.splice(0)).toEqual([both, both, both])

    bob.socket.disconnect()
    await eventually(() => words.length === 1)
    alice.socket.disconnect()
    await eventually(() => words.length === 2)
    expect(words.splice(0)).toEqual([
      { from, offline: ['u_bob'] },
      { from, offline: ['u_alice'] },
    ])
    await clock.advance(60_000)
    expect(words).toEqual([])
  })
})

// One client that joins and leaves as fast as it can would make every push as large as the room, to everybody in it.
test('a client that comes and goes without end sets the pace of nobody', async () => {
  const { connect, clock, room } = await openRoom()
  const [alice, bob] = [await connect('alice'), await connect('bob')]
  await alice.join(room)
  await untilOnline(alice, 'u_alice')

  for (let n = 0; n < 40; n++) {
    await bob.join(room)
    await bob.ask('thread:leave', { thread_id: room })
  }
  await bob.join(room)

  expect(sets(alice).length).toBeLessThanOrEqual(10)
  await clock.advance(5_000)
  await untilOnline(alice, 'u_alice', 'u_bob')
  await untilOnline(bob, 'u_alice', 'u_bob')
})

test('rooms that ask without end are answered at a pace', async () => {
  const { connect, clock, ground, room, tell } = await openRoom()
  const alice = await connect('alice')
  await alice.join(room)
  await untilOnline(alice, 'u_alice')
  let answers = 0
  ground.log.tap(`thread:${room}`, {
    signal: (payload) => {
      if (payload.includes('"online"') && !payload.includes('"asks"')) answers += 1
    },
  })

  for (let n = 0; n < 40; n++) {
    tell({ from: `room ${n}`, asks: true })
    // The room has taken it when it answers this.
    await alice.join(room)
  }

  expect(answers).toBeGreaterThan(0)
  expect(answers).toBeLessThanOrEqual(10)
  await clock.advance(5_000)
  await eventually(() => answers > 10)
})
