import { eventually } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import type { RelayKind } from '../../protocol/index.js'
import { changed, relayIdentity } from '../changes.js'
import type { Within } from '../port.js'
import { a, everywhere, grounds, ofB, openRoom, type Room, shared } from './operator.test.support.js'
import { watch } from './watch.js'

/** What is told from now on, and how it ends. */
function listen({ operator }: Pick<Room, 'operator'>, within: Within) {
  const ending = new AbortController()
  onTestFinished(() => ending.abort())
  const told: RelayKind[] = []
  const kinds = operator.watch(within, ending.signal)
  const over = (async () => {
    for await (const kind of kinds) told.push(kind)
  })()
  return { told, over, end: () => ending.abort() }
}

const change = (room: Room, tenant: string | null) =>
  room.log.commit({ ops: [], appends: [changed('relay.policy.set', relayIdentity, { tenant })] })

for (const kind of grounds) {
  test(`what happened is told by its kind alone (${kind.name})`, async () => {
    const room = await openRoom(kind)
    const { told } = listen(room, everywhere)

    await change(room, 'a')
    await eventually(() => told.length === 1)
    await room.clock.advance(250)
    await room.decide(shared, 'c', ['a', 'unlinked'])
    await eventually(() => told.length === 2)
    await room.clock.advance(250)
    await room.decide(shared, 'c', ['a', 'owner'])
    await eventually(() => told.length === 4)

    expect(told).toEqual(['changes', 'decisions', 'decisions', 'buffers'])
  })

  test(`what comes in quick succession becomes one (${kind.name})`, async () => {
    const room = await openRoom(kind)
    const { told } = listen(room, everywhere)
    await change(room, 'a')
    await eventually(() => told.length === 1)

    for (let times = 0; times < 20; times++) await change(room, 'a')
    expect(told).toEqual(['changes'])
    await room.clock.advance(250)
    await eventually(() => told.length === 2)
    await room.clock.advance(250)
    await room.decide(shared, 'c')
    await eventually(() => told.length === 3)

    expect(told).toEqual(['changes', 'changes', 'decisions'])
  })

  // proves: relay.s3
  test(`a tenant is told nothing of what concerns only others (${kind.name})`, async () => {
    const room = await openRoom(kind)
    const { told } = listen(room, a)

    await change(room, 'b')
    await change(room, null)
    await room.decide(shared, 'c', ['b', 'owner'])
    await room.decide(shared, 'c')
    await room.decide(ofB, 'c', ['b', 'owner'])
    const event = { type: 'sim.user.set', actor: relayIdentity, body: {} }
    await room.log.commit({ ops: [], appends: [{ stream: 'relay-sim:telegram/7', drafts: [event] }] })
    await room.decide(shared, 'c', ['b', 'owner'], ['a', 'principal'])
    await eventually(() => told.length > 0)

    expect(told).toEqual(['decisions'])
  })

  test(`it ends when nobody listens any more (${kind.name})`, async () => {
    const room = await openRoom(kind)
    const { told, over, end } = listen(room, everywhere)

    end()
    await over
    await change(room, 'a')

    expect(told).toEqual([])
  })
}

test('a simulated platform is told of, also one that is opened later, and that somebody types there', async () => {
  const room = await openRoom(grounds[0]!)
  const listeners = new Map<string, () => void>()
  const simOf = (name: string) => ({
    bot: {
      sim: {
        onChange: (listener: () => void) => {
          listeners.set(name, listener)
          return () => listeners.delete(name)
        },
      },
    },
  })
  const open = [simOf('first')]
  // The cast: nothing else of them is used.
  const bots = { list: () => open } as unknown as Room['bots']
  const ending = new AbortController()
  onTestFinished(() => ending.abort())
  const told: RelayKind[] = []
  const kinds = watch({ ground: room.deps.ground, bots }, everywhere, ending.signal)
  const over = (async () => {
    for await (const kind of kinds) told.push(kind)
  })()

  listeners.get('first')!()
  await eventually(() => told.length === 1)
  open.push(simOf('second'))
  const event = { type: 'sim.user.set', actor: relayIdentity, body: {} }
  await room.log.commit({ ops: [], appends: [{ stream: 'relay-sim:telegram/8', drafts: [event] }] })
  await eventually(() => listeners.has('second'))
  await room.clock.advance(250)
  await eventually(() => told.length === 2)
  expect(told).toEqual(['sim', 'sim'])

  open.shift()
  await change(room, null)
  await eventually(() => !listeners.has('first'))
  ending.abort()
  await over
  expect(listeners.size).toBe(0)
})

test('it fails when this node can not keep up, so that whoever follows begins again', async () => {
  const room = await openRoom(grounds[0]!)
  const log = {
    ...room.log,
    followKind: () => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('too far behind')) }),
    }),
  }
  const kinds = watch(
    { ground: { ...room.deps.ground, log } as Room['deps']['ground'], bots: room.bots },
    everywhere,
    new AbortController().signal,
  )

  await expect(kinds[Symbol.asyncIterator]().next()).rejects.toThrow('too far behind')
})
