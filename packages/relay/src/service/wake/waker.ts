// Pokes instances that sleep (contract 7.4): one plain GET to the address they gave, at most once a minute. Best effort: whatever
// is lost here, the event itself waits in the buffer.

import { createGuardedFetch, type ResolveHost } from '@parley/kernel/delivery'
import type { Micros } from '@parley/kernel/ids'
import { limits } from '../../protocol/index.js'
import type { InstanceKey, InstanceRow } from '../../store/port.js'
import type { RelayDeps, Waker } from '../deps.js'

/** Instances that wait to be looked at, and those that wait for their poke. More are left to their next event. */
const maxWaiting = 10_000
const pokesAtOnce = 16
const keysPerRead = 256

/** `resolve`: for tests. */
export function createWaker(deps: RelayDeps, parts: { resolve?: ResolveHost } = {}): Waker {
  return new PokingWaker(deps, parts.resolve)
}

type Sleeper = InstanceKey & { wakeUrl: string }

class PokingWaker implements Waker {
  readonly #deps: RelayDeps
  readonly #guard: ReturnType<typeof createGuardedFetch>
  readonly #asked = new Map<string, InstanceKey>()
  readonly #sleepers = new Map<string, Sleeper>()
  readonly #stopping = new AbortController()
  readonly #pokes = new Set<Promise<void>>()
  #reading: Promise<void> | undefined

  constructor(deps: RelayDeps, resolve: ResolveHost | undefined) {
    this.#deps = deps
    this.#guard = createGuardedFetch({
      clock: deps.ground.clock,
      allowPrivate: deps.options.wakeAddresses ?? deps.options.allowPrivateAddresses ?? false,
      headersWithinMs: limits.pokeWithinMs,
      withinMs: limits.pokeWithinMs,
      maxBodyBytes: 0,
      ...(resolve && { resolve }),
    })
  }

  wake(keys: readonly InstanceKey[]): void {
    if (this.#stopping.signal.aborted) return
    for (const key of keys) if (this.#asked.size < maxWaiting) this.#asked.set(nameOf(key), key)
    if (this.#asked.size === 0) return
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = undefined
    })
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('The connector is stopping.'))
    this.#asked.clear()
    this.#sleepers.clear()
    await Promise.all([this.#reading, ...this.#pokes])
    await this.#guard.close()
  }

  // What arrives while one read is under way is read together by the next.
  async #readAll(): Promise<void> {
    while (this.#asked.size > 0) {
      const keys = [...this.#asked.values()].slice(0, keysPerRead)
      for (const key of keys) this.#asked.delete(nameOf(key))
      try {
        for (const row of await this.#deps.store.instances.findMany(keys)) this.#consider(row)
      } catch (error) {
        this.#deps.onFault(error, 'relay.wake')
      }
      this.#pokeNext()
    }
  }

  #consider(row: InstanceRow): void {
    const now = this.#deps.ground.clock.micros()
    const { tenant, instanceId, wakeUrl } = row
    if (this.#stopping.signal.aborted || wakeUrl === null || !isAsleep(row, now)) return
    if (row.pokedAt !== null && row.pokedAt > cooledAt(now)) return
    if (this.#sleepers.size < maxWaiting) this.#sleepers.set(nameOf(row), { tenant, instanceId, wakeUrl })
  }

  #pokeNext(): void {
    while (this.#pokes.size < pokesAtOnce) {
      const [next] = this.#sleepers
      if (!next) return
      this.#sleepers.delete(next[0])
      const poke = this.#poke(next[1]).finally(() => {
        this.#pokes.delete(poke)
        this.#pokeNext()
      })
      this.#pokes.add(poke)
    }
  }

  async #poke({ wakeUrl, ...key }: Sleeper): Promise<void> {
    try {
      if (!(await this.#claim(key))) return
      this.#deps.tally.count('pokes')
      // Nothing but the address: no body, and no header of ours.
      await this.#guard.fetch(wakeUrl, { signal: this.#stopping.signal }).catch(() => {})
    } catch (error) {
      this.#deps.onFault(error, 'relay.wake')
    }
  }

  /** False when somebody else has poked it within the last minute, or it is gone. */
  async #claim(key: InstanceKey): Promise<boolean> {
    const { ground, store } = this.#deps
    const at = ground.clock.micros()
    const op = store.instances.poke(key, { at, before: cooledAt(at) })
    return (await ground.log.commit({ ops: [op], appends: [] })).outcome === 'committed'
  }
}

const isAsleep = ({ state, liveUntil }: InstanceRow, now: Micros): boolean =>
  state !== 'live' || liveUntil === null || liveUntil < now

const cooledAt = (now: Micros): Micros => now - limits.pokeMs * 1_000

const nameOf = ({ tenant, instanceId }: InstanceKey): string => JSON.stringify([tenant, instanceId])
