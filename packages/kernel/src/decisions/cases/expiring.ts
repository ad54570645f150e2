import { expect } from 'vitest'
import {
  ann,
  answer,
  ask,
  type Case,
  type DecisionsNode,
  eventsOf,
  handler,
  inMs,
  room,
  told,
} from './nodes.js'

const begin = (...nodes: DecisionsNode[]) => {
  for (const { decisions } of nodes) {
    decisions.register('permission', handler)
    decisions.start()
  }
}

const advance = (ms: number, ...nodes: DecisionsNode[]) =>
  Promise.all(nodes.map(({ clock }) => clock.advance(ms)))

export const expiring = {
  'at its deadline a decision expires once, with the event of its kind': async (a, b) => {
    begin(a, b)
    const { id } = await ask(a, { deadline: inMs(a, 30_000) })

    await advance(29_999, a, b)
    const before = await b.decisions.get(id)
    const settled = b.decisions.settled(id)
    await advance(1, a, b)

    expect(before.state).toBe('open')
    expect((await settled).state).toBe('expired')
    expect(await eventsOf(b)).toEqual([`decision.open ${id}`, `decision.expired ${id}`])
    await expect(answer(a, id, ann)).rejects.toMatchObject({ code: 'decision.expired' })
  },

  'many that fall due together expire once each, whichever nodes race': async (a, b) => {
    const asked = await Promise.all(
      Array.from({ length: 100 }, (_, n) => ask(n % 2 ? a : b, { deadline: inMs(a, 1000) })),
    )
    await advance(1000, a, b)

    begin(a, b)
    await Promise.all(asked.map(({ id }) => a.decisions.settled(id)))
    await Promise.all([a.decisions.close(), b.decisions.close()])

    const expired = (await eventsOf(a)).filter((event) => event.startsWith('decision.expired'))
    expect(expired.sort()).toEqual(asked.map(({ id }) => `decision.expired ${id}`).sort())
  },

  'a node that starts later keeps what is open and expires what fell due before': async (a, b, ground) => {
    const due = await ask(a, { deadline: inMs(a, 1000) })
    const later = await ask(a, { deadline: inMs(a, 90_000) })
    const endless = await ask(b)
    await Promise.all([a.decisions.close(), b.decisions.close()])

    const c = await ground.node()
    await c.clock.advance(1000)
    begin(c)
    await c.decisions.settled(due.id)

    expect((await c.decisions.open(room)).map(({ id }) => id).sort()).toEqual([later.id, endless.id].sort())
    const settled = c.decisions.settled(later.id)
    await c.clock.advance(89_000)
    expect((await settled).state).toBe('expired')
  },

  'only a node with a handler for the kind expires it': async (a, b) => {
    a.decisions.start()
    b.decisions.start()
    const { id } = await ask(a, { kind: 'form', deadline: inMs(a, 1000) })
    await advance(60_000, a, b)
    expect((await a.decisions.get(id)).state).toBe('open')

    b.decisions.register('form', handler)

    expect((await a.decisions.settled(id)).state).toBe('expired')
  },

  'of an answer and an expiry one counts': async (a, b) => {
    const asked = await Promise.all(Array.from({ length: 40 }, () => ask(a, { deadline: inMs(a, 1000) })))
    // For node b it is over, for node a it is not.
    await b.clock.advance(1000)

    const expire = (id: string) =>
      b.log.commit({
        ops: b.decisions.expireOps(id),
        appends: [{ stream: room, drafts: told(ann)({ ...asked[0]!, id, state: 'expired' }) }],
      })
    const races = asked.flatMap(({ id }) => [answer(a, id, ann), expire(id)])
    const results = await Promise.allSettled(races)

    const events = await eventsOf(a)
    for (const [n, { id }] of asked.entries()) {
      const { state } = await a.decisions.get(id)
      expect(events.filter((event) => event.endsWith(id))).toEqual([
        `decision.open ${id}`,
        `decision.${state} ${id}`,
      ])
      expect(results[2 * n]?.status).toBe(state === 'answered' ? 'fulfilled' : 'rejected')
    }
  },

  'nothing expires before its time, nor what has none': async (a) => {
    const [timed, endless] = [await ask(a, { deadline: inMs(a, 1) + 1 }), await ask(a)]
    await a.clock.advance(1)

    for (const { id } of [timed, endless]) {
      const { outcome } = await a.log.commit({ ops: a.decisions.expireOps(id), appends: [] })
      expect([outcome, (await a.decisions.get(id)).state]).toEqual(['refused', 'open'])
    }
  },
} satisfies Record<string, Case>
