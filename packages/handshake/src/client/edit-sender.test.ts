import { manualTimers } from '@parley/testkit'
import { expect, test } from 'vitest'
import type { Edit } from './edit-queue.js'
import { EditSender, type Posted } from './edit-sender.js'

function setUp() {
  const timers = manualTimers()
  const road = {
    isOpen: false,
    outcomes: [] as Posted[],
    sent: [] as string[],
    posted: [] as string[],
    lost: [] as string[],
  }
  const text = ({ key, value }: Edit) => `${key}=${value}`
  const sender = new EditSender(
    {
      send: (edit) => road.isOpen && road.sent.push(text(edit)) > 0,
      post: async (edit) => {
        road.posted.push(text(edit))
        return road.outcomes.shift() ?? 'sent'
      },
      lost: (edit) => road.lost.push(text(edit)),
    },
    timers,
  )
  const edit = (key: string, value: unknown) => sender.submit({ key, value })
  return { timers, road, sender, edit }
}

test('an open socket takes edits at once', async () => {
  const { road, edit } = setUp()
  road.isOpen = true

  await edit('a', 1)

  expect(road).toMatchObject({ sent: ['a=1'], posted: [] })
})

test('without a socket edits go over HTTP', async () => {
  const { road, edit } = setUp()
  await edit('a', 1)
  expect(road).toMatchObject({ sent: [], posted: ['a=1'] })
})

test('edits made offline wait, the last of a key wins, and leave in order once the socket opens', async () => {
  const { road, sender, edit } = setUp()
  road.outcomes.push({}, {}, {}, {})
  await edit('a', 1)
  await edit('b', 1)
  await edit('a', 2)
  expect(sender.isPending('b')).toBe(true)

  road.isOpen = true
  await sender.flush()

  expect(road.sent).toEqual(['b=1', 'a=2'])
  expect(sender.isPending('b')).toBe(false)
})

test('a failed edit is tried again after growing pauses', async () => {
  const { timers, road, sender, edit } = setUp()
  road.outcomes.push({}, {})
  await edit('a', 1)

  timers.advance(999)
  expect(road.posted.length).toBe(1)
  timers.advance(1)
  await sender.flush()
  timers.advance(2000)
  await sender.flush()

  expect(road.posted).toEqual(['a=1', 'a=1', 'a=1'])
  expect(timers.pending).toBe(0)
})

test('the server’s own pause is kept', async () => {
  const { timers, road, sender, edit } = setUp()
  road.outcomes.push({ retryAfterMs: 7000 })
  await edit('a', 1)

  timers.advance(6999)
  expect(road.posted.length).toBe(1)
  timers.advance(1)
  await sender.flush()

  expect(road.posted.length).toBe(2)
})

test('a refused edit is given up and does not hold up the next', async () => {
  const { road, sender, edit } = setUp()
  road.outcomes.push({}, 'refused', 'sent')
  await edit('a', 1)
  await edit('b', 1)
  await sender.flush()

  expect(road.lost).toEqual(['a=1'])
  expect(sender.isPending('b')).toBe(false)
})

test('an edit that changes while it is under way is sent again', async () => {
  const { road, edit } = setUp()

  await Promise.all([edit('a', 1), edit('a', 2)])

  expect(road.posted).toEqual(['a=1', 'a=2'])
})

test('a lost socket may have swallowed the last edits: they are sent again', async () => {
  const { timers, road, sender, edit } = setUp()
  road.isOpen = true
  await edit('old', 1)
  timers.advance(31_000)
  await edit('a', 1)
  await edit('b', 1)
  road.isOpen = false

  sender.socketLost()
  road.isOpen = true
  await sender.flush()

  expect(road.sent).toEqual(['old=1', 'a=1', 'b=1', 'a=1', 'b=1'])
})

test('a lost socket does not bring back what a newer edit replaced', async () => {
  const { road, sender, edit } = setUp()
  road.isOpen = true
  await edit('a', 1)
  road.isOpen = false
  await edit('a', 2)

  sender.socketLost()
  await sender.flush()

  expect(road.posted).toEqual(['a=2'])
})

test('at most a thousand keys wait; the oldest is given up', async () => {
  const { road, sender, edit } = setUp()
  road.outcomes.push(...Array.from({ length: 1001 }, (): Posted => ({})))
  for (let n = 0; n <= 1000; n += 1) await edit(`k${n}`, n)

  expect(road.lost).toEqual(['k0=0'])
  expect(sender.isPending('k1000')).toBe(true)
})

test('edits of another session are forgotten', async () => {
  const { timers, road, sender, edit } = setUp()
  road.outcomes.push({})
  await edit('a', 1)

  sender.clear()

  expect(sender.isPending('a')).toBe(false)
  expect(timers.pending).toBe(0)
})
