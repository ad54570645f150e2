// Presence, typing and read marks between two nodes, over each kind of bus.
import type { Ground } from '@parley/kernel/ground'
import { eventually, nodePairs, testGrounds } from '@parley/testkit'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { mount } from '../mounted.test.support.js'
import { openPlane, people } from '../plane.test.support.js'
import type { Peer } from './door.test.support.js'

const { pairs, close } = await nodePairs()
afterAll(close)

type Opened = { nodes: readonly Ground[]; close(): Promise<void> }
type Kind = { bus: string; open(): Promise<Opened> }

/** Two planes of one process: what they tell each other stays in memory. */
const memory: Kind = {
  bus: 'memory',
  open: async () => {
    const [inMemory] = await testGrounds()
    const { ground, close: closeGround } = await inMemory!.open()
    return { nodes: [ground, ground], close: closeGround }
  },
}

describe.each<Kind>([memory, ...pairs])('two nodes over $bus', ({ open }) => {
  const openPair = async () => {
    const { nodes, close: closeNodes } = await open()
    onTestFinished(closeNodes)
    const [a, b] = await Promise.all(nodes.map((ground) => openPlane({ ground, presence: true })))
    const [atA, atB] = await Promise.all([mount(a!.threads), mount(b!.threads)])
    const room = await a!.room({ members: [people.bob!] })
    return { a: a!, b: b!, room, alice: await atA.connect('alice'), bob: await atB.connect('bob') }
  }
  const newest = (peer: Peer): string[] | undefined => peer.of('presence:updated').at(-1)?.online

  const untilBoth = (peer: Peer) => eventually(() => JSON.stringify(newest(peer)) === '["u_alice","u_bob"]')

  // proves: threads.t37
  test('know who is online on both, and that a node has stopped', async () => {
    const { b, room, alice, bob } = await openPair()

    for (const peer of [alice, bob]) await peer.join(room)
    for (const peer of [alice, bob]) await untilBoth(peer)

    await b.threads.stop()
    await eventually(() => JSON.stringify(newest(alice)) === '["u_alice"]')
    expect(newest(bob)).toEqual(['u_alice', 'u_bob'])
  })

  // proves: threads.t37
  test('tell who types and how far members have read', async () => {
    const { a, room, alice, bob } = await openPair()
    for (const peer of [alice, bob]) await peer.join(room)
    // Both hear each other.
    for (const peer of [alice, bob]) await untilBoth(peer)

    const mark = await a.call('alice', 'POST', `/threads/${room}/read`, { seq: 2 })
    // In real time: a word that was lost is said again three seconds later.
    await eventually(async () => {
      await alice.ask('typing', { thread_id: room })
      return bob.of('typing').length > 0
    })

    expect(bob.of('typing')[0]).toMatchObject({ thread_id: room, identity_id: 'u_alice' })
    expect(await bob.until('read:updated')).toEqual([mark.body])
    expect(mark.body).toEqual({ thread_id: room, identity_id: 'u_alice', seq: 2 })
  })
})
