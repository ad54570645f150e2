import type { Decisions } from '@parley/kernel/decisions'
import type { Ground } from '@parley/kernel/ground'
import type { Runtime } from '../protocol/index.js'
import type { SessionsStore } from '../store/port.js'
import type { SessionsLimits, SessionsOptions } from './options.js'
import type { Intake, RuntimeRouter } from './port.js'

/** What the operations of the plane stand on. */
export type SessionsDeps = {
  ground: Ground
  store: SessionsStore
  /** Of the streams `permissions:<sessionId>`. */
  decisions: Decisions
  runtimes: Readonly<Record<string, Runtime>>
  router: RuntimeRouter
  intake: Intake
  options: SessionsOptions & { prefix: string; limits: SessionsLimits }
  onFault(error: unknown, where: string): void
}
