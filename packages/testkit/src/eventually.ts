import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'

/** `deadlineMs` is generous (20,000) because only a failing test waits for it; `everyMs` defaults to 5. */
export type EventuallyOptions = { deadlineMs?: number; everyMs?: number }

type Attempt<T> = { value: T } | { error: unknown }

/**
 * Waits, in real time, until the condition is truthy, and resolves with its value. A condition that throws is tried
 * again. Past the deadline it rejects and shows the last value or error.
 */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  { deadlineMs = 20_000, everyMs = 5 }: EventuallyOptions = {},
): Promise<Exclude<T, undefined | null | false | 0 | ''>> {
  const deadline = performance.now() + deadlineMs
  for (;;) {
    const last = await attempt(condition)
    if ('value' in last && last.value) return last.value as Exclude<T, undefined | null | false | 0 | ''>
    if (performance.now() > deadline) throw tooLate(last, deadlineMs)
    await sleep(everyMs)
  }
}

async function attempt<T>(condition: () => T | Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await condition() }
  } catch (error) {
    return { error }
  }
}

function tooLate(last: Attempt<unknown>, deadlineMs: number): Error {
  const waited = `The condition did not come true within ${deadlineMs} ms`
  if ('error' in last) return new Error(`${waited}; it threw ${inspect(last.error)}`, { cause: last.error })
  return new Error(`${waited}; the last value was ${inspect(last.value, { depth: 6 })}`)
}
