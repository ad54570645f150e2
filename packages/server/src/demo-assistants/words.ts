import type { Clock } from '@parley/kernel/ids'

/** How a text is written before somebody's eyes. */
export type Pace = {
  clock: Clock
  /** Milliseconds between two words. */
  everyMs: number
  /** Ends the writing. */
  signal: AbortSignal
}

/** A text word by word, with the white space that follows each: put together it is the text again. */
export async function* words(text: string, { clock, everyMs, signal }: Pace): AsyncGenerator<string> {
  for (const word of text.match(/\s*\S+\s*/g) ?? []) {
    yield word
    await clock.sleep(everyMs, signal)
  }
}
