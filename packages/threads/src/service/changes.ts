import type { ThreadsDeps } from './deps.js'
import { streamOf } from './events.js'
import type { PresenceWord } from './presence-words.js'
import type { StreamWord } from './runs/streams/words.js'

/** What of a thread has changed: whoever pushes it reads it anew, so a lost word is repaired by the next. */
export type Changed =
  | { changed: 'thread' }
  | { changed: 'run'; run_id: string }
  /** These two are told as they are: they go stale, and come again. */
  | { changed: 'read'; identity_id: string; seq: number }
  | { changed: 'typing'; identity_id: string; until: string }
  | PresenceWord
  | StreamWord

/** Tells the followers of a thread, on all nodes, to read something anew. Call it after the commit. */
export function tellChanged(
  { ground, broadcasts }: Pick<ThreadsDeps, 'ground' | 'broadcasts'>,
  threadId: string,
  changed: Changed,
): void {
  broadcasts?.changed(threadId, changed)
  ground.log.signal(streamOf(threadId), JSON.stringify(changed))
}
