import type { Ground } from '@parley/kernel/ground'
import type { ThreadStore } from '../store/port.js'
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
  options: ResolvedOptions
  rates: WriteRates
  /** The handlers of this node. */
  assistants: Assistants
  /** Executes runs of this node. */
  runner: Runner
  onFault: (error: unknown, where: string) => void
}
