import { readdir, readFile } from 'node:fs/promises'
import type { Clock } from '@parley/kernel/ids'
import { endTree } from '../agent/index.js'

const graceMs = 300
const tries = 20

/** The processes that a program and all it starts are; those that leave their session are known by its mark (Linux). */
export type ProcessSession = {
  /** Call it at once when the program itself has ended. */
  exited(): void
  /** Ends what is left of them; resolves when they are gone. */
  end(): Promise<void>
}

/** `mark`: what the program has in its environment as `terminalMarkName`. */
export function processSession(leader: number, mark: string, clock: Clock): ProcessSession {
  let left: Promise<boolean> | undefined
  return {
    exited: () => {
      // WHY: the number of a session without processes may belong to somebody else tomorrow.
      left ??= groupsOf(leader).then((groups) => groups.size > 0)
    },
    end: async () => {
      const isThere = !left || (await left)
      await Promise.all([isThere && endSession(leader, clock), endTree({ mark }, { clock, graceMs })])
    },
  }
}

/**
 * Ends the process that leads a session of the operating system and all others in it, whatever groups a shell put them in:
 * first kindly (SIGHUP, SIGTERM), after 300 ms for good. Resolves when they are gone.
 */
async function endSession(leader: number, clock: Clock): Promise<void> {
  await signalSession(leader, ['SIGHUP', 'SIGTERM', 'SIGCONT'])
  for (let attempt = 0; attempt < tries; attempt++) {
    if (await isGone(leader, clock)) return
    await signalSession(leader, ['SIGKILL'])
  }
}

async function isGone(leader: number, clock: Clock): Promise<boolean> {
  for (let waited = 0; waited < graceMs; waited += graceMs / 10) {
    if ((await groupsOf(leader)).size === 0) return true
    await clock.sleep(graceMs / 10)
  }
  return false
}

async function signalSession(leader: number, signals: readonly NodeJS.Signals[]): Promise<void> {
  for (const group of await groupsOf(leader)) for (const signal of signals) send(group, signal)
}

/** Process groups that still run something. Without /proc only the leader's own is known. */
async function groupsOf(leader: number): Promise<Set<number>> {
  const all = await readdir('/proc').catch(() => undefined)
  if (!all) return new Set(send(leader, 0) ? [leader] : [])
  const groups = new Set<number>()
  for (const pid of all.filter((name) => /^\d+$/.test(name))) {
    const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')
    // After the name in brackets: state, parent, group, session.
    const [state, , group, session] = text.slice(text.lastIndexOf(')') + 2).split(' ')
    if (Number(session) === leader && state !== 'Z') groups.add(Number(group))
  }
  return groups
}

function send(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal)
  } catch {
    return false
  }
}
