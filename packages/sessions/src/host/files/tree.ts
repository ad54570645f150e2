import type { Clock } from '@parley/kernel/ids'
import type { FileSystemEntry } from '../../protocol/session-host/index.js'
import { confine, type Place } from './confine.js'
import { openDirectory } from './open.js'
import { maxEntries, type SnapshotOptions } from './snapshot.js'
import { walk } from './walk.js'

const maxMs = 5_000

/** A whole tree: paths relative to `path`, sorted. */
export type Tree = {
  root: string
  path: string
  entries: FileSystemEntry[]
  truncated: boolean
  maxEntries: number
}

export type TreeOptions = SnapshotOptions & { clock: Clock; max?: number }

/** The tree below a directory inside the roots: at most `max` (10,000) entries, the upper levels first, and 5 seconds. */
export async function tree(
  roots: readonly string[],
  path: string | undefined,
  options: TreeOptions,
): Promise<Tree> {
  const asked = path || '.'
  const place = await confine(roots, asked)
  await (await openDirectory(place, asked)).close()
  const max = options.max ?? maxEntries
  const { entries, truncated } = await gather(place, options, max)
  return { root: place.root, path: place.shown, entries, truncated, maxEntries: max }
}

async function gather(place: Place, options: TreeOptions, max: number) {
  const deadline = options.clock.now() + maxMs
  const entries: FileSystemEntry[] = []
  let truncated = false
  for await (const { path, type } of walk(place, options)) {
    truncated = entries.length >= max || options.clock.now() > deadline
    if (truncated) break
    entries.push({ path, type })
  }
  return { entries: entries.sort((a, b) => (a.path < b.path ? -1 : 1)), truncated }
}
