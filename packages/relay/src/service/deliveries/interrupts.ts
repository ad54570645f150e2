// Interrupts (contract 6.1): to whoever runs the session, in the sender's tenant alone. Never kept.

import { frameText, limits } from '../../protocol/index.js'
import type { InstanceKey } from '../../store/port.js'
import type { Gateway, RelayDeps } from '../deps.js'
import { toKey } from './names.js'
import type { Nodes } from './nodes.js'
import type { Seats } from './seats.js'

export type Interrupt = { key: InstanceKey; sessionKey: string; chatId: string }

const nodeWithinMs = 5_000

export class Interrupts {
  readonly #deps: RelayDeps
  readonly #seats: Seats
  readonly #nodes: Nodes

  constructor(deps: RelayDeps, seats: Seats, nodes: Nodes) {
    this.#deps = deps
    this.#seats = seats
    this.#nodes = nodes
  }

  /** What a gateway asks for. */
  async ask({ tenant }: Gateway, sessionKey: string): Promise<void> {
    const { ground, store } = this.#deps
    const since = ground.clock.micros() - limits.routeMs * 1_000
    const route = await store.routing.sessionRoute(tenant, sessionKey, since)
    if (!route) return this.#miss()
    const key = { tenant, instanceId: route.instanceId }
    await this.send({ key, sessionKey, chatId: route.chatId })
  }

  async send(interrupt: Interrupt): Promise<void> {
    if (!this.sendHere(interrupt) && !(await this.#sendThere(interrupt))) this.#miss()
  }

  /** False when this node has no socket that takes the instance's events. */
  sendHere({ key, sessionKey, chatId }: Interrupt): boolean {
    const holder = this.#seats.find(key)?.holder
    if (!holder?.isOpen) return false
    holder.send(frameText({ type: 'interrupt_inbound', session_key: sessionKey, chat_id: chatId }))
    return true
  }

  async #sendThere(interrupt: Interrupt): Promise<boolean> {
    const { ground, store } = this.#deps
    const row = await store.instances.find(interrupt.key)
    if (row?.state !== 'live' || row.node === null || row.node === ground.node) return false
    if ((row.liveUntil ?? 0) < ground.clock.micros()) return false
    const question = { ask: 'interrupt', ...interrupt, key: toKey(interrupt.key) } as const
    // A node that does not answer in time has no socket that is of use now.
    return await this.#nodes.ask(row.node, question, nodeWithinMs).catch(() => false)
  }

  #miss(): void {
    this.#deps.tally.count('interrupts.missed')
  }
}
