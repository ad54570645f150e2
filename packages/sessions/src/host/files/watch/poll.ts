import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '@parley/kernel/ids'
import { isUnwatched } from './changes.js'
import type { ChangeSink, WatchDirectory } from './source.js'

const everyMs = 1_000
const maxEntries = 10_000

type Seen = Map<string, string>

/** Changes found by looking: every second, at the first 10,000 entries, without following links. */
export function pollChanges(clock: Clock): WatchDirectory {
  return async (directory, sink) => {
    const end = new AbortController()
    const running = poll(clock, directory, sink, end.signal, await look(directory))
    return async () => {
      end.abort()
      await running
    }
  }
}

async function poll(clock: Clock, directory: string, sink: ChangeSink, signal: AbortSignal, first: Seen) {
  let before = first
  while (!signal.aborted) {
    await clock.sleep(everyMs, signal).catch(() => undefined)
    if (signal.aborted) return
    const now = await look(directory)
    compare(before, now, sink)
    before = now
  }
}

function compare(before: Seen, now: Seen, sink: ChangeSink): void {
  for (const [path, mark] of now) {
    const old = before.get(path)
    if (old === undefined) sink.change({ path, type: 'added' })
    else if (old !== mark && !mark.startsWith('directory')) sink.change({ path, type: 'modified' })
  }
  for (const path of before.keys()) if (!now.has(path)) sink.change({ path, type: 'deleted' })
}

async function look(directory: string): Promise<Seen> {
  const seen: Seen = new Map()
  const waiting = ['']
  for (let at = waiting.shift(); at !== undefined && seen.size < maxEntries; at = waiting.shift()) {
    const entries = await readdir(join(directory, at), { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`
      if (seen.size >= maxEntries || isUnwatched(path)) continue
      if (entry.isDirectory()) waiting.push(path)
      seen.set(path, entry.isDirectory() ? 'directory' : await markOf(join(directory, path)))
    }
  }
  return seen
}

async function markOf(path: string): Promise<string> {
  const stats = await lstat(path).catch(() => undefined)
  return stats ? `${stats.mtimeMs}:${stats.size}:${stats.ino}` : 'gone'
}
