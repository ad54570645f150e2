import { setTimeout as sleep } from 'node:timers/promises'
import { streamsOf, tablesOf } from './read-back.js'
import type { World } from './world.js'

const everyMs = 1_000

/** Looks into the tables now and then: which entries are settled, and what connectors took in. */
export class Observer {
  readonly #world: World
  readonly streams: ReturnType<typeof streamsOf>
  readonly tables: ReturnType<typeof tablesOf>

  constructor(world: World) {
    this.#world = world
    this.streams = streamsOf(world.ground)
    this.tables = tablesOf(world.ground)
  }

  async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      // Postgres may be away.
      await this.look().catch(() => {})
      await sleep(everyMs, undefined, { signal: stop }).catch(() => {})
    }
  }

  async look(): Promise<void> {
    // Before the question: what came was in the table then, so that what is not there now was settled.
    const open = this.#world.gateways.map(({ wire }) => ({ wire, came: wire.open }))
    const there = await this.tables.bufferIds()
    for (const { wire, came } of open) wire.settled(came.filter((bufferId) => !there.has(bufferId)))
    for (const { takenIn } of this.streams) await takenIn.catchUp()
  }
}
