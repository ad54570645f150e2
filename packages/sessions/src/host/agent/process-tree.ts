import type { Clock } from '@parley/kernel/ids'
import { findProcesses, startTimeOf } from './process-table.js'

/** Everything that one start of an agent brought to life. */
export type ProcessTree = {
  /** Number of the group, which is the agent's own number. Without it only marked processes are meant. */
  group?: number
  /** The value of the mark in the environment. */
  mark: string
  /** What was found of it, by number, with when it began: whose parent has ended is found again by this. Grows. */
  known?: Map<number, string>
}

export type EndOptions = {
  clock: Clock
  /** Between SIGTERM and SIGKILL, in milliseconds. */
  graceMs: number
}

const pollMs = 20
/** How long SIGKILL may take; processes that hang in a system call can't be waited for. */
const killedWithinMs = 5_000

/**
 * Ends a tree: SIGTERM, then SIGKILL. Processes that left the group are found by their mark (Linux). Resolves when nothing
 * of it runs any more.
 */
export async function endTree(asked: ProcessTree, { clock, graceMs }: EndOptions): Promise<void> {
  const tree = { ...asked, known: asked.known ?? new Map<number, string>() }
  if (!(await signalTree(tree, 'SIGTERM'))) return
  if (await isGoneWithin(tree, clock, graceMs)) return
  const deadline = clock.now() + killedWithinMs
  // Again and again: what was being started while the first signal went out is found by the next look.
  while (await signalTree(tree, 'SIGKILL')) {
    if (clock.now() > deadline) return
    await clock.sleep(pollMs)
  }
}

/**
 * Ends what an earlier host left behind. The group is touched only while its first process is still the one that was
 * started, so that a number that was given to another process harms nobody.
 */
export async function endLeftovers(
  left: { pid?: number; startTime?: string; mark: string },
  options: EndOptions,
): Promise<void> {
  const isSame =
    left.pid !== undefined && left.startTime !== undefined && (await startTimeOf(left.pid)) === left.startTime
  await endTree({ mark: left.mark, ...(isSame && { group: left.pid }) }, options)
}

/** Remembers what belongs to a tree, before its first process may leave it behind. */
export async function learnTree(tree: KnownTree): Promise<void> {
  for (const { pid, startTime } of (await findProcesses(tree)) ?? []) tree.known.set(pid, startTime)
}

type KnownTree = ProcessTree & { known: Map<number, string> }

/** True while any process was there to take the signal. */
async function signalTree(tree: KnownTree, signal: NodeJS.Signals): Promise<boolean> {
  const found = await findProcesses(tree)
  for (const { pid, startTime } of found ?? []) tree.known.set(pid, startTime)
  if (!found) return tree.group !== undefined && send(-tree.group, signal)
  if (found.length === 0) return false
  if (tree.group !== undefined && found.some(({ group }) => group === tree.group)) send(-tree.group, signal)
  for (const { pid, group } of found) if (group !== tree.group) send(pid, signal)
  return true
}

async function isGoneWithin(tree: KnownTree, clock: Clock, ms: number): Promise<boolean> {
  const deadline = clock.now() + ms
  while (clock.now() < deadline) {
    if (!(await isAlive(tree))) return true
    await clock.sleep(pollMs)
  }
  return false
}

async function isAlive(tree: KnownTree): Promise<boolean> {
  const found = await findProcesses(tree)
  if (found) return found.length > 0
  return tree.group !== undefined && send(-tree.group, 0)
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    // Something is there that is not ours to signal.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
