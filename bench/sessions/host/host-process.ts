import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** What the host's process told of itself; sizes in bytes, after a collection. */
export type HostNote = { pid: number; count: number; rss: number; heap: number }

const preload = new URL('./preload.js', import.meta.url).href
const toldWithinMs = 20_000

/** Environment of a host that is observed. `folder`: where it leaves its note. */
export function observedHostEnv(folder: string, profileTo: string | undefined): Record<string, string> {
  return {
    NODE_OPTIONS: `--expose-gc --import ${preload}`,
    PARLEY_BENCH_NOTE: noteOf(folder),
    ...(profileTo !== undefined && { PARLEY_BENCH_PROFILE_TO: profileTo }),
  }
}

const noteOf = (folder: string): string => join(folder, 'host-note.json')

/** The host's process, once it has begun. */
export const hostOf = (folder: string): Promise<HostNote> => noteAfter(folder, 0)

/** The memory that the host uses now. */
export async function hostMemory(folder: string): Promise<HostNote> {
  const { pid, count } = await hostOf(folder)
  process.kill(pid, 'SIGUSR2')
  return noteAfter(folder, count)
}

async function noteAfter(folder: string, count: number): Promise<HostNote> {
  for (const began = performance.now(); performance.now() - began < toldWithinMs; await sleep(5)) {
    const text = await readFile(noteOf(folder), 'utf8').catch(() => undefined)
    // The cast: the preloaded module writes nothing else.
    const note = text === undefined ? undefined : (JSON.parse(text) as HostNote)
    if (note && note.count > count) return note
  }
  throw new Error('The host process has said nothing of itself.')
}
