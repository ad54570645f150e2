import { readFileSync } from 'node:fs'

// OUTSIDE: Linux counts processor time in hundredths of a second whatever the kernel was built with.
const ticksPerSecond = 100

/** Processor seconds that a process has used so far; undefined where the system does not tell (not Linux, or gone). */
export function cpuSecondsOf(pid: number): number | undefined {
  try {
    // The program's name, in brackets, may hold spaces: fields are counted from behind it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
  } catch {
    return undefined
  }
}

/** Follows a process to its end; the answer's function stops and tells its processor seconds. */
export function watchCpu(pid: number): () => number | undefined {
  let seconds = cpuSecondsOf(pid)
  const timer = setInterval(() => {
    seconds = cpuSecondsOf(pid) ?? seconds
  }, 50)
  return () => {
    clearInterval(timer)
    return cpuSecondsOf(pid) ?? seconds
  }
}

/** Processor time over wall time as a percentage. */
export const percent = (share: number | undefined): string =>
  share === undefined ? 'unknown' : `${Math.round(share * 100)} %`
