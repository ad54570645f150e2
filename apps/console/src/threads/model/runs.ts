import type { Run } from '@parley/threads/protocol'
import { formatDuration } from '../../time/countdown.js'

/** Runs drawn in a room. */
const shownRuns = 20

export const isOver = ({ status }: Pick<Run, 'status'>): boolean =>
  status === 'completed' || status === 'failed' || status === 'cancelled'

/** The newest runs: those that were read, and what is known of them since. A run that is over stays so. */
export function mergeRuns(read: readonly Run[], live: readonly Run[]): readonly Run[] {
  const byId = new Map(read.map((run) => [run.id, run]))
  for (const run of live) {
    const known = byId.get(run.id)
    if (!known || !isOver(known)) byId.set(run.id, run)
  }
  return [...byId.values()].sort(newestFirst).slice(0, shownRuns)
}

function newestFirst(a: Run, b: Run): number {
  return b.started_at.localeCompare(a.started_at) || b.id.localeCompare(a.id)
}

/** How long a run took, or takes so far: from when it was asked for. */
export function runDuration({ started_at, completed_at }: Run, nowMs: number): string {
  const endMs = completed_at === null ? nowMs : Date.parse(completed_at)
  const seconds = Math.floor((endMs - Date.parse(started_at)) / 1000)
  return seconds < 1 ? 'under 1 s' : formatDuration(seconds)
}
