import { isParleyError } from '@parley/kernel/errors'
import type { Stop } from '@parley/kernel/ids'
import type { Connection } from '@parley/kernel/socket'
import { closeCodes } from '../close-codes.js'
import { isSameCaller, revalidateMs } from '../service/callers.js'
import type { Visitor } from './admit.js'
import type { SocketDeps } from './deps.js'

/** Authenticates open connections anew from time to time; one whose credential has ended, or is somebody else's, is closed. */
export class Revalidation {
  readonly #deps: Pick<SocketDeps, 'options' | 'ground' | 'fault'>
  readonly #visitors = new Map<Connection, Visitor>()
  #stopTimer: Stop = () => {}
  #isStopped = false

  constructor(deps: Pick<SocketDeps, 'options' | 'ground' | 'fault'>) {
    this.#deps = deps
    this.#arm()
  }

  watch(connection: Connection, visitor: Visitor): void {
    this.#visitors.set(connection, visitor)
    connection.onClose(() => this.#visitors.delete(connection))
  }

  stop(): void {
    this.#isStopped = true
    this.#stopTimer()
  }

  #arm(): void {
    if (this.#isStopped) return
    this.#stopTimer = this.#deps.ground.clock.after(revalidateMs, () => void this.#round())
  }

  async #round(): Promise<void> {
    for (const [connection, visitor] of this.#visitors) {
      if (this.#isStopped) return
      if (await this.#isStill(visitor)) continue
      connection.close(closeCodes.policy, 'the credential has ended')
    }
    this.#arm()
  }

  /** When the application fails to say, the connection stays, and is asked about again. */
  async #isStill({ by, request, remoteAddress }: Visitor): Promise<boolean> {
    try {
      const now = await this.#deps.options.authenticate(request, remoteAddress)
      return now !== null && isSameCaller(now, by)
    } catch (error) {
      if (isParleyError(error) && error.status < 500) return false
      this.#deps.fault(error)
      return true
    }
  }
}
