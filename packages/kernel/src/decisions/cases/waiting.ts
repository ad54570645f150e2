import { expect } from 'vitest'
import { agent, ann, answer, ask, type Case, eventsOf, told } from './nodes.js'

export const waiting = {
  'whoever waits learns of an answer, on every node': async (a, b) => {
    const { id } = await ask(a)
    const waits = [a.decisions.settled(id), b.decisions.settled(id), b.decisions.settled(id)]
    const other = await ask(b)
    await answer(b, other.id, ann)

    const answered = await answer(a, id, ann)

    expect(await Promise.all(waits)).toEqual(Array(3).fill(answered))
    expect(await b.decisions.settled(id)).toEqual(answered)
  },

  'whoever waits learns that it was withdrawn': async (a, b) => {
    const { id } = await ask(a)
    const wait = b.decisions.settled(id)

    await a.decisions.withdraw(id, told(agent))

    expect((await wait).state).toBe('withdrawn')
  },

  'a wait ends with its signal, and nothing else does': async (a) => {
    const { id } = await ask(a)
    const giving = new AbortController()
    const [givenUp, patient] = [a.decisions.settled(id, { signal: giving.signal }), a.decisions.settled(id)]
    await eventsOf(a)

    giving.abort(new Error('no more time'))

    await expect(givenUp).rejects.toThrow('no more time')
    await expect(a.decisions.settled(id, { signal: giving.signal })).rejects.toThrow('no more time')
    await answer(a, id, ann)
    expect((await patient).state).toBe('answered')
  },

  'a wait for a decision that is forgotten ends': async (a, b) => {
    const { id, stream } = await ask(a)
    const wait = b.decisions.settled(id)
    wait.catch(() => {})
    await eventsOf(b)

    await a.log.commit({ ops: a.decisions.forgetOps(stream), appends: [] })
    await a.log.drop(stream)

    await expect(wait).rejects.toMatchObject({ code: 'decision.not_found' })
    await expect(b.decisions.settled(id)).rejects.toMatchObject({ code: 'decision.not_found' })
  },

  'closing ends every wait of the node and no other': async (a, b) => {
    const { id } = await ask(a)
    const [here, there] = [a.decisions.settled(id), b.decisions.settled(id)]
    here.catch(() => {})

    await a.decisions.close()

    await expect(here).rejects.toMatchObject({ code: 'kernel.closed' })
    await answer(b, id, ann)
    expect((await there).state).toBe('answered')
  },
} satisfies Record<string, Case>
