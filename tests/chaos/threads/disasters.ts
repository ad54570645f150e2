import { strict as assert } from 'node:assert'
import { eventually } from '@parley/testkit'
import type { Planned } from './plan.js'
import { messagesOf, patience, type World } from './world.js'

/** Brings all that is planned, one after the other; then the people work on for a while. */
export async function breakAll(world: World, plan: readonly Planned[]): Promise<void> {
  for (const planned of plan) {
    await progress(world, planned.after)
    await bring(world, planned)
  }
  await world.nodes.both()
  await progress(world, 50)
}

/** Waits until so many more messages were acknowledged. Throws when a node has ended by itself. */
async function progress(world: World, count: number): Promise<void> {
  const before = messagesOf(world)
  const { faults } = world.nodes
  await eventually(() => messagesOf(world) >= before + count || faults.length > 0, patience)
  assert.deepEqual(faults, [])
}

async function bring(world: World, { disaster, place, after }: Planned): Promise<void> {
  const { nodes, services } = world
  if (disaster === 'kill' || disaster === 'stop') return nodes.replace(place, disaster)
  if (disaster === 'both')
    return void (await Promise.all([nodes.replace(0, 'kill'), nodes.replace(1, 'kill')]))
  if (disaster === 'redis') {
    await services.redis.kill()
    // Nodes that can't hear each other go on all the same.
    await progress(world, after)
    return services.redis.restart()
  }
  await services.postgres.kill()
  return services.postgres.restart()
}
