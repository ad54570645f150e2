import { strict as assert } from 'node:assert'
import { randomFrom } from '../../fuzz/random.js'
import { breakAll } from './disasters.js'
import { drive } from './drivers.js'
import type { Evidence } from './evidence.js'
import { type Planned, planOf, type Severity } from './plan.js'
import { settled } from './settled.js'
import { assertRoom } from './verify.js'
import { messagesOf, openWorld, type Services, type World } from './world.js'

export type ChaosOptions = {
  seed: number
  rooms: number
  severity: Severity
  /** Most acknowledged messages between two disasters. */
  mostBetween: number
}

/** What a run proved. */
export type Figures = {
  disasters: number
  messages: number
  events: number
  /** By how they ended. */
  runs: Record<string, number>
  /** How often followers came to a node. */
  visits: number
  /** Requests that the receiver of webhooks got. */
  deliveries: number
  seconds: number
}

/** Breaks nodes and services under people at work, then holds everything against the log. Throws what did not hold. */
export async function chaos(services: Services, options: ChaosOptions): Promise<Figures> {
  const began = performance.now()
  const random = randomFrom(options.seed)
  const closers: (() => Promise<unknown>)[] = []
  try {
    const world = await openWorld(services, { random, rooms: options.rooms }, closers)
    const plan = planOf(random, options.severity, options.mostBetween)
    const evidence = await work(world, plan)
    for (const room of evidence) assertRoom(room)
    await world.nodes.end('stop')
    assert.deepEqual(world.nodes.faults, [])
    return toFigures(world, evidence, { disasters: plan.length, began })
  } finally {
    for (const close of closers.toReversed()) await close()
  }
}

/** Everybody works while everything breaks; resolves with what they saw when the dust has settled. */
async function work(world: World, plan: readonly Planned[]): Promise<Evidence[]> {
  const { nodes, rooms, random, followers } = world
  const [working, following] = [new AbortController(), new AbortController()]
  const follows = followers.map((follower) => follower.follow(following.signal))
  const drivers = Promise.all(rooms.map((room) => drive(nodes, room, random, working.signal)))
  // Whoever is refused ends the test at once, not at the end of the plan.
  const refused = drivers.then(() => new Promise<never>(() => {}))
  try {
    await Promise.race([refused, breakAll(world, plan)])
    working.abort()
    await drivers
    return await settled(world)
  } finally {
    working.abort()
    following.abort()
    await Promise.allSettled([drivers, ...follows])
  }
}

function toFigures(
  world: World,
  evidence: readonly Evidence[],
  { disasters, began }: { disasters: number; began: number },
): Figures {
  const runs: Record<string, number> = {}
  for (const { status, error } of evidence.flatMap((room) => room.runs)) {
    const name = error ? `${status} ${error.code}` : status
    runs[name] = (runs[name] ?? 0) + 1
  }
  return {
    disasters,
    messages: messagesOf(world),
    events: evidence.reduce((sum, { log }) => sum + log.length, 0),
    runs,
    visits: world.followers.reduce((sum, { visits }) => sum + visits, 0),
    deliveries: world.receiver.requests(),
    seconds: Math.round((performance.now() - began) / 100) / 10,
  }
}
