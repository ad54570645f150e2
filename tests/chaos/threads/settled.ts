import { eventually } from '@parley/testkit'
import { owner, type Room } from './drivers.js'
import type { Evidence } from './evidence.js'
import { activeRuns } from './invoker.js'
import { deliveries, readLog, readRuns } from './read-back.js'
import { patience, type World } from './world.js'

/** Waits until every run has ended, every follower has the whole log and nothing is left to be delivered; reads it all. */
export async function settled(world: World): Promise<Evidence[]> {
  const evidence: Evidence[] = []
  for (const room of world.rooms) evidence.push(await settledRoom(world, room))
  return evidence
}

async function settledRoom(world: World, room: Room): Promise<Evidence> {
  const { nodes, random, followers, receiver, ground } = world
  const { threadId, acknowledged, invoked } = room
  const asker = { nodes, random }
  await eventually(async () => (await activeRuns(asker, owner, threadId)).length === 0, patience)
  const log = await readLog(asker, owner, threadId)
  const runs = await readRuns(asker, owner, threadId)
  await eventually(() => followers.every((one) => one.seen(threadId).length >= log.length), patience)
  await eventually(async () => (await deliveries(ground).open()) === 0, patience)
  return {
    threadId,
    log,
    runs,
    acknowledged,
    invoked,
    followers: followers.map((one) => ({ name: one.name, seen: [...one.seen(threadId)] })),
    delivered: receiver.taken(threadId),
    dead: await deliveries(ground).dead(),
  }
}
