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

const broken = async () => ({ outcome: 'retry' as const, error: 'no answer', status: 503 })

/** Moves the clock to the next attempt; resolves with how long that took, in milliseconds. */
async function toNextAttempt(node: OutboxNode, dedupe: string, attempts: number): Promise<number> {
  await until(async () => {
    const now = await byKey(node, dedupe)
    return now?.state === 'waiting' && now.attempts === attempts
  })
  const pauseMs = (((await byKey(node, dedupe))?.nextAt ?? 0) - node.clock.micros()) / 1000
  await node.clock.advance(pauseMs)
  return pauseMs
}

export const failingCases = {
  'failures are tried again after growing pauses, then given up at the age limit': async (
    scene: OutboxScene,
  ) => {
    const { a } = scene
    await enqueue(a, { dedupe: 'k1', maxAgeMs: 30_000 })
    start(scene, a, broken, { pausesMs: [1000, 6000] })

    const pauses: number[] = []
    for (let attempt = 1; attempt <= 5; attempt++) pauses.push(await toNextAttempt(a, 'k1', attempt))
    await untilState(a, 'k1', 'dead')

    // The next would have come at 31 s.
    expect(pauses).toEqual([1000, 6000, 6000, 6000, 6000])
    const { lastError, lastStatus, attempts, deadAt, history } = (await byKey(a, 'k1'))!
    expect([lastError, lastStatus, attempts, deadAt]).toEqual(['no answer', 503, 6, a.clock.micros()])
    expect(history.map(({ number, status, error }) => [number, status, error])).toEqual(
      [1, 2, 3, 4, 5, 6].map((number) => [number, 503, 'no answer']),
    )
  },

  'the other side may ask for a longer pause': async (scene: OutboxScene) => {
    const { a } = scene
    await enqueue(a, { dedupe: 'k1' })
    start(scene, a, async () => ({ ...(await broken()), retryAfterMs: 60_000 }))

    expect(await toNextAttempt(a, 'k1', 1)).toBe(60_000)
  },

  'what became too old while nobody sent is given up unsent': async (scene: OutboxScene) => {
    const { a } = scene
    const { keys, send } = recorder()
    await enqueue(a, { dedupe: 'k1', maxAgeMs: 1000 })
    await a.clock.advance(1000)

    start(scene, a, send)
    await untilState(a, 'k1', 'dead')

    expect([keys, (await byKey(a, 'k1'))?.lastError]).toEqual([[], 'It was too old to be sent.'])
  },

  'a sender that throws has failed': async (scene: OutboxScene) => {
    const { a } = scene
    const { keys, send } = recorder(({ attempts }) => {
      if (attempts === 1) throw new Error('a mistake in the program')
      return undefined
    })
    await enqueue(a, { dedupe: 'k1' })
    start(scene, a, send)

    await toNextAttempt(a, 'k1', 1)
    await untilState(a, 'k1', 'sent')

    expect(keys).toEqual(['k1', 'k1'])
    expect((await byKey(a, 'k1'))?.history[0]?.error).toBe('The sender failed.')
  },

  'an attempt that takes too long is aborted and has failed': async (scene: OutboxScene) => {
    const { a } = scene
    const signals: AbortSignal[] = []
    await enqueue(a, { dedupe: 'k1' })
    start(
      scene,
      a,
      (_delivery, { signal }) => {
        signals.push(signal)
        return new Promise(() => {})
      },
      { sendWithinMs: 4000 },
    )
    await until(() => signals.length === 1)

    await a.clock.advance(3999)
    const before = signals[0]?.aborted
    await a.clock.advance(1)
    await untilState(a, 'k1', 'waiting')

    expect([before, signals[0]?.aborted, (await byKey(a, 'k1'))?.lastError]).toEqual([
      false,
      true,
      'It took too long.',
    ])
  },

  'a permanent failure is a dead letter until somebody retries it': async (scene: OutboxScene) => {
    const { a } = scene
    let works = false
    const { keys, send } = recorder(() =>
      works ? undefined : Promise.resolve({ outcome: 'dead', error: 'no such address', status: 404 }),
    )
    await enqueue(a, { dedupe: 'k1', maxAgeMs: 60_000 })
    start(scene, a, send)
    await untilState(a, 'k1', 'dead')
    await a.clock.advance(120_000)
    const { id } = (await byKey(a, 'k1'))!
    expect(await a.outbox.list({ queue: 'mail', state: 'dead' })).toMatchObject([{ id, lastStatus: 404 }])

    works = true
    const answers = [await a.outbox.retry(id), await a.outbox.retry('dlv_unknown')]
    await untilState(a, 'k1', 'sent')
    answers.push(await a.outbox.retry(id))

    expect(answers).toEqual([true, false, false])
    expect(keys).toEqual(['k1', 'k1'])
    expect((await byKey(a, 'k1'))?.history).toHaveLength(2)
  },

  'a retry by hand begins the pauses anew': async (scene: OutboxScene) => {
    const { a } = scene
    await enqueue(a, { dedupe: 'k1' })
    start(scene, a, broken, { pausesMs: [1000, 60_000] })
    await toNextAttempt(a, 'k1', 1)
    await until(async () => (await byKey(a, 'k1'))?.history.length === 2)

    await a.outbox.retry((await byKey(a, 'k1'))!.id)

    expect(await toNextAttempt(a, 'k1', 3)).toBe(1000)
  },

  'a lane that is kept in order waits for its first, and the others do not': async (scene: OutboxScene) => {
    const { a, b } = scene
    const { keys, send } = recorder(({ dedupe, attempts }) =>
      dedupe === 'x1' && attempts <= 2 ? broken() : undefined,
    )
    for (const n of [1, 2, 3, 4]) await enqueue(a, { dedupe: `x${n}` }, { dedupe: `y${n}`, lane: 'y' })
    for (const node of [a, b]) start(scene, node, send, { ordered: true, pausesMs: [1000] })

    await untilState(a, 'y4', 'sent')
    const whileItWaits = await Promise.all(['x1', 'x2'].map(async (key) => (await byKey(a, key))?.state))
    await until(async () => {
      await Promise.all([a.clock.advance(500), b.clock.advance(500)])
      return (await a.outbox.counts('mail')).sent === 8
    })

    expect(whileItWaits).toEqual(['waiting', 'waiting'])
    expect(keys.filter((key) => key.startsWith('x'))).toEqual(['x1', 'x1', 'x1', 'x2', 'x3', 'x4'])
    expect(keys.filter((key) => key.startsWith('y'))).toEqual(['y1', 'y2', 'y3', 'y4'])
  },

  'a dead letter does not hold its lane': async (scene: OutboxScene) => {
    const { a } = scene
    const { keys, send } = recorder(({ dedupe }) =>
      dedupe === 'x1' ? Promise.resolve({ outcome: 'dead', error: 'no' }) : undefined,
    )
    await enqueue(a, { dedupe: 'x1' }, { dedupe: 'x2' })

    start(scene, a, send, { ordered: true })
    await untilState(a, 'x2', 'sent')

    expect(keys).toEqual(['x1', 'x2'])
  },

  'stopping waits for what is under way and begins nothing': async (scene: OutboxScene) => {
    const { a } = scene
    let finish = () => {}
    const { keys, send } = recorder(
      () => new Promise((resolve) => (finish = () => resolve({ outcome: 'sent' }))),
    )
    await enqueue(a, { dedupe: 'k1' })
    const queue = start(scene, a, send)
    await until(() => keys.length === 1)
    await enqueue(a, { dedupe: 'k2' })

    const stopped = queue.stop()
    queue.nudge()
    finish()
    await stopped

    expect(keys).toEqual(['k1'])
    expect([(await byKey(a, 'k1'))?.state, (await byKey(a, 'k2'))?.state]).toEqual(['sent', 'waiting'])
  },

  'what stopping cuts off is due again at once, without a failure': async (scene: OutboxScene) => {
    const { a, b } = scene
    await enqueue(a, { dedupe: 'k1' })
    const queue = start(scene, a, hangs, { graceMs: 1000 })
    await untilState(a, 'k1', 'sending')

    const stopped = queue.stop()
    await a.clock.advance(1000)
    await stopped
    await b.clock.advance(1000)
    const { keys, send } = recorder()
    start(scene, b, send)
    await untilState(b, 'k1', 'sent')

    expect(keys).toEqual(['k1'])
    expect((await byKey(b, 'k1'))?.history.map(({ number }) => number)).toEqual([2])
  },

  'the last twenty attempts are remembered': async (scene: OutboxScene) => {
    const { a } = scene
    await enqueue(a, { dedupe: 'k1' })
    start(scene, a, broken, { pausesMs: [1000] })

    for (let attempt = 1; attempt <= 23; attempt++) await toNextAttempt(a, 'k1', attempt)
    await until(async () => (await byKey(a, 'k1'))?.history.at(-1)?.number === 24)

    expect((await byKey(a, 'k1'))?.history.map(({ number }) => number)).toEqual(
      Array.from({ length: 20 }, (_, n) => n + 5),
    )
  },
}
