import type { Clock, Ids } from '@parley/kernel/ids'
import type { Environment, OpenAgentTerminals } from '../agent/index.js'
import type { HostEvents } from '../port.js'
import type { SessionLimits } from './limits.js'
import type { Records } from './records.js'

/** Resolves when nothing more is told. */
export type StopWatching = () => Promise<void> | void

/** Tells of changes in a directory as long as it is not stopped. */
export type WatchWorkspace = (sessionId: string, cwd: string) => Promise<StopWatching> | StopWatching

/** What every session works with. */
export type SessionDeps = {
  events: HostEvents
  clock: Clock
  ids: Ids
  limits: SessionLimits
  records: Records
  /** The host's own; only what is harmless is passed on. */
  env: Environment
  allowSetup: boolean
  openTerminals: OpenAgentTerminals
  watch: WatchWorkspace
  onFault(error: unknown, where: string): void
}

/** A random UUID (version 4). */
export function newUuid(ids: Ids): string {
  const hex = ids.hex(16)
  const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 3) | 8).toString(16)
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, variant + hex.slice(17, 20)]
  return [...parts, hex.slice(20)].join('-')
}

/** The time as events have it. */
export function isoNow(clock: Clock): string {
  return new Date(clock.now()).toISOString()
}
