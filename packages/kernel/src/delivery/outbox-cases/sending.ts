import { expect } from 'vitest'
import {
  byKey,
  draft,
  enqueue,
  hangs,
  looked,
  type OutboxScene,
  recorder,
  start,
  until,
  untilState,
} from './fixtures.js'

const claimMs = 90_000

export const sendingCases = {
  'a delivery is sent exactly as it was stored': async (scene: OutboxScene) => {
    const { a } = scene
    const payload = '{"text": "Grüße 👋 \\u0000", "n":1.0}'
    const seen: unknown[] = []
    await enqueue(a, { dedupe: 'k1', payload, target: { to: ['x', 1] } })

    start(scene, a, async (delivery) => {
      seen.push([delivery.lane, delivery.payload, delivery.target, delivery.state, delivery.attempts])
      return { outcome: 'sent', status: 202 }
    })
    await untilState(a, 'k1', 'sent')

    expect(seen).toEqual([['x', payload, { to: ['x', 1] }, 'sending', 1]])
    expect(await byKey(a, 'k1')).toMatchObject({
      id: expect.stringMatching(/^dlv_/),
      lastStatus: 202,
      attempts: 1,
    })
    expect((await byKey(a, 'k1'))?.sentAt).toBe(a.clock.micros())
    expect((await byKey(a, 'k1'))?.history).toEqual([
      { number: 1, at: a.clock.micros(), durationMs: 0, status: 202 },
    ])
  },

  'what was sent is never sent again': async (scene: OutboxScene) => {
    const { a } = scene
    const { keys, send } = recorder()
    await enqueue(a, { dedupe: 'k1' })
    const queue = start(scene, a, send)
    await untilState(a, 'k1', 'sent')

    await a.clock.advance(claimMs * 2)
    await looked(a, queue, 'marker')

    expect(keys).toEqual(['k1', 'marker'])
  },

  'a delivery of a refused unit does not exist': async (scene: OutboxScene) => {
    const { a } = scene
    const { keys, send } = recorder()
    const queue = start(scene, a, send)

    const refusal = { sql: 'delete from leases where 1 = 0', params: [], atLeast: 1 }
    const unit = { ops: [...a.outbox.enqueueOps(draft({ dedupe: 'k1' })), refusal], appends: [] }
    const { outcome } = await a.log.commit(unit)
    await looked(a, queue, 'marker')

    expect([outcome, keys, await byKey(a, 'k1')]).toEqual(['refused', ['marker'], undefined])
  },

  'a key is stored once in a queue, also by two nodes at once': async (scene: OutboxScene) => {
    const { a, b } = scene
    const { keys, send } = recorder()
    await enqueue(a, { dedupe: 'k1', payload: 'the first' })

    await Promise.all([a, b, a, b].map((node) => enqueue(node, { dedupe: 'k1' }, { dedupe: 'k2' })))
    await enqueue(a, { dedupe: 'k1', queue: 'other' })
    start(scene, a, send)
    await untilState(a, 'k2', 'sent')

    expect((await byKey(a, 'k1'))?.payload).toBe('the first')
    expect(keys.sort()).toEqual(['k1', 'k2'])
    expect(await a.outbox.counts('other')).toEqual({ waiting: 1, sending: 0, sent: 0, dead: 0 })
  },

  'a delayed delivery is not sent before its time': async (scene: OutboxScene) => {
    const { a } = scene
    const { keys, send } = recorder()
    await enqueue(a, { dedupe: 'later', delayMs: 3000 })
    const queue = start(scene, a, send)

    await a.clock.advance(2999)
    await looked(a, queue, 'marker')
    await a.clock.advance(1)
    await untilState(a, 'later', 'sent')

    expect(keys).toEqual(['marker', 'later'])
  },

  'what another node enqueued is noticed without a nudge': async (scene: OutboxScene) => {
    const { a, b } = scene
    const { keys, send } = recorder()
    const queue = start(scene, a, send, { pollMs: 5000 })
    await looked(a, queue, 'marker')

    await enqueue(b, { dedupe: 'k1' })
    await until(async () => {
      await a.clock.advance(5000)
      return keys.includes('k1')
    })
  },

  'a delivery of a node that crashed is sent by another when its claim has ended': async (
    scene: OutboxScene,
  ) => {
    const { a, b } = scene
    const { keys, send } = recorder()
    await enqueue(a, { dedupe: 'k1' })
    start(scene, a, hangs, { claimMs })
    await untilState(a, 'k1', 'sending')
    const queue = start(scene, b, send, { claimMs })

    await b.clock.advance(claimMs - 1)
    await looked(b, queue, 'marker')
    expect(keys).toEqual(['marker'])
    await b.clock.advance(1)
    queue.nudge()
    await untilState(b, 'k1', 'sent')

    expect(keys).toEqual(['marker', 'k1'])
    expect((await byKey(b, 'k1'))?.attempts).toBe(2)
  },

  'a success that is told after the claim has ended counts': async (scene: OutboxScene) => {
    const { a, b } = scene
    let finish = () => {}
    await enqueue(a, { dedupe: 'k1' })
    start(scene, a, () => new Promise((resolve) => (finish = () => resolve({ outcome: 'sent' }))), {
      claimMs,
    })
    await untilState(a, 'k1', 'sending')
    await b.clock.advance(claimMs)
    start(scene, b, hangs, { claimMs })
    await until(async () => (await byKey(b, 'k1'))?.attempts === 2)

    finish()
    await untilState(b, 'k1', 'sent')

    expect((await byKey(b, 'k1'))?.nextAt).toBeUndefined()
  },

  'many workers share a queue and send each delivery once': async (scene: OutboxScene) => {
    const { a, b } = scene
    const all = Array.from({ length: 60 }, (_, n) => `k${n}`)
    const { keys, send } = recorder()
    await enqueue(a, ...all.map((dedupe) => ({ dedupe })))

    for (const node of [a, b, a, b]) start(scene, node, send, { concurrency: 3 })
    await until(async () => (await a.outbox.counts('mail')).sent === all.length)

    expect(keys.sort()).toEqual(all.sort())
  },

  'no more are under way than the queue allows': async (scene: OutboxScene) => {
    const { a } = scene
    let [underWay, most] = [0, 0]
    await enqueue(a, ...Array.from({ length: 20 }, (_, n) => ({ dedupe: `k${n}` })))

    start(
      scene,
      a,
      async () => {
        underWay += 1
        most = Math.max(most, underWay)
        await a.outbox.counts('mail')
        underWay -= 1
        return { outcome: 'sent' }
      },
      { concurrency: 3 },
    )
    await until(async () => (await a.outbox.counts('mail')).sent === 20)

    expect(most).toBe(3)
  },
}
