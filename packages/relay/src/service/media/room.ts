import { relayErrors } from '../../errors.js'
import type { RelayDeps } from '../deps.js'

/** Files that one tenant sends at the same time: each holds a piece in memory, however slowly it comes. */
const mostSent = 32

/** How much room tenants have left: what is kept for them counts, and what arrives on this node. */
export class Room {
  readonly #deps: RelayDeps
  readonly #arriving = new Map<string, number>()
  /** How many files each tenant sends now. */
  readonly #sending = new Map<string, number>()

  constructor(deps: RelayDeps) {
    this.#deps = deps
  }

  /**
   * Counts a file that arrives for tenants; `sender`: the tenant that sends it itself. Throws `relay.media_full` when none of them
   * has any room, and `relay.rate_limited` when the sender sends too many at once.
   */
  async enter(tenants: readonly string[], sender?: string): Promise<Arrival> {
    if (sender !== undefined && (this.#sending.get(sender) ?? 0) >= mostSent)
      throw relayErrors.rateLimited({ retryAfter: 1 })
    // Before anything is waited for: many that come together find no more room than one after another.
    if (sender !== undefined) add(this.#sending, sender, 1)
    const leave = () => {
      if (sender !== undefined) add(this.#sending, sender, -1)
    }
    try {
      return await this.#arrival(tenants, leave)
    } catch (error) {
      leave()
      throw error
    }
  }

  async #arrival(tenants: readonly string[], leave: () => void): Promise<Arrival> {
    const kept = await this.#kept(tenants)
    const hasRoom = (tenant: string) => this.#used(tenant, kept) < this.#limit
    if (!tenants.some(hasRoom)) throw relayErrors.mediaFull()
    let size = 0
    return {
      add: (bytes) => {
        size += bytes
        for (const tenant of tenants) add(this.#arriving, tenant, bytes)
        if (tenants.every((tenant) => this.#used(tenant, kept) > this.#limit)) throw relayErrors.mediaFull()
      },
      fitting: async () => {
        const now = await this.#kept(tenants)
        const fitting = tenants.filter((tenant) => this.#used(tenant, now) <= this.#limit)
        if (fitting.length === 0) throw relayErrors.mediaFull()
        return fitting
      },
      end: () => {
        leave()
        for (const tenant of tenants) add(this.#arriving, tenant, -size)
      },
    }
  }

  get #limit(): number {
    return this.#deps.options.limits.mediaBytesPerTenant
  }

  #used(tenant: string, kept: ReadonlyMap<string, number>): number {
    return (kept.get(tenant) ?? 0) + (this.#arriving.get(tenant) ?? 0)
  }

  async #kept(tenants: readonly string[]): Promise<Map<string, number>> {
    const { media } = this.#deps.store
    return new Map(
      await Promise.all(tenants.map(async (tenant) => [tenant, await media.kept(tenant)] as const)),
    )
  }
}

function add(counts: Map<string, number>, tenant: string, more: number): void {
  const rest = (counts.get(tenant) ?? 0) + more
  if (rest > 0) counts.set(tenant, rest)
  else counts.delete(tenant)
}

export type Arrival = {
  /** Throws `relay.media_full` when it is too much for every tenant. */
  add(bytes: number): void
  /** The tenants that have room for all of it: the others do not get to see the file. Throws when there are none. */
  fitting(): Promise<string[]>
  end(): void
}
