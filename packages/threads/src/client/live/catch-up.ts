import type { Connection } from '../socket/connection.js'
import { ThreadsClientError } from '../threads-client-error.js'
import type { Reader } from './reader.js'
import type { ThreadState } from './state.js'
import type { SyncSteps } from './sync.js'

export type CatchUpParts = { reader: Reader; state: ThreadState; connection: Connection }

/** Brings what is known of a thread up to date with its server. */
export class CatchUp implements SyncSteps {
  readonly #parts: CatchUpParts
  #older: Promise<void> | undefined

  constructor(parts: CatchUpParts) {
    this.#parts = parts
  }

  async load(): Promise<void> {
    const { reader, state, connection } = this.#parts
    // With a connection the rest is read right after joining.
    const isSoon = connection.state === 'connected'
    const [look, found] = await Promise.all([reader.look(), isSoon ? undefined : reader.surroundings()])
    if (found) state.takeSurroundings(found)
    state.hasOlder = look.hasOlder
    state.applied(state.log.append(look.events))
  }

  async join(): Promise<void> {
    const { reader, state } = this.#parts
    const { log } = state
    const isEmpty = log.newest === undefined
    for (let isTruncated = true; isTruncated; ) {
      const replay = await reader.join(log.newest)
      state.applied(log.append(replay.events))
      isTruncated = replay.isTruncated
    }
    // Without a place there is no replay.
    if (isEmpty) await this.load()
  }

  isBehind(): boolean {
    return this.#parts.state.log.isBehind
  }

  async fill(): Promise<void> {
    const { reader, state } = this.#parts
    const { log } = state
    const before = log.newest?.seq
    try {
      state.applied(log.append(await reader.lookAfter(log.newest)))
    } catch (error) {
      // A server that can't say what is missing must not stop the rest.
      if (!(error instanceof ThreadsClientError) || error.code !== 'invalid_response') throw error
    }
    if (log.newest?.seq === before) state.applied(log.skipMissing())
  }

  async refresh(): Promise<void> {
    const { reader, state } = this.#parts
    const before = state.runs.active
    const found = await reader.surroundings()
    const active = new Set(found.runs.map(({ id }) => id))
    const unseen = before.filter(({ id }) => !active.has(id)).map(({ id }) => id)
    const ended = await Promise.all(unseen.map(async (id) => ({ id, run: await reader.run(id) })))
    for (const { id, run } of ended) {
      if (run) state.runs.take(run)
      else state.runs.forget(id)
    }
    state.takeSurroundings(found)
    state.streams.settle(new Set(state.runs.active.map(({ id }) => id)))
  }

  /** Reads what lies before the oldest event; one look at a time. */
  loadOlder(): Promise<void> {
    const { hasOlder, log } = this.#parts.state
    if (!hasOlder || !log.oldest) return Promise.resolve()
    this.#older ??= this.#loadOlder().finally(() => {
      this.#older = undefined
    })
    return this.#older
  }

  async #loadOlder(): Promise<void> {
    const { reader, state } = this.#parts
    const look = await reader.look(state.log.oldest)
    state.takeOlder(look)
  }
}
