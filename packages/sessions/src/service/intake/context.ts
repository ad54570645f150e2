import type { Identity } from '@parley/kernel/principal'
import type { Ledger } from '../permissions/ledger.js'
import type { IntakeParts } from './intake.js'
import type { UnitPlan } from './plan.js'

/** What planning one unit stands on. */
export type IntakeContext = IntakeParts & {
  plan: UnitPlan
  ledger: Ledger
  /** The linked host that the events come from. */
  hostId: string | undefined
  /** Who the events are from unless they say so themselves. */
  actor: Identity
}
