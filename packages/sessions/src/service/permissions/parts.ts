import type { SessionsDeps } from '../deps.js'
import type { SessionsIntake } from '../intake/intake.js'
import type { DirectAnswer } from '../intake/plan.js'

export type PermissionsDeps = Pick<SessionsDeps, 'ground' | 'store' | 'decisions' | 'router' | 'onFault'> & {
  intake: SessionsIntake
  onPermissionRequest?: SessionsDeps['options']['onPermissionRequest']
  /** A linked host has a call waiting. */
  deliver(hostId: string): void
}

/** What answering stands on. */
export type PermissionsParts = PermissionsDeps & {
  /** Brings an answer to a host that is reached by URL. */
  tellHost(answer: DirectAnswer): void
}
