import { readFileSync } from 'node:fs'

/** Resident memory of a process in KiB; undefined where the system does not tell (not Linux, or gone). */
const residentKib = (pid: number): number | undefined => fieldOf(`/proc/${pid}/status`, 'VmRSS')

/** The same, with what several processes share counted to each in parts. */
export const proportionalKib = (pid: number): number | undefined =>
  fieldOf(`/proc/${pid}/smaps_rollup`, 'Pss')

function fieldOf(file: string, name: string): number | undefined {
  try {
    const value = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'))?.[1]
    return value === undefined ? undefined : Number(value)
  } catch {
    return undefined
  }
}

/** Follows the resident memory of a process; the answer's function stops and tells by how many KiB it grew at most. */
export function watchGrowth(pid: number): () => number | undefined {
  const before = residentKib(pid)
  let most = before
  const look = () => {
    most = Math.max(most ?? 0, residentKib(pid) ?? 0)
  }
  const timer = setInterval(look, 10)
  return () => {
    clearInterval(timer)
    if (before === undefined || most === undefined) return undefined
    look()
    return most - before
  }
}
