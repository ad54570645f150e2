import { createContext, Script } from 'node:vm'

/** Longest pattern, in characters. */
export const maxPatternLength = 512
/** Longest text that is matched against a pattern, in characters. */
export const maxMatchedLength = 4096
/** Time for all patterns of one form together. */
const budgetMs = 250

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

/**
 * Whether each text matches its pattern; undefined when that took longer than all of them together may. One that does
 * not compile matches nothing.
 */
export function matchAll(matches: readonly Match[]): boolean[] | undefined {
  if (matches.length === 0) return []
  const context = createContext({ input: JSON.stringify(matches) })
  try {
    // WHY: length limits alone don't help: `(a+)+$` takes hours over forty characters. Only the engine can stop itself.
    return JSON.parse(new Script(source).runInContext(context, { timeout: budgetMs }))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined
    throw error
  }
}

function compiles(pattern: string, flags: string): boolean {
  try {
    return new RegExp(pattern, flags) instanceof RegExp
  } catch {
    return false
  }
}
