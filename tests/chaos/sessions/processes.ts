// Processes that are looked at and killed by their number: the host, agents, and what agents start.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { directoryHolder } from '@parley/kernel/directory-lock'
import { eventually } from '@parley/testkit'

/** A process; its start tells it from a later one with the same number. */
export type Process = { pid: number; startTime: string }

/** Undefined for one that is gone, or only waits to be collected. */
export function processOf(pid: number): Process | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' || state === 'X' ? undefined : { pid, startTime: fields[18]! }
  } catch {
    return undefined
  }
}

export const isRunning = ({ pid, startTime }: Process): boolean => processOf(pid)?.startTime === startTime

/** The agent of a session, by the record of its host. Throws when it is gone. */
export function agentOf(hostDir: string, sessionId: string): Process {
  const text = readFileSync(join(hostDir, 'sessions', `${sessionId}.json`), 'utf8')
  // The cast: the host's own record.
  const { pid } = JSON.parse(text) as { pid: number }
  const agent = processOf(pid)
  if (!agent) throw new Error(`the agent of ${sessionId} is gone`)
  return agent
}

/** Ends the host of a directory: with a signal that it can't ignore, or in order. Resolves when it is gone. */
export async function endHost(hostDir: string, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const pid = directoryHolder(hostDir)
  if (pid === undefined) return
  process.kill(pid, signal)
  await eventually(() => directoryHolder(hostDir) !== pid)
}
