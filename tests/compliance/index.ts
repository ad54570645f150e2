import { checks } from './checks/index.js'
import { type Report, type RunOptions, runAll } from './core/run.js'

export { checks } from './checks/index.js'
export type { Check, Kind } from './core/check.js'
export { type Report, type RunOptions, runOne, type Status } from './core/run.js'
export { toTable } from './core/table.js'

/**
 * Judges a server of the handshake protocol from outside, over HTTP and WebSocket.
 * The server should be started as the conformance fixture describes: its action hooks and raised
 * per-address limits are what some checks need; those report `n/a` or red elsewhere.
 */
export function runChecks(options: RunOptions): Promise<Report> {
  return runAll(checks, options)
}
