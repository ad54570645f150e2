import { readFileSync } from 'node:fs'

/** False for a process that has ended, also when nobody has collected it yet. */
export function isRunning(pid: number): boolean {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return text[text.lastIndexOf(')') + 2] !== 'Z'
  } catch {
    return false
  }
}
