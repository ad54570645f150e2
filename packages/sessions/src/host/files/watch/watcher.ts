import { realpath } from 'node:fs/promises'
import type { Clock } from '@parley/kernel/ids'
import { type ChangeBatch, gatherChanges } from './changes.js'
import { type WatchDirectory, watchDirectory } from './source.js'

const batchMs = 300

export type WatcherOptions = {
  clock: Clock
  /** Called at most once in 300 ms for a directory, with all who watch it. */
  onChanges(watched: { directory: string; ids: readonly string[] }, batch: ChangeBatch): void
  /** Default: the system's notifications, else looking every second. */
  watchDirectory?: WatchDirectory
}

/** Watches directories for whoever names one; all who name the same one share it. */
export interface Watcher {
  /** Resolves when changes are seen. A directory that does not exist is not watched. */
  watch(id: string, directory: string): Promise<void>
  /** An unknown id is ignored. */
  unwatch(id: string): Promise<void>
  close(): Promise<void>
}

type Shared = { ids: Set<string>; begun: Promise<() => Promise<void>>; end(): void }

/** Changes of files below directories, except inside `node_modules` and `.git`, in batches of 300 ms and 1,000 changes. */
export function createWatcher(options: WatcherOptions): Watcher {
  const shared = new Map<string, Shared>()
  const directories = new Map<string, string>()
  const wishes = new Map<string, symbol>()

  const leave = async (id: string): Promise<void> => {
    const directory = directories.get(id)
    directories.delete(id)
    const one = directory === undefined ? undefined : shared.get(directory)
    if (directory === undefined || !one) return
    one.ids.delete(id)
    if (one.ids.size > 0) return
    shared.delete(directory)
    one.end()
    await one.begun.then((stop) => stop()).catch(() => undefined)
  }
  return {
    watch: async (id, path) => {
      const wish = Symbol(id)
      wishes.set(id, wish)
      const directory = await realpath(path).catch(() => undefined)
      await leave(id)
      // Whoever has gone, or watches something else by now, is not put back.
      if (directory === undefined || wishes.get(id) !== wish) return
      const one = shared.get(directory) ?? begin(options, directory)
      shared.set(directory, one)
      one.ids.add(id)
      directories.set(id, directory)
      await one.begun.catch(() => undefined)
    },
    unwatch: (id) => {
      wishes.delete(id)
      return leave(id)
    },
    close: async () => {
      wishes.clear()
      await Promise.all([...directories.keys()].map(leave))
    },
  }
}

function begin({ clock, onChanges, watchDirectory: watch }: WatcherOptions, directory: string): Shared {
  const ids = new Set<string>()
  const gathered = gatherChanges()
  let stopTimer: (() => void) | undefined
  const tell = () => {
    stopTimer = undefined
    const batch = gathered.take()
    if (batch && ids.size > 0) onChanges({ directory, ids: [...ids] }, batch)
  }
  const soon = () => {
    stopTimer ??= clock.after(batchMs, tell)
  }
  const sink = {
    change: (change: Parameters<typeof gathered.add>[0]) => {
      gathered.add(change)
      soon()
    },
    missed: () => {
      gathered.missed()
      soon()
    },
  }
  return { ids, begun: (watch ?? watchDirectory(clock))(directory, sink), end: () => stopTimer?.() }
}
