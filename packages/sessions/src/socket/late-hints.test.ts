import { openGround } from '@parley/kernel/ground'
import type { Log } from '@parley/kernel/log'
import { eventually, fakeClock, fakeIds } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { openDoors } from '../plane-doors.test.support.js'
import { Peer } from './peer.test.support.js'

test('a hint that comes after the end of its session repeats nothing to who watches all', async () => {
  const clock = fakeClock()
  const plain = await openGround({ clock, ids: fakeIds() })
  onTestFinished(() => plain.close())
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  async function* followKind(...[kind, options]: Parameters<Log['followKind']>) {
    let seen = 0
    for await (const item of plain.log.followKind(kind, options)) {
      if (++seen === 2) await held
      yield item
    }
  }
  const log = new Proxy(plain.log, {
    get: (target, name) => (name === 'followKind' ? followKind : Reflect.get(target, name)),
  })
  const doors = await openDoors({ clock, ground: { ...plain, log } })
  await doors.session('s1')
  const peer = await Peer.open(`ws://${await doors.listen()}/ws`)
  await peer.subscribe('agents')
  await doors.append('s1', 'rpc')
  await eventually(() => peer.events.length === 1)
  for (let n = 0; n < 5; n++) await doors.append('s1', 'rpc')
  await doors.append('s1', 'session.terminated')
  await eventually(() => peer.of('session.terminated').length === 1)

  release()
  await doors.append('s1', 'error')
  await eventually(() => peer.events.includes('agents 8'))
  await peer.settled()

  expect(peer.events).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((seq) => `agents ${seq}`))
})
