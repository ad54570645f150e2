import { eventually, fakeClock, testGrounds } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { type Ground, openGround } from '../ground/index.js'
import { agent, ann, answer, ask, draftOf, eventsOf, handler, inMs, room, told } from './cases/nodes.js'
import { decisionsConformance } from './conformance.js'
import { createDecisions, type DecisionsOptions } from './decisions.js'

const grounds = await testGrounds()

for (const { name, open } of grounds)
  decisionsConformance(name, {
    open: async () => {
      const { ground, another, close } = await open()
      const nodes: ReturnType<typeof decisionsOn>[] = []
      return {
        node: async () => {
          const own = nodes.length > 0 && another ? await another() : ground
          const node = decisionsOn(own)
          nodes.push(node)
          return node
        },
        close: async () => {
          await Promise.all(nodes.map(({ decisions }) => decisions.close()))
          expect(nodes.map(({ clock }) => clock.pending)).toEqual(nodes.map(() => 0))
          await close()
        },
      }
    },
  })

function decisionsOn({ db, log, ids }: Ground, options: Omit<DecisionsOptions, 'ground'> = {}) {
  const clock = fakeClock()
  return { clock, log, decisions: createDecisions({ ...options, ground: { db, log, ids, clock } }) }
}

for (const { name, open } of grounds.filter(({ name }) => name !== 'SQLite in memory'))
  describe(`${name}, opened again`, () => {
    it('has what was open and expires what falls due', async () => {
      const { ground, database, close } = await open()
      const before = decisionsOn(ground)
      const [due, endless] = [await ask(before, { deadline: inMs(before, 1000) }), await ask(before)]
      await before.decisions.close()
      await ground.close()

      const again = await openGround({ database, migrate: false })
      const node = decisionsOn(again)
      node.decisions.register('permission', handler)
      node.decisions.start()
      const settled = node.decisions.settled(due.id)
      await node.clock.advance(1000)

      expect((await settled).state).toBe('expired')
      expect(await node.decisions.open(room)).toEqual([endless])
      await node.decisions.close()
      await again.close()
      await close()
    })
  })

async function alone(options: Omit<DecisionsOptions, 'ground'> = {}) {
  const { ground, close } = await grounds[0]!.open()
  const node = decisionsOn(ground, options)
  return {
    ...node,
    close: async () => {
      await node.decisions.close()
      expect(node.clock.pending).toBe(0)
      await close()
    },
  }
}

it('tries an expiry again that failed, and lets other kinds expire meanwhile', async () => {
  const faults: string[] = []
  const node = await alone({ onFault: (error, where) => faults.push(`${where}: ${error}`) })
  const { decisions, clock, close } = node
  let isBroken = true
  decisions.register('permission', {
    expired: (decision) => {
      if (isBroken) throw new Error('no words')
      return handler.expired(decision)
    },
  })
  decisions.register('form', handler)
  decisions.start()
  const deadline = inMs(node, 1000)
  const [stuck, fine] = [await ask(node, { deadline }), await ask(node, { kind: 'form', deadline })]

  await clock.advance(1000)
  await decisions.settled(fine.id)
  // Once, or once more when the clock moved while it looked.
  await eventually(() => faults.length > 0)
  expect([[...new Set(faults)], (await decisions.get(stuck.id)).state]).toEqual([
    ['decisions.expire permission: Error: no words'],
    'open',
  ])
  isBroken = false
  const settled = decisions.settled(stuck.id)
  await eventually(async () => {
    await clock.advance(5000)
    return (await decisions.get(stuck.id)).state === 'expired'
  })

  expect((await settled).state).toBe('expired')
  await close()
})

it('expires nothing that its handler would keep from those who wait', async () => {
  const faults: unknown[] = []
  const node = await alone({ onFault: (error) => faults.push(error) })
  node.decisions.register('permission', { expired: () => [] })
  node.decisions.start()
  const { id } = await ask(node, { deadline: inMs(node, 1) })

  await node.clock.advance(1)
  await eventually(() => faults.length > 0)

  expect(String(faults[0])).toContain(`appends nothing to ${room}`)
  expect((await node.decisions.get(id)).state).toBe('open')
  await node.close()
})

it('has one handler for a kind, which can be taken back', async () => {
  const { decisions, close } = await alone()
  const stop = decisions.register('form', handler)

  expect(() => decisions.register('form', handler)).toThrow(
    expect.objectContaining({ code: 'kernel.invalid_request' }),
  )
  stop()
  decisions.register('form', handler)
  stop()
  expect(() => decisions.register('form', handler)).toThrow()
  await close()
})

it('finds a decision that another node asked for, although nobody told it', async () => {
  const { ground, close } = await grounds[0]!.open()
  const [asking, expiring] = [decisionsOn(ground), decisionsOn(ground)]
  expiring.decisions.register('permission', handler)
  expiring.decisions.start()
  await eventually(() => expiring.clock.pending === 1)
  const { id } = await ask(asking, { deadline: inMs(asking, 3000) })

  const settled = asking.decisions.settled(id)
  await expiring.clock.advance(10_000)

  expect((await settled).state).toBe('expired')
  await Promise.all([asking.decisions.close(), expiring.decisions.close()])
  await close()
})

it('lets a bounded number wait', async () => {
  const node = await alone({ limits: { maxWaits: 1 } })
  const { id } = await ask(node)
  const first = node.decisions.settled(id)
  await eventsOf(node)

  await expect(node.decisions.settled(id)).rejects.toMatchObject({ code: 'kernel.unavailable' })
  await answer(node, id, ann)
  expect((await first).state).toBe('answered')

  const next = await ask(node)
  const second = node.decisions.settled(next.id)
  await answer(node, next.id, ann)
  expect((await second).state).toBe('answered')
  await node.close()
})

it('a unit needs an event, so that whoever waits learns of it', async () => {
  const { decisions, close } = await alone()

  await expect(decisions.ask(draftOf(), () => [])).rejects.toMatchObject({ code: 'kernel.invalid_request' })
  expect((await decisions.ask(draftOf(), told(agent))).state).toBe('open')
  await close()
})
