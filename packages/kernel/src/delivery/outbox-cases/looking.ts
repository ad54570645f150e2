import { expect } from 'vitest'
import { byKey, draft, enqueue, type OutboxScene, recorder, start, until, untilState } from './fixtures.js'

export const lookingCases = {
  'deliveries are listed newest first, page by page, by lane and state': async ({ a }: OutboxScene) => {
    for (const n of [1, 2, 3, 4, 5]) await enqueue(a, { dedupe: `k${n}`, lane: n % 2 ? 'odd' : 'even' })
    await enqueue(a, { dedupe: 'k6', queue: 'other' })
    const keys = async (filter: object) => {
      const found = await a.outbox.list({ queue: 'mail', ...filter })
      return found.map(({ dedupe }) => dedupe)
    }

    const first = await a.outbox.list({ queue: 'mail', limit: 2 })

    expect(first.map(({ dedupe }) => dedupe)).toEqual(['k5', 'k4'])
    expect(await keys({ before: first[1]?.position })).toEqual(['k3', 'k2', 'k1'])
    expect(await keys({ lane: 'even' })).toEqual(['k4', 'k2'])
    expect(await keys({ state: 'dead' })).toEqual([])
    expect(await keys({ limit: -1 })).toEqual([])
    expect(await a.outbox.get('dlv_unknown')).toBeUndefined()
  },

  'deliveries of one subject are listed, and forgotten together': async (scene: OutboxScene) => {
    const { a } = scene
    const { send } = recorder(({ dedupe }) =>
      dedupe === 'dead' ? Promise.resolve({ outcome: 'dead', error: 'no' }) : undefined,
    )
    await enqueue(a, { dedupe: 'sent', subject: 's' }, { dedupe: 'dead', subject: 's', lane: 'y' })
    start(scene, a, send)
    await untilState(a, 'sent', 'sent')
    await untilState(a, 'dead', 'dead')
    const later = { delayMs: 3_600_000 }
    await enqueue(
      a,
      { dedupe: 'waiting', subject: 's', ...later },
      { dedupe: 'other', subject: 't', ...later },
    )
    await enqueue(a, { dedupe: 'elsewhere', subject: 's', queue: 'post' })
    const keys = async (filter: object) => {
      const found = await a.outbox.list({ queue: 'mail', ...filter })
      return found.map(({ dedupe }) => dedupe)
    }
    const before = [await keys({ subject: 's' }), await keys({ subject: 's', state: 'dead' })]

    await a.log.commit({ ops: a.outbox.discardOps({ queue: 'mail', subject: 's' }), appends: [] })

    expect(before).toEqual([['waiting', 'dead', 'sent'], ['dead']])
    expect([await keys({}), await keys({ queue: 'post' })]).toEqual([['other', 'sent'], ['elsewhere']])
  },

  'a discarded delivery is not sent, and its key is free': async (scene: OutboxScene) => {
    const { a } = scene
    const { keys, send } = recorder()
    await enqueue(a, { dedupe: 'k1' })
    const { id } = (await byKey(a, 'k1'))!

    const answers = [await a.outbox.discard(id), await a.outbox.discard(id)]
    await enqueue(a, { dedupe: 'k2' })
    start(scene, a, send)
    await untilState(a, 'k2', 'sent')
    answers.push(await a.outbox.discard((await byKey(a, 'k2'))!.id))

    expect([answers, keys]).toEqual([[true, false, false], ['k2']])
  },

  'a delivery on its way can be neither retried nor discarded': async (scene: OutboxScene) => {
    const { a } = scene
    await enqueue(a, { dedupe: 'k1' })
    start(scene, a, () => new Promise(() => {}))
    await untilState(a, 'k1', 'sending')
    const { id } = (await byKey(a, 'k1'))!

    expect([await a.outbox.retry(id), await a.outbox.discard(id)]).toEqual([false, false])
  },

  'purging forgets what ended before a time, and nothing else': async (scene: OutboxScene) => {
    const { a } = scene
    const { send } = recorder(({ dedupe }) =>
      dedupe === 'dead' ? Promise.resolve({ outcome: 'dead', error: 'no' }) : undefined,
    )
    await enqueue(a, { dedupe: 'sent' }, { dedupe: 'dead' }, { dedupe: 'later', delayMs: 3_600_000 })
    const queue = start(scene, a, send)
    await until(async () => (await a.outbox.counts('mail')).sent === 1)
    await untilState(a, 'dead', 'dead')
    await a.clock.advance(1000)
    const before = a.clock.micros()
    await enqueue(a, { dedupe: 'new' })
    queue.nudge()
    await untilState(a, 'new', 'sent')

    expect(await a.outbox.purge(before, 'post')).toBe(0)
    expect(await a.outbox.purge(before, 'mail')).toBe(2)

    expect(await a.outbox.counts('mail')).toEqual({ waiting: 1, sending: 0, sent: 1, dead: 0 })
    expect(await a.outbox.purge(before)).toBe(0)
  },

  'a payload past its limit is refused': async ({ a }: OutboxScene) => {
    const tooLarge = draft({ dedupe: 'k1', payload: 'x'.repeat(1_048_577) })

    expect(() => a.outbox.enqueueOps(tooLarge)).toThrow(
      expect.objectContaining({ code: 'delivery.payload_too_large' }),
    )
  },

  'a queue is started once, and only with options that fit together': async (scene: OutboxScene) => {
    const { a } = scene
    const { send } = recorder()
    const queue = start(scene, a, send)

    expect(() => queue.start({ send })).toThrow(expect.objectContaining({ code: 'kernel.closed' }))
    expect(() => a.outbox.queue('mail', { claimMs: 1000, sendWithinMs: 1000 })).toThrow(
      expect.objectContaining({ code: 'kernel.invalid_request' }),
    )
  },
}
