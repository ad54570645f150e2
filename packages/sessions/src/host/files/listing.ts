import type { Dirent } from 'node:fs'
import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileSystemEntry } from '../../protocol/session-host/index.js'
import { confine, type Place } from './confine.js'
import type { IgnoreRules } from './ignore-rules.js'
import { openDirectory, pathOf } from './open.js'

/** Names of one directory that are looked at; the rest of a larger one is never seen. */
const maxNames = 200_000

/** What one directory holds, sorted by name. */
export type Listing = { names: Named[]; truncated: boolean }
export type Named = { name: string; type: FileSystemEntry['type'] }

/** Reads a directory inside the root, without what is hidden or ignored when there are `rules`. Links stay `symlink`. */
export async function list(place: Place, asked: string, rules?: IgnoreRules): Promise<Listing> {
  const handle = await openDirectory(place, asked)
  try {
    const names: Named[] = []
    let seen = 0
    for await (const entry of await opendir(await pathOf(handle, place.real))) {
      if (++seen > maxNames) break
      if (rules && isHidden(entry, place.real, rules)) continue
      names.push({ name: entry.name, type: typeOf(entry) })
    }
    names.sort((a, b) => (a.name < b.name ? -1 : 1))
    return { names, truncated: seen > maxNames }
  } finally {
    await handle.close()
  }
}

function isHidden(entry: Dirent, directory: string, rules: IgnoreRules): boolean {
  return entry.name.startsWith('.') || rules.ignores(join(directory, entry.name), entry.isDirectory())
}

function typeOf(entry: Dirent): FileSystemEntry['type'] {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'directory'
  return entry.isSymbolicLink() ? 'symlink' : 'other'
}

/** What a link inside the root stands for; a link to nothing, or out of the root, stays one. */
export async function resolvedType(place: Place, { name, type }: Named): Promise<FileSystemEntry['type']> {
  if (type !== 'symlink') return type
  const target = await confine([place.realRoot], join(place.real, name)).catch(() => undefined)
  const stats = target ? await stat(target.real).catch(() => undefined) : undefined
  if (!stats) return 'symlink'
  return stats.isDirectory() ? 'directory' : stats.isFile() ? 'file' : 'other'
}
