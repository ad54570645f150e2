import { settle } from '@parley/testkit'
import { expect, test } from 'vitest'
import { openPlane } from '../plane.test.support.js'
import { RoomPresence } from './room-presence.js'
import type { Visitor } from './visitor.js'

async function openPresence() {
  const { ground, clock } = await openPlane()
  const words: string[] = []
  const pushed: unknown[] = []
  ground.log.tap('thread:th_1', { signal: (payload) => words.push(payload) })
  const presence = new RoomPresence({
    deps: { ground },
    threadId: 'th_1',
    push: (_name, ...[payload]) => pushed.push(payload),
  })
  return { clock, words, pushed, presence }
}

// The cast: of a visitor it needs nothing but who it is.
const visitorOf = (id: string) => ({ caller: { identity: { id } } }) as unknown as Visitor

test('a large room is told in words that a bus takes, and a goodbye is said for whoever is left', async () => {
  const { words, pushed, presence } = await openPresence()
  const ids = Array.from({ length: 450 }, (_, n) => `${'\u0001'.repeat(250)}${String(n).padStart(5, '0')}`)

  for (const id of ids) presence.onJoined(visitorOf(id))
  await settle()
  words.length = 0
  presence.onSignal({ changed: 'presence', from: 'other', asks: true })
  await settle()
  expect(words.flatMap((word) => JSON.parse(word).online)).toEqual(ids)
  words.length = 0
  presence.close()

  expect(words.flatMap((word) => JSON.parse(word).offline)).toEqual(ids)
  expect(words).toHaveLength(5)
  expect(words.every((word) => Buffer.byteLength(word) <= 256 * 1024)).toBe(true)
  // Many who come on one turn are one push.
  expect(pushed).toEqual([{ thread_id: 'th_1', online: ids }])
})

test('no timer is left behind, also when a word comes after the end', async () => {
  const { clock, presence } = await openPresence()
  const before = clock.pending
  const heard = () => presence.onSignal({ changed: 'presence', from: 'other', online: ['u_bob'] })

  presence.onJoined(visitorOf('u_alice'))
  heard()
  expect(clock.pending).toBe(before + 2)
  presence.close()
  heard()

  expect(clock.pending).toBe(before)
})
