// Sockets of one node and events of another.
import type { Ground } from '@parley/kernel/ground'
import { eventually, nodePairs, testGrounds } from '@parley/testkit'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { openDoors } from '../plane-doors.test.support.js'
import { Peer } from './peer.test.support.js'

const { pairs, close } = await nodePairs()
afterAll(close)

type Opened = { nodes: readonly Ground[]; close(): Promise<void> }
type Kind = { bus: string; open(): Promise<Opened> }

/** Two doors of one process. */
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
    const opened = await open()
    onTestFinished(opened.close)
    const [here, there] = await Promise.all(opened.nodes.map((ground) => openDoors({ ground })))
    for (const doors of [here!, there!]) await doors.session('s1')
    return { here: here!, there: there!, url: `ws://${await there!.listen()}/ws` }
  }

  // proves: sessions.s40
  test('show whoever watches a session, or all, everything once and in order, and its end last', async () => {
    const { here, url } = await openPair()
    const one = await Peer.open(url)
    const all = await Peer.open(url)
    await here.appendMany('s1', 10)
    await one.subscribe('session:s1')
    await all.subscribe('agents')

    // What this node follows, it learns of by a hint.
    await here.append('s1', 'rpc')
    await eventually(() => one.events.length === 11 && all.events.length > 0)
    await here.appendMany('s1', 500)
    await here.append('s1', 'session.terminated')
    const peers = [one, all]
    await eventually(() => peers.every((peer) => peer.of('session.terminated').length === 1))

    const seqs = (peer: Peer) => peer.of('event').map(({ seq }) => seq as number)
    expect(seqs(one)).toEqual(Array.from({ length: 512 }, (_, index) => index + 1))
    // A hint that came late may show some that were just before; from the first on there is no gap.
    const first = seqs(all)[0]!
    expect(first).toBeLessThanOrEqual(11)
    expect(seqs(all)).toEqual(Array.from({ length: 513 - first }, (_, index) => index + first))
    for (const peer of peers) expect(peer.frames.at(-1)).toMatchObject({ type: 'session.terminated' })
  })

  test('tell of sessions that begin', async () => {
    const { here, there, url } = await openPair()
    const peer = await Peer.open(url)
    await peer.subscribe('agents')
    for (const doors of [here, there]) await doors.session('s2')

    // In real time: signals may be lost.
    await eventually(() => {
      here.announce('s2')
      return peer.of('session.created').length > 0
    })

    expect(peer.of('session.created')[0]).toEqual({ type: 'session.created', sessionId: 's2', agentId: 's2' })
  })
})
