import type { MessageEvent } from '../../protocol/index.js'
import { eventKey } from '../seen.js'

/** Counts how often the turn of a message has failed. */
export interface Failures {
  /** The same turn, except that a message which fails for the third time counts as taken: nothing behind it would ever come. */
  watch(event: MessageEvent, turn: Promise<void>): Promise<void>
}

const maxAttempts = 3
/** LIMIT: messages whose failures are remembered; the oldest is forgotten first. */
const maxMessages = 512

export function createFailures(report: (message: string) => void): Failures {
  const counts = new Map<string, number>()

  const failed = (key: string): number => {
    const count = (counts.get(key) ?? 0) + 1
    counts.delete(key)
    counts.set(key, count)
    for (const oldest of counts.keys()) {
      if (counts.size <= maxMessages) break
      counts.delete(oldest)
    }
    return count
  }

  return {
    watch: (event, turn) => {
      const watched = turn.catch((error: unknown) => {
        report(`a turn failed: ${error instanceof Error ? error.message : String(error)}`)
        const key = eventKey(event)
        if (!key || failed(key) < maxAttempts) throw error
        report('a message was given up: its turn failed three times')
      })
      // It may fail after nobody waits any more.
      watched.catch(() => {})
      return watched
    },
  }
}
