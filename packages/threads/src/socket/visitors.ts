import type { Socket } from 'socket.io'
import { threadsErrors } from '../errors.js'
import type { Caller } from '../service/caller.js'
import { type ActionParts, serve } from './actions.js'
import { admit, toConnectError } from './admit.js'
import { startRevalidation } from './revalidate.js'
import { Visitor } from './visitor.js'

/** The sockets that are connected, and how they come and go. */
export class Visitors {
  readonly #parts: ActionParts
  readonly #callers = new WeakMap<Socket, Caller>()
  readonly #visitors = new Set<Visitor>()
  readonly #perIdentity = new Map<string, number>()
  readonly #working = new Set<Promise<void>>()

  constructor(parts: ActionParts) {
    this.#parts = parts
  }

  get size(): number {
    return this.#visitors.size
  }

  /** Resolves with why a socket may not connect, or with nothing. */
  async admit(socket: Socket): Promise<Error | undefined> {
    const { deps, service } = this.#parts
    try {
      const caller = await admit(deps, service, socket)
      this.#assertFew(caller)
      this.#callers.set(socket, caller)
      return undefined
    } catch (error) {
      return toConnectError(deps, error)
    }
  }

  /** Serves a socket that was admitted. */
  welcome(socket: Socket): void {
    const caller = this.#callers.get(socket)!
    // Several may have been admitted at once.
    if (this.#countOf(caller) >= this.#parts.limits.perIdentity) return void socket.disconnect()
    const visitor = new Visitor(socket, caller, this.#parts.limits.waitingEvents)
    this.#visitors.add(visitor)
    this.#perIdentity.set(keyOf(caller), this.#countOf(caller) + 1)
    const stopChecks = startRevalidation(this.#parts.deps, this.#parts.service, visitor)
    socket.on('disconnect', () => {
      stopChecks()
      this.#left(visitor)
    })
    serve(this.#parts, visitor)
  }

  /** Resolves when nothing is done for any socket any more. */
  async idle(): Promise<void> {
    await Promise.all(this.#working)
  }

  #left(visitor: Visitor): void {
    visitor.leaveAll()
    this.#visitors.delete(visitor)
    const count = this.#countOf(visitor.caller) - 1
    if (count > 0) this.#perIdentity.set(keyOf(visitor.caller), count)
    else this.#perIdentity.delete(keyOf(visitor.caller))
    const working = visitor.idle.finally(() => this.#working.delete(working))
    this.#working.add(working)
  }

  #assertFew(caller: Caller): void {
    const { perIdentity } = this.#parts.limits
    if (this.#countOf(caller) >= perIdentity)
      throw threadsErrors.rateLimited({ message: `more than ${perIdentity} sockets` })
  }

  #countOf(caller: Caller): number {
    return this.#perIdentity.get(keyOf(caller)) ?? 0
  }
}

const keyOf = ({ identity }: Caller): string => `${identity.role} ${identity.id}`
