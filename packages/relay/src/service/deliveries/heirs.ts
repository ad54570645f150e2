// When the socket that takes an instance's events is lost, an older one that is still open takes its place: the instance is there.

import type { InstanceKey } from '../../store/port.js'
import type { GatewayLink } from '../deps.js'
import { nameOf } from './names.js'

/** The sockets of this node, and who of them may take events. */
export class Heirs {
  readonly #links: ReadonlySet<GatewayLink>
  /**
   * Those that were open when their instance went idle here, with the request: they are told nothing before a new handshake. Other
   * nodes go by the store, which says `idle` until then.
   */
  readonly #idle = new WeakMap<GatewayLink, string>()

  constructor(links: ReadonlySet<GatewayLink>) {
    this.#links = links
  }

  /** The socket of the latest handshake that is open. */
  of(key: InstanceKey): GatewayLink | undefined {
    return this.#linksOf(key).findLast((link) => link.isOpen && !this.#idle.has(link))
  }

  wentIdle(key: InstanceKey, request: string): void {
    for (const link of this.#linksOf(key)) if (!this.#idle.has(link)) this.#idle.set(link, request)
  }

  /** That request could not be granted. */
  stayedAwake(key: InstanceKey, request: string): void {
    for (const link of this.#linksOf(key)) if (this.#idle.get(link) === request) this.#idle.delete(link)
  }

  /** In the order of their handshakes. */
  #linksOf(key: InstanceKey): GatewayLink[] {
    const name = nameOf(key)
    return [...this.#links].filter(({ gateway }) => nameOf(gateway) === name)
  }
}
