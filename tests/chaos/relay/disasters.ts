import { setTimeout as sleep } from 'node:timers/promises'
import type { SimFaults } from '@parley/relay'
import type { Random } from '../../fuzz/random.js'
import { bots } from './cast.js'
import { setFaults } from './sim.js'
import type { World } from './world.js'

/**
 * Something that goes wrong. `both`: the two connectors at once. `outage`: a platform is down for some seconds; `long-outage`: for so
 * long that connectors give up. `narrow`: it takes one call a second.
 */
export type Disaster = 'kill' | 'both' | 'stop' | 'redis' | 'postgres' | 'outage' | 'long-outage' | 'narrow'

/** What goes wrong all the time. */
export const everyday: SimFaults = {
  outage: false,
  ambiguousShare: 0.03,
  duplicateShare: 0.05,
  reorderShare: 0.05,
  callsPerSecond: 0,
}
export const noFaults: SimFaults = {
  outage: false,
  ambiguousShare: 0,
  duplicateShare: 0,
  reorderShare: 0,
  callsPerSecond: 0,
}

/** How often each is drawn, against the others. */
const weights: Readonly<Record<Disaster, number>> = {
  kill: 3,
  both: 1,
  stop: 1,
  redis: 2,
  postgres: 2,
  outage: 2,
  'long-outage': 1,
  narrow: 1,
}

/** A disaster after the other, without an end. */
export function* atRandom(random: Random): Generator<Disaster> {
  // The cast: keys of a record are its keys.
  const entries = Object.entries(weights) as [Disaster, number][]
  const drawn = entries.flatMap(([disaster, weight]) => Array<Disaster>(weight).fill(disaster))
  for (;;) yield random.pick(drawn)
}

/** Brings one, and resolves when its cause is over. */
export async function bring(world: World, disaster: Disaster): Promise<void> {
  const { nodes, services, random } = world
  const place = random.below(2)
  const aWhile = () => sleep(500 + random.below(4_000))
  switch (disaster) {
    case 'kill':
    case 'stop':
      return await nodes.replace(place, disaster)
    case 'both':
      return void (await Promise.all([nodes.replace(0, 'kill'), nodes.replace(1, 'kill')]))
    case 'redis':
      await services.redis.kill()
      // Connectors that can't hear each other go on all the same.
      await aWhile()
      return await services.redis.restart()
    case 'postgres':
      await services.postgres.kill()
      await aWhile()
      return await services.postgres.restart()
    default:
      return await onPlatform(world, disaster)
  }
}

async function onPlatform(
  { nodes, random }: World,
  disaster: 'outage' | 'long-outage' | 'narrow',
): Promise<void> {
  const some = [random.pick(bots)]
  const change = disaster === 'narrow' ? { callsPerSecond: 1 } : { outage: true }
  await setFaults(nodes, some, change)
  await sleep(disaster === 'long-outage' ? 26_000 : 2_000 + random.below(5_000))
  await setFaults(nodes, some, everyday)
}
