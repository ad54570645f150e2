import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '@parley/testkit'
import { bots } from './cast.js'
import { noFaults } from './disasters.js'
import type { Evidence, Written } from './evidence.js'
import type { Observer } from './observer.js'
import { readReceipts, shownOf, takenInOf } from './read-back.js'
import { setFaults } from './sim.js'
import type { World } from './world.js'

/** Longest wait for anything: only a failing test gets there. */
const patience = { deadlineMs: 240_000, everyMs: 500 }
/** An acknowledgement that a connector could not write down is lost; then the entry comes with the next connection. */
const lostAckMs = 20_000

/** Lets everything recover: waits until no buffer has an entry and no receipt is open, and reads it all. */
export async function settled(
  world: World,
  observer: Observer,
  written: readonly Written[],
): Promise<Evidence & { lostAcks: number }> {
  const { gateways, nodes, ground } = world
  await nodes.both()
  await setFaults(nodes, bots, noFaults)
  for (const gateway of gateways) {
    gateway.calm()
    // What it has left unacknowledged comes again to its next process only.
    if (!gateway.wire.isAllAcked()) gateway.restart()
  }
  const lostAcks = await drained(world, observer)
  await Promise.all(gateways.map((gateway) => gateway.answered()))
  await eventually(async () => (await observer.tables.queued()) === 0, patience)
  await observer.look()
  for (const { world: platform } of observer.streams) await platform.catchUp()
  const [pending, dropped] = await Promise.all([observer.tables.pending(), observer.tables.dropped()])
  return {
    written,
    takenIn: takenInOf(observer.streams),
    gateways: gateways.map(({ member: { tenant, instanceId }, wire, asked }) => ({
      tenant,
      instanceId,
      wire: wire.events,
      asked,
      pending: pending.get(instanceId) ?? 0,
      dropped: dropped.get(instanceId) ?? 0,
    })),
    shown: shownOf(observer.streams),
    receipts: await readReceipts(ground),
    lostAcks,
  }
}

/** Resolves with how many gateways had to come again for what they had acknowledged already. */
async function drained({ gateways }: World, { tables }: Observer): Promise<number> {
  let lostAcks = 0
  const again = async () => {
    const pending = await tables.pending()
    for (const gateway of gateways) {
      const count = pending.get(gateway.member.instanceId) ?? 0
      if (count === 0 || !gateway.wire.isAllAcked()) continue
      // Only those that have nothing left to acknowledge: who waits for an event goes on waiting for it.
      if (gateway.wire.unsettled() < count) continue
      lostAcks += 1
      gateway.restart()
    }
  }
  const isEmpty = async () => (await tables.pending()).size === 0
  const giveUpAt = performance.now() + patience.deadlineMs
  for (let askAt = performance.now() + lostAckMs; !(await isEmpty()); await sleep(patience.everyMs)) {
    if (performance.now() > giveUpAt)
      throw new Error(`buffers do not become empty: ${await stuck(gateways, tables)}`)
    if (performance.now() < askAt) continue
    await again()
    askAt = performance.now() + lostAckMs
  }
  return lostAcks
}

const lastEvents = 20

/** What is left, where the store says that its instance is, and what its gateway saw last. */
async function stuck(gateways: World['gateways'], tables: Observer['tables']): Promise<string> {
  const [pending, places] = await Promise.all([tables.pending(), tables.places()])
  const stories = [...pending].map(([instanceId, entries]) => {
    const wire = gateways.find(({ member }) => member.instanceId === instanceId)?.wire
    const seen = wire?.events.slice(-lastEvents).map((event) => ({ ...event, frame: undefined }))
    return { entries, place: places.find((one) => one.instanceId === instanceId), now: nowMs(), seen }
  })
  return JSON.stringify(stories, null, 1)
}

const nowMs = () => Math.round(performance.now())
