import type { Clock } from '@parley/kernel/ids'
import type { FileSystemEntry } from '../../../protocol/session-host/index.js'
import type { HostEvents } from '../../port.js'
import { tree } from '../tree.js'
import type { ChangeBatch } from './changes.js'
import type { WatchDirectory } from './source.js'
import { createWatcher } from './watcher.js'

const snapshotEveryMs = 2_000
const maxSnapshotEntries = 2_000
const maxSnapshotChars = 256 * 1024

export type WorkspaceEventsOptions = {
  events: HostEvents
  clock: Clock
  /** As for `fileRoutes`. */
  ignored?: readonly string[]
  watchDirectory?: WatchDirectory
}

/** Tells what changes in the workspaces of sessions. */
export interface WorkspaceEvents {
  /** Resolves, when changes are seen, with the function that ends it. */
  watch(sessionId: string, workspace: string): Promise<() => Promise<void>>
  close(): Promise<void>
}

/**
 * Emits `filesystem.changed` for every session of a directory that changed, and signals a `filesystem.snapshot` after it: at
 * most one in 2 seconds, only of trees of up to 2,000 entries, and none while the spool is full.
 */
export function createWorkspaceEvents(options: WorkspaceEventsOptions): WorkspaceEvents {
  const { events, clock, ignored = [] } = options
  const snapshots = new Map<string, () => void>()
  let count = 0
  const sessionsOf = new Map<string, readonly string[]>()

  const tellTree = async (directory: string) => {
    snapshots.delete(directory)
    const ids = sessionsOf.get(directory) ?? []
    sessionsOf.delete(directory)
    const entries = ids.length > 0 && !events.room() ? await smallTree(directory, ignored, clock) : undefined
    if (entries) for (const id of ids) signalTree(options, id, directory, entries)
  }
  const onChanges = (watched: { directory: string; ids: readonly string[] }, batch: ChangeBatch) => {
    const { directory } = watched
    const sessionIds = [...new Set(watched.ids.map(sessionOf))]
    for (const sessionId of sessionIds)
      events.emit({ sessionId, type: 'filesystem.changed', data: { ...batch } })
    sessionsOf.set(directory, sessionIds)
    if (snapshots.has(directory)) return
    snapshots.set(
      directory,
      clock.after(snapshotEveryMs, () => void tellTree(directory)),
    )
  }
  const watcher = createWatcher({ clock, onChanges, watchDirectory: options.watchDirectory })
  return {
    watch: async (sessionId, workspace) => {
      // One id for each call: an old end does not end what began anew.
      const id = `${++count} ${sessionId}`
      await watcher.watch(id, workspace)
      return () => watcher.unwatch(id)
    },
    close: async () => {
      for (const stop of snapshots.values()) stop()
      await watcher.close()
    },
  }
}

const sessionOf = (id: string): string => id.slice(id.indexOf(' ') + 1)

async function smallTree(directory: string, patterns: readonly string[], clock: Clock) {
  const options = { showAll: false, patterns, clock, max: maxSnapshotEntries }
  const found = await tree([directory], undefined, options).catch(() => undefined)
  if (!found || found.truncated) return undefined
  const chars = found.entries.reduce((sum, { path }) => sum + path.length, 0)
  return chars > maxSnapshotChars ? undefined : found.entries
}

function signalTree(
  { events, clock }: WorkspaceEventsOptions,
  sessionId: string,
  root: string,
  entries: FileSystemEntry[],
) {
  const timestamp = new Date(clock.now()).toISOString()
  const event = { type: 'filesystem.snapshot', data: { snapshot: { root, entries } }, timestamp }
  events.signal({ sessionId, channel: `session:${sessionId}:fs`, data: event })
}
