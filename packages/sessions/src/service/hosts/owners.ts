// Exactly one node has a host's link: the one that took its latest hello (section 13.2).
import type { NodeId } from '@parley/kernel/ids'
import type { Lease } from '@parley/kernel/leases'
import { ends, type LinkEnd } from './ends.js'
import type { HostsDeps } from './parts.js'

/** A link that may own its host. */
export interface Owning {
  /** Ends it; what was under way is done when this resolves. */
  end(why: LinkEnd): Promise<void>
}

type Owner<L extends Owning> = { link: L; lease: Lease }

export const leaseNameOf = (hostId: string): string => `host:${hostId}`
const acquireWithinMs = 20_000

export class Owners<L extends Owning> {
  readonly #deps: HostsDeps
  /** Asks a node to give a host up; resolves when it did. */
  readonly #askForIt: (node: NodeId, hostId: string) => Promise<void>
  readonly #owners = new Map<string, Owner<L>>()
  readonly #lines = new Map<string, Promise<unknown>>()

  constructor(deps: HostsDeps, askForIt: (node: NodeId, hostId: string) => Promise<void>) {
    this.#deps = deps
    this.#askForIt = askForIt
  }

  find(hostId: string): L | undefined {
    return this.#owners.get(hostId)?.link
  }

  get links(): L[] {
    return [...this.#owners.values()].map(({ link }) => link)
  }

  /** Makes a link its host's, in place of every other. Undefined when another node did not let go in time. */
  claim(hostId: string, link: L): Promise<Lease | undefined> {
    return this.#inLine(hostId, async () => {
      const before = this.#owners.get(hostId)
      if (before) await before.link.end(ends.replaced)
      const isOurs = before && !before.lease.lost.aborted
      const lease = isOurs ? before.lease : await this.#acquire(hostId)
      if (lease) this.#owners.set(hostId, { link, lease })
      else this.#owners.delete(hostId)
      return lease
    })
  }

  /** The link is over; the host is anybody's unless a newer one has taken it. */
  release(hostId: string, link: L, last: (lease: Lease) => Promise<void>): Promise<void> {
    return this.#inLine(hostId, async () => {
      const owner = this.#owners.get(hostId)
      if (owner?.link !== link) return
      this.#owners.delete(hostId)
      try {
        if (!owner.lease.lost.aborted) await last(owner.lease)
      } finally {
        await owner.lease.release()
      }
    })
  }

  /** Gives a host up for another node. */
  async yield(hostId: string): Promise<void> {
    await this.find(hostId)?.end(ends.replaced)
    // Its release is in line by now.
    await this.#lines.get(hostId)
  }

  async idle(): Promise<void> {
    await Promise.all(this.#lines.values())
  }

  async #acquire(hostId: string): Promise<Lease | undefined> {
    const { leases, node, clock } = this.#deps.ground
    const name = leaseNameOf(hostId)
    const free = await leases.tryAcquire(name)
    if (free) return free
    const holder = await leases.holder(name)
    if (holder && holder.node !== node) await this.#askForIt(holder.node, hostId)
    const tooLate = new AbortController()
    const stop = clock.after(acquireWithinMs, () => tooLate.abort())
    try {
      return await leases.acquire(name, { signal: tooLate.signal })
    } catch (error) {
      if (tooLate.signal.aborted) return undefined
      throw error
    } finally {
      stop()
    }
  }

  #inLine<T>(hostId: string, work: () => Promise<T>): Promise<T> {
    const before = this.#lines.get(hostId) ?? Promise.resolve()
    const mine = before.then(work, work)
    const settled = mine
      .catch(() => undefined)
      .finally(() => {
        if (this.#lines.get(hostId) === settled) this.#lines.delete(hostId)
      })
    this.#lines.set(hostId, settled)
    return mine
  }
}
