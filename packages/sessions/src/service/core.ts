// What the core of the service stands on beside the other rooms.

import type { Principal } from '@parley/kernel/principal'
import type { SessionRow } from '../store/port.js'
import type { SessionsDeps } from './deps.js'
import type { Mirror } from './mirror.js'
import type { Live } from './sessions/live.js'

export type CoreDeps = SessionsDeps & {
  /** Which sessions of hosts without a link this node knows to be there. */
  live: Live
  /** A storage of the application's, kept up to date. */
  mirror: Mirror
  /** Id of the linked host behind an instance; undefined when none dials in. */
  hostOf(typeName: string, instance: string): Promise<string | undefined>
  probe: Probe
}

/** True when `GET` of an address answers 2xx. Never throws. */
export type Probe = (url: string) => Promise<boolean>

/** What other rooms do when settings change. */
export type SettingsHooks = {
  /** Auto-approve was turned on or off: tells hosts, and decides what waits. Must not throw. */
  autoApproveChanged(sessions: readonly SessionRow[], by: Principal): Promise<void>
}
