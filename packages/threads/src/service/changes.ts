import type { ThreadsDeps } from './deps.js'
import { streamOf } from './events.js'

/** What of a thread has changed: whoever pushes it reads it anew, so a lost word is repaired by the next. */
export type Changed = { changed: 'thread' } | { changed: 'members' } | { changed: 'run'; run_id: string }

/** Tells the followers of a thread, on all nodes, to read something anew. Call it after the commit. */
export function tellChanged({ ground }: ThreadsDeps, threadId: string, changed: Changed): void {
  ground.log.signal(streamOf(threadId), JSON.stringify(changed))
}
