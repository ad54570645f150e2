import type { Clock } from '@parley/kernel/ids'
import type { FileChange } from './changes.js'
import { pollChanges } from './poll.js'
import { WatchedTree } from './watched-tree.js'

/** Where changes come from. `missed`: there were some that can't be named. */
export type ChangeSink = { change(change: FileChange): void; missed(): void }

/** Tells the changes below a real, absolute directory until the function it resolves with is called. */
export type WatchDirectory = (directory: string, sink: ChangeSink) => Promise<() => Promise<void>>

/** The system's own notifications; looks for itself every second where they can't be had, or end. */
export function watchDirectory(clock: Clock): WatchDirectory {
  const look = pollChanges(clock)
  return async (directory, sink) => {
    let looking: ReturnType<WatchDirectory> | undefined
    let isStopped = false
    const tree = new WatchedTree(directory, sink, () => {
      if (isStopped) return
      sink.missed()
      looking ??= look(directory, sink)
    })
    try {
      await tree.open()
    } catch {
      tree.close()
      looking ??= look(directory, sink)
      await looking
    }
    return async () => {
      isStopped = true
      tree.close()
      await (await looking)?.()
    }
  }
}
