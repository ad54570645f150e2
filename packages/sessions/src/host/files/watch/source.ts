import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Event, type EventType, subscribe } from '@parcel/watcher'
import type { Clock } from '@parley/kernel/ids'
import { type FileChange, isUnwatched } from './changes.js'
import { pollChanges } from './poll.js'

/** Where changes come from. `missed`: there were some that can't be named. */
export type ChangeSink = { change(change: FileChange): void; missed(): void }

/** Tells the changes below a real, absolute directory until the function it resolves with is called. */
export type WatchDirectory = (directory: string, sink: ChangeSink) => Promise<() => Promise<void>>

const names: Record<EventType, FileChange['type']> = {
  create: 'added',
  update: 'modified',
  delete: 'deleted',
}

/**
 * Keeps the system's notifications open until the function it resolves with is called. OUTSIDE: the library opens them with
 * the first subscription and loses two descriptors each time the last one ends.
 */
export async function holdNotifications(): Promise<() => Promise<void>> {
  // Nothing happens there, and nothing of it is looked at.
  const quiet = dirname(fileURLToPath(import.meta.url))
  try {
    const subscription = await subscribe(quiet, () => {}, { ignore: ['**'] })
    return () => subscription.unsubscribe()
  } catch {
    return async () => {}
  }
}

/** The system's own notifications; looks for itself every second where they can't be had. */
export function watchDirectory(clock: Clock): WatchDirectory {
  return async (directory, sink) => {
    try {
      return await watchNatively(directory, sink)
    } catch {
      return pollChanges(clock)(directory, sink)
    }
  }
}

const watchNatively: WatchDirectory = async (directory, sink) => {
  const ignore = ['**/node_modules', '**/.git']
  const told = (error: Error | null, events: readonly Event[]) => {
    if (error) return sink.missed()
    for (const { path, type } of events) {
      const name = relative(directory, path)
      if (name !== '' && !isUnwatched(name)) sink.change({ path: name, type: names[type] })
    }
  }
  const subscription = await subscribe(directory, told, { ignore })
  return () => subscription.unsubscribe()
}
