import { readdir, readFile } from 'node:fs/promises'
import { markName, terminalMarkName } from './environment.js'

/** One line of the system's table of processes, as far as `/proc` tells. */
export type ProcessEntry = {
  pid: number
  parent: number
  group: number
  startTime: string
  /** What its environment says that it belongs to. */
  marks: readonly string[]
}

/**
 * When a process began, in a form that no other process with the same number ever has; undefined when there is none or the
 * system has no `/proc`.
 */
export async function startTimeOf(pid: number): Promise<string | undefined> {
  const stat = await statOf(pid)
  if (!stat) return undefined
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
  return `${boot.trim()}:${stat.startTime}`
}

/** Which processes are meant. `known`: by number, with when they began. */
export type Wanted = { group?: number; mark: string; known?: ReadonlyMap<number, string> }

/**
 * Processes that run in a group, carry a mark in their environment, or are known, and all that those started; undefined where
 * there is no `/proc`.
 */
export async function findProcesses(want: Wanted): Promise<ProcessEntry[] | undefined> {
  const all = await look()
  const first = all?.filter(
    ({ pid, group, marks, startTime }) =>
      group === want.group || marks.includes(want.mark) || want.known?.get(pid) === startTime,
  )
  return all && first && withDescendants(all, first)
}

/** WHY: what was started with another environment in another group has neither mark nor group, but a parent. */
function withDescendants(all: readonly ProcessEntry[], first: readonly ProcessEntry[]): ProcessEntry[] {
  const found = new Set(first)
  const children = new Map<number, ProcessEntry[]>()
  for (const entry of all) children.set(entry.parent, [...(children.get(entry.parent) ?? []), entry])
  // A set goes on with what is added meanwhile.
  for (const { pid } of found) for (const child of children.get(pid) ?? []) found.add(child)
  return [...found]
}

type Table = readonly ProcessEntry[] | undefined

// WHY: a host that ends has hundreds of trees to look after. Whoever asks while somebody looks shares the next look: never
//      the one under way, which may have passed a process that was started since.
let underWay: Promise<Table> = Promise.resolve(undefined)
let next: Promise<Table> | undefined

function look(): Promise<Table> {
  next ??= underWay.then(() => {
    next = undefined
    underWay = readTable()
    return underWay
  })
  return next
}

async function readTable(): Promise<Table> {
  const names = await readdir('/proc').catch(() => [])
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number)
  if (pids.length === 0) return undefined
  const entries = await Promise.all(pids.filter((pid) => pid !== process.pid).map(entryOf))
  return entries.filter((entry) => entry !== undefined)
}

async function entryOf(pid: number): Promise<ProcessEntry | undefined> {
  const [stat, marks] = await Promise.all([statOf(pid), marksOf(pid)])
  return stat && { pid, ...stat, marks }
}

/** Undefined also for a process that has ended and waits for its parent to notice. */
async function statOf(pid: number): Promise<Omit<ProcessEntry, 'pid' | 'marks'> | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The name of the program stands in parentheses and may hold anything, also parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state = '', parent = '', group = ''] = fields
  if (text === '' || state === 'Z' || state === 'X') return undefined
  return { parent: Number(parent), group: Number(group), startTime: fields[19] ?? '' }
}

const heads = [`${markName}=`, `${terminalMarkName}=`]

async function marksOf(pid: number): Promise<string[]> {
  // Processes of other people can't be read, and can't be ours.
  const text = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')
  const entries = text.split('\0')
  return heads.flatMap((head) => entries.find((entry) => entry.startsWith(head))?.slice(head.length) ?? [])
}
