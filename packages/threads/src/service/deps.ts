import type { Decisions } from '@parley/kernel/decisions'
import type { Ground } from '@parley/kernel/ground'
import type { ThreadStore } from '../store/port.js'
import type { Broadcasts } from './broadcasts.js'
import type { Commit } from './commit.js'
import type { ResolvedOptions } from './options.js'
import type { WriteRates } from './rates.js'
import type { Assistants } from './runs/assistants.js'
import type { Runner } from './runs/runner.js'

/** Everything a use case works with; made once. */
export type ThreadsDeps = {
  ground: Ground
  store: ThreadStore
  commit: Commit
  /** Told of what this node changes, when the application gave a broadcaster. */
  broadcasts?: Broadcasts | undefined
  /** Forms and approvals: whatever somebody has to answer. */
  decisions: Decisions
  options: ResolvedOptions
  rates: WriteRates
  /** The handlers of this node. */
  assistants: Assistants
  /** Executes runs of this node. */
  runner: Runner
  onFault: (error: unknown, where: string) => void
}
