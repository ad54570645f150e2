// Who holds a data directory, and whether that process still lives.
import { readFileSync } from 'node:fs'

/** Content of a lock file. `start` tells a process from a later one with the same number. */
export type Holder = { pid: number; start?: string; token: string }

/** This process as a holder. */
export function thisProcess(token: string): Holder {
  return { pid: process.pid, start: startOf(process.pid), token }
}

/** False only when the process certainly ended. */
export function isAlive({ pid, start }: Holder): boolean {
  if (!hasProcess(pid)) return false
  const now = startOf(pid)
  return start === undefined || now === undefined || now === start
}

/** The holder that a lock file names; nothing when its content is torn. */
export function parseHolder(text: string): Holder | undefined {
  try {
    const { pid, start, token } = JSON.parse(text) as Partial<Record<keyof Holder, unknown>>
    // LIMIT: a number of 0 or less would ask about a group of processes.
    if (!Number.isSafeInteger(pid) || Number(pid) <= 0 || typeof token !== 'string') return undefined
    return { pid: Number(pid), token, ...(typeof start === 'string' && { start }) }
  } catch {
    return undefined
  }
}

function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}

// OUTSIDE: on Linux the 22nd field of `stat` is the start in ticks since boot. The second field, the
//          program's name, may hold spaces and brackets, so counting begins after its closing one.
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return ticks && `${boot}/${ticks}`
  } catch {
    return undefined
  }
}
