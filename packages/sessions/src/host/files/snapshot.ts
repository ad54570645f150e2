import { join } from 'node:path'
import type { FileSystemSnapshot } from '../../protocol/index.js'
import type { FileSystemEntry } from '../../protocol/session-host/index.js'
import { confine, type Place } from './confine.js'
import { gitInfo, gitPathOf } from './git-info.js'
import { rulesFor } from './ignore-rules.js'
import { list, type Named, resolvedType } from './listing.js'
import { mapPooled } from './pooled.js'

/** Entries of one answer (section 8.2). */
export const maxEntries = 10_000

export type SnapshotOptions = {
  /** Also what is hidden or ignored. */
  showAll: boolean
  /** Patterns beside those of `.gitignore`. */
  patterns: readonly string[]
}

/** One directory inside the roots, shallow; `path` empty or missing: the first root. 404 when there is none. */
export async function snapshot(
  roots: readonly string[],
  path: string | undefined,
  { showAll, patterns }: SnapshotOptions,
): Promise<FileSystemSnapshot> {
  const asked = path || '.'
  const place = await confine(roots, asked)
  const rules = showAll ? undefined : await rulesFor(place, patterns)
  const { names, truncated } = await list(place, asked, rules)
  const gitPath = await gitPathOf(place.shown)
  return {
    root: place.root,
    path: place.shown,
    ...(gitPath !== undefined && { gitPath }),
    entries: await mapPooled(names.slice(0, maxEntries), (named) => entryOf(place, named)),
    truncated: truncated || names.length > maxEntries,
    maxEntries,
  }
}

async function entryOf(place: Place, named: Named): Promise<FileSystemEntry> {
  const type = await resolvedType(place, named)
  const isRepository = named.type === 'directory'
  const git = isRepository ? await gitInfo({ ...place, real: join(place.real, named.name) }) : undefined
  return { path: named.name, type, ...(git && { git }) }
}
