import { createContext, Script } from 'node:vm'

/** Longest pattern, in characters. */
export const maxPatternLength = 512
/** Longest text that is matched against a pattern, in characters. */
export const maxMatchedLength = 4096
/** Time for all patterns of one form together. */
const budgetMs = 250
/** Time for the patterns of all forms together: a burst, and the part of all time that is given back. Below `leastMs` none is tried. */
const [burstMs, share, leastMs] = [500, 0.05, 10]

/** A pattern and the text it has to match somewhere. */
export type Match = { pattern: string; text: string }

// JSON Schema means the `u` flag; patterns in the wild often compile only without it.
const source = `JSON.stringify(JSON.parse(input).map(({ pattern, text }) => {
  try { return new RegExp(pattern, 'u').test(text) } catch {}
  try { return new RegExp(pattern).test(text) } catch { return false }
}))`

/** True for a pattern that is short enough and compiles. */
export function isPattern(pattern: unknown): boolean {
  if (typeof pattern !== 'string' || pattern.length > maxPatternLength) return false
  return compiles(pattern, 'u') || compiles(pattern, '')
}

/** What is left of the time for all. */
let leftMs = burstMs
let countedAt = performance.now()

/** Takes time that was spent off, and adds what is given back. */
function count(spentMs: number): number {
  const now = performance.now()
  leftMs = Math.min(burstMs, leftMs + (now - countedAt) * share) - spentMs
  countedAt = now
  return leftMs
}

/**
 * Whether each text matches its pattern; undefined when that took longer than all of them together may, or when others
 * have taken too long lately. One that does not compile matches nothing.
 */
export function matchAll(matches: readonly Match[]): boolean[] | undefined {
  if (matches.length === 0) return []
  // LIMIT: whoever may ask and answer chooses both sides, and everybody else of this process waits meanwhile.
  const timeout = Math.min(budgetMs, Math.floor(count(0)))
  if (timeout < leastMs) return undefined
  const context = createContext({ input: JSON.stringify(matches) })
  const startedAt = performance.now()
  try {
    // WHY: length limits alone don't help: `(a+)+$` takes hours over forty characters. Only the engine can stop itself.
    return JSON.parse(new Script(source).runInContext(context, { timeout }))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined
    throw error
  } finally {
    count(performance.now() - startedAt)
  }
}

function compiles(pattern: string, flags: string): boolean {
  try {
    return new RegExp(pattern, flags) instanceof RegExp
  } catch {
    return false
  }
}
