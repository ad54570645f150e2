import { openGround } from '@parley/kernel/ground'
import type { Log, StoredEvent } from '@parley/kernel/log'
import { expect, onTestFinished, test } from 'vitest'
import { backwards, forwards, pageChars, take } from './walk.js'

const threadId = 'th_1'

/** A log with events of these many characters, and how many events were read of it each time. */
async function openLog(sizes: readonly number[]) {
  const ground = await openGround({})
  onTestFinished(() => ground.close())
  const actor = { kind: 'user' as const, id: 'u' }
  const drafts = sizes.map((size) => ({ type: 'message', actor, body: 'x'.repeat(size) }))
  await ground.log.commit({ ops: [], appends: [{ stream: `thread:${threadId}`, drafts }] })
  const reads: number[] = []
  const log: Log = {
    ...ground.log,
    read: async (stream, options) => {
      const page = await ground.log.read(stream, options)
      reads.push(page.events.length)
      return page
    },
  }
  return { log, reads }
}

const seqs = ({ events }: { events: StoredEvent[] }): number[] => events.map(({ seq }) => seq)
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)

test('a page has what was asked for, in both directions, and says whether more is there', async () => {
  const { log } = await openLog(Array.from({ length: 600 }, () => 10))

  const first = await take(forwards({ log, threadId, wanted: 501, after: 0 }), { most: 500 })
  const last = await take(backwards({ log, threadId, wanted: 501 }), { most: 500 })
  const rest = await take(forwards({ log, threadId, wanted: 501, after: 500 }), { most: 500 })

  expect([seqs(first), first.hasMore]).toEqual([range(1, 500), true])
  expect([seqs(last), last.hasMore]).toEqual([range(101, 600).toReversed(), true])
  expect([seqs(rest), rest.hasMore]).toEqual([range(501, 600), false])
})

test('a page of large events is short, and few of them are held for it', async () => {
  const { log, reads } = await openLog(Array.from({ length: 100 }, () => 512 * 1024))

  const { events, hasMore } = await take(forwards({ log, threadId, wanted: 501, after: 0 }), { most: 500 })

  expect([events.length, hasMore]).toEqual([7, true])
  expect(reads).toEqual([64])
})

test('no more is read than is wanted', async () => {
  const { log, reads } = await openLog(Array.from({ length: 100 }, () => 10))

  await take(forwards({ log, threadId, wanted: 11, after: 0 }), { most: 10 })

  expect(reads).toEqual([11])
})

test('an event larger than a page is a page', async () => {
  const { log } = await openLog([pageChars + 10, 10])

  const { events, hasMore } = await take(forwards({ log, threadId, wanted: 11, after: 0 }), { most: 10 })

  expect([events.map(({ seq }) => seq), hasMore]).toEqual([[1], true])
})

test('it is told where the log begins, also when nothing is left', async () => {
  const { log } = await openLog([1, 1, 1])
  await log.trim(`thread:${threadId}`, 4)
  const firsts: number[] = []

  const taken = await take(
    forwards({ log, threadId, wanted: 10, after: 1, onFirst: (seq) => firsts.push(seq) }),
    { most: 10 },
  )

  expect([taken, firsts]).toEqual([{ events: [], hasMore: false }, [4]])
})
