import { GrammyError } from 'grammy'
import type { PlatformSink } from '../port.js'
import { toGrammySignal } from './api.js'
import type { Telegram } from './bot-context.js'
import { toFailure } from './errors.js'
import { allowedUpdates } from './receive.js'
import { take } from './take.js'

const longPollSeconds = 50
const updatesAtOnce = 100
const firstPauseMs = 1_000
const longestPauseMs = 60_000
/** What can't be stored for so long, although the store is there, holds up all chats: it is passed over, and told as a fault. */
const giveUpMs = 900_000

/** Asks for updates until the signal aborts. An update is done with when the sink has stored it: only then the offset moves. */
export async function poll(telegram: Telegram, sink: PlatformSink, signal: AbortSignal): Promise<void> {
  const { clock, onFault } = telegram
  let pauseMs = firstPauseMs
  let offset: number | undefined
  let stuck: Stuck | undefined
  while (!signal.aborted) {
    try {
      offset ??= toOffset(await sink.loadCursor())
      offset = await round(telegram, sink, offset, signal)
      sink.health({ state: 'well' })
      pauseMs = firstPauseMs
    } catch (error) {
      if (signal.aborted) return
      // What was stored of the round stands in the cursor.
      offset = undefined
      const wait = troubled(telegram, sink, error)
      // What the sink threw is its own to report in full; Telegram's errors are cleaned.
      if (error instanceof NotTaken) {
        onFault(error.cause, 'telegram: an update was not stored')
        stuck = stuck?.id === error.id ? stuck : { id: error.id, since: clock.now() }
        // When the cursor can't be kept either it is the store that is not well, and the update waits on.
        if (clock.now() - stuck.since > giveUpMs) await sink.saveCursor(String(stuck.id + 1)).catch(() => {})
      } else onFault(new Error(wait.text), 'telegram: asking for updates')
      await clock.sleep(Math.max(pauseMs, wait.ms), signal).catch(() => {})
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    }
  }
}

type Stuck = { id: number; since: number }

class NotTaken extends Error {
  readonly id: number

  constructor(id: number, cause: unknown) {
    super('not stored', { cause })
    this.id = id
  }
}

async function round(
  telegram: Telegram,
  sink: PlatformSink,
  offset: number,
  signal: AbortSignal,
): Promise<number> {
  const asked = { offset, limit: updatesAtOnce, timeout: longPollSeconds, allowed_updates: allowedUpdates }
  const updates = await telegram.api.getUpdates(asked, toGrammySignal(signal))
  let next = offset
  try {
    for (const update of updates) {
      if (signal.aborted) break
      await take(telegram, update, sink).catch((cause: unknown) => {
        throw new NotTaken(update.update_id, cause)
      })
      next = Math.max(next, update.update_id + 1)
    }
  } finally {
    if (next !== offset) await sink.saveCursor(String(next))
  }
  return next
}

const toOffset = (cursor: string | undefined): number =>
  cursor && /^\d{1,15}$/.test(cursor) ? Number(cursor) : 0

function troubled({ clean }: Telegram, sink: PlatformSink, error: unknown): { text: string; ms: number } {
  const failure = toFailure(error, clean)
  if (error instanceof NotTaken) return { text: 'not stored', ms: 0 }
  if (failure.outcome === 'limited') {
    sink.health({ state: 'limited' })
    return { text: 'Telegram wants to be asked less often', ms: failure.retryAfterMs }
  }
  const isRefused = error instanceof GrammyError && [401, 404].includes(error.error_code)
  sink.health({ state: isRefused ? 'refused' : 'failing', detail: failure.error })
  return { text: failure.error, ms: isRefused ? longestPauseMs : 0 }
}
