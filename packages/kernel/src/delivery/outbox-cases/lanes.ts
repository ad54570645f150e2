import { expect } from 'vitest'
import {
  byKey,
  enqueue,
  hangs,
  type OutboxNode,
  type OutboxScene,
  recorder,
  start,
  until,
  untilState,
} from './fixtures.js'

const ordered = { ordered: true, pausesMs: [1000] }
const broken = async () => ({ outcome: 'retry' as const, error: 'no answer' })

/** A worker that has not begun: what is stored meanwhile knows that its queue keeps order. */
const notStarted = ({ outbox }: OutboxNode) => outbox.queue('mail', ordered)

const dueOf = (node: OutboxNode, ...keys: string[]) =>
  Promise.all(keys.map(async (key) => (await byKey(node, key))?.nextAt))

export const laneCases = {
  // WHY: a lane that fails for days must not be read through each time somebody looks for work.
  'what waits for others of its lane has no time of its own, and comes when it is its turn': async (
    scene: OutboxScene,
  ) => {
    const { a } = scene
    let works = false
    const { keys, send } = recorder(() => (works ? undefined : broken()))
    await notStarted(a).stop()
    await enqueue(a, { dedupe: 'x1' }, { dedupe: 'x2' }, { dedupe: 'x3' }, { dedupe: 'y1', lane: 'y' })
    expect(await dueOf(a, 'x1', 'x2', 'x3', 'y1')).toEqual([
      a.clock.micros(),
      undefined,
      undefined,
      a.clock.micros(),
    ])

    start(scene, a, send, ordered)
    await until(async () => (await byKey(a, 'x1'))?.lastError !== undefined)
    await enqueue(a, { dedupe: 'x4' })
    expect(await dueOf(a, 'x2', 'x4')).toEqual([undefined, undefined])
    works = true
    await until(async () => {
      await a.clock.advance(500)
      return (await a.outbox.counts('mail')).sent === 5
    })

    expect(keys.filter((key) => key.startsWith('x'))).toEqual(['x1', 'x1', 'x2', 'x3', 'x4'])
  },

  'the next of a lane goes when the first is discarded': async (scene: OutboxScene) => {
    const { a } = scene
    await notStarted(a).stop()
    await enqueue(a, { dedupe: 'x1' }, { dedupe: 'x2' }, { dedupe: 'x3' })
    await a.outbox.discard((await byKey(a, 'x1'))!.id)
    await a.outbox.discard((await byKey(a, 'x3'))!.id)

    const { keys, send } = recorder()
    start(scene, a, send, ordered)
    await untilState(a, 'x2', 'sent')

    expect(keys).toEqual(['x2'])
  },

  'one that waits for nobody goes all the same, before long': async (scene: OutboxScene) => {
    const { a } = scene
    const { keys, send } = recorder()
    const queue = start(scene, a, send, ordered)
    await enqueue(a, { dedupe: 'y1', lane: 'y' })
    queue.nudge()
    await untilState(a, 'y1', 'sent')
    await enqueue(a, { dedupe: 'x1', delayMs: 3_600_000 }, { dedupe: 'x2' })
    // As when another node ended it and could not see the next one yet.
    await a.log.commit({ ops: [{ sql: `delete from outbox where dedupe = 'x1'`, params: [] }], appends: [] })

    await until(async () => {
      await a.clock.advance(5_000)
      return (await byKey(a, 'x2'))?.state === 'sent'
    })

    expect(keys).toEqual(['y1', 'x2'])
  },

  'a subject that hangs leaves room for the others': async (scene: OutboxScene) => {
    const { a } = scene
    const { keys, send } = recorder((delivery) =>
      delivery.subject === 'dead' ? hangs(delivery, { signal: new AbortController().signal }) : undefined,
    )
    const dead = Array.from({ length: 10 }, (_, n) => ({ dedupe: `d${n}`, lane: `d${n}`, subject: 'dead' }))
    await enqueue(a, ...dead, { dedupe: 'k1', lane: 'k', subject: 'well' }, { dedupe: 'k2', lane: 'k' })

    start(scene, a, send, { ...ordered, concurrency: 4, perSubject: 2, graceMs: 1000 })
    await untilState(a, 'k2', 'sent')

    expect(keys.filter((key) => key.startsWith('d'))).toHaveLength(2)
  },
}
