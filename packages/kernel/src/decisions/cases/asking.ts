import { expect } from 'vitest'
import { agent, ann, answer, ask, type Case, draftOf, eventsOf, room, told } from './nodes.js'

const never = { sql: 'select 1 where 1 = 0', params: [], atLeast: 1 }

export const asking = {
  'what was asked is read back on any node, and its event with it': async (a, b) => {
    const form = { type: 'object', properties: { name: { type: 'string' } } }
    const deadline = a.clock.micros() + 1
    const asked = await ask(a, {
      kind: 'form',
      question: { form, title: 'é' },
      mayAnswer: ['user:ann'],
      deadline,
    })

    expect(asked.id).toMatch(/^dec_[0-9a-f]{32}$/)
    expect(await b.decisions.get(asked.id)).toEqual(asked)
    expect(asked).toMatchObject({ state: 'open', asker: agent, mayAnswer: ['user:ann'], tenantKey: null })
    expect(await eventsOf(b)).toEqual([`decision.open ${asked.id}`])
  },

  'a unit that is refused asks nothing and appends nothing': async (a) => {
    const decision = a.decisions.prepare(draftOf())

    const { outcome } = await a.log.commit({
      ops: [...a.decisions.askOps(decision), never],
      appends: [{ stream: room, drafts: told(agent)(decision) }],
    })

    expect(outcome).toBe('refused')
    expect(await a.decisions.find(decision.id)).toBeUndefined()
    expect(await eventsOf(a)).toEqual([])
  },

  'nothing is asked when its events can not be made': async (a) => {
    const asking = a.decisions.ask(draftOf(), () => {
      throw new Error('no words')
    })

    await expect(asking).rejects.toThrow('no words')
    expect(await a.decisions.open(room)).toEqual([])
  },

  'a stream has a hundred open ones, whoever asks at the same time': async (a, b) => {
    await ask(a)
    const asked = await Promise.allSettled(Array.from({ length: 109 }, (_, n) => ask(n % 2 ? a : b)))
    const elsewhere = await ask(a, { stream: 'room:2' })
    const refusals = asked.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
    const [first] = await a.decisions.open(room)
    await answer(a, first!.id, ann)
    await ask(b)

    expect(refusals).toHaveLength(10)
    expect(refusals[0]).toMatchObject({
      code: 'decision.too_many_open',
      details: { stream: room, limit: 100 },
    })
    expect(elsewhere.state).toBe('open')
    expect(await a.decisions.open(room)).toHaveLength(100)
  },

  'open ones of a stream come oldest first': async (a, b) => {
    const asked = []
    for (const node of [a, b, a]) {
      asked.push((await ask(node)).id)
      await Promise.all([a.clock.advance(1), b.clock.advance(1)])
    }
    await ask(a, { stream: 'room:2' })
    await answer(b, asked[1]!, ann)

    expect((await b.decisions.open(room)).map(({ id }) => id)).toEqual([asked[0], asked[2]])
  },

  'a list has what its tenants see, page by page, newest first': async (a) => {
    const ids: string[] = []
    for (const tenantKey of ['A', 'B', 'A', undefined, 'C', 'A']) {
      ids.push((await ask(a, { tenantKey })).id)
      if (ids.length % 2 === 0) await a.clock.advance(1)
    }
    await answer(a, ids[1]!, ann)
    const list = async (query: Partial<Parameters<typeof a.decisions.list>[0]>) =>
      (await a.decisions.list({ tenantKeys: ['A', 'B'], ...query })).map(({ id }) => ids.indexOf(id))

    // Two of one time are in the order of their ids, which within a millisecond is any.
    const sorted = (indexes: number[]) =>
      indexes.toSorted((x, y) => Math.floor(y / 2) - Math.floor(x / 2) || (ids[y]! < ids[x]! ? -1 : 1))
    const all = sorted([5, 2, 1, 0])
    const [, last] = await a.decisions.list({ tenantKeys: ['A', 'B'], limit: 2 })

    expect(await list({})).toEqual(all)
    expect(await list({ before: last, limit: 1 })).toEqual([all[2]])
    expect(await list({ state: 'open' })).toEqual(sorted([5, 2, 0]))
    expect(await list({ state: 'answered' })).toEqual([1])
    expect(await list({ tenantKeys: [] })).toEqual([])
  },

  'whoever drops a stream forgets its decisions': async (a, b) => {
    const [gone, kept] = [await ask(a), await ask(a, { stream: 'room:2' })]

    await a.log.commit({ ops: a.decisions.forgetOps(room), appends: [] })

    await expect(b.decisions.get(gone.id)).rejects.toMatchObject({ code: 'decision.not_found' })
    expect(await b.decisions.get(kept.id)).toEqual(kept)
  },
} satisfies Record<string, Case>
