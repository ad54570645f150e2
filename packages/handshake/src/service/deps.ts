import type { Ground } from '@parley/kernel/ground'
import type { HandshakeStore } from '../store/port.js'
import type { Audit } from './audit.js'
import type { Batches } from './batches.js'
import type { Hooks } from './hooks.js'
import type { ModeHandler, ModeHandlers } from './modes/handler.js'
import type { OpenCount } from './open-count.js'
import type { ResolvedOptions } from './options.js'
import type { Rates } from './rates.js'
import type { States } from './states.js'
import type { Touches } from './touches.js'

/** What the service needs to know of the open sockets of this node. */
export type Sockets = {
  /** Open sockets of a handshake, on this node and as far as known on the others. */
  count(id: string): number
  /** Writes out what waits to be sent to a handshake's sockets. */
  flush(id: string): void
}

/** Everything a use case works with; made once. */
export type HandshakeDeps = {
  ground: Ground
  store: HandshakeStore
  options: ResolvedOptions
  hooks: Hooks
  handlers: ModeHandlers
  /** Handlers whose context answer depends on the stored state and the seconds left, and on nothing else. */
  cacheable: ReadonlySet<ModeHandler>
  /** Handlers of forms: their action report has the state in it. */
  forms: ReadonlySet<ModeHandler>
  states: States
  touches: Touches
  rates: Rates
  openCount: OpenCount
  audit: Audit
  batches: Batches
  sockets: Sockets
  onFault: (error: unknown, where: string) => void
}
