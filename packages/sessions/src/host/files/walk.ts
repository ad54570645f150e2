import { join, relative } from 'node:path'
import type { FileSystemEntry } from '../../protocol/session-host/index.js'
import type { Place } from './confine.js'
import { type IgnoreRules, rulesFor } from './ignore-rules.js'
import { list, resolvedType } from './listing.js'
import type { SnapshotOptions } from './snapshot.js'

const maxDepth = 64
/** Directories that nobody wants to see the inside of. */
const heavy = new Set(['node_modules', '.git'])

/** `path` is relative to where the walk began. */
export type Walked = { path: string; type: FileSystemEntry['type']; place: Place }
type Waiting = { place: Place; rules: IgnoreRules | undefined; depth: number }

/** Everything below a directory, the upper levels first. Links are named and not followed; whoever walks sets the bounds. */
export async function* walk(from: Place, { showAll, patterns }: SnapshotOptions): AsyncGenerator<Walked> {
  const waiting: Waiting[] = [
    { place: from, rules: showAll ? undefined : await rulesFor(from, patterns), depth: 0 },
  ]
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { place, rules, depth } = next
    const listing = await list(place, place.shown, rules).catch(() => undefined)
    for (const named of listing?.names ?? []) {
      const below = { ...place, real: join(place.real, named.name), shown: join(place.shown, named.name) }
      const type = await resolvedType(place, named)
      yield { path: relative(from.real, below.real), type, place: below }
      if (named.type === 'directory' && depth < maxDepth && !heavy.has(named.name))
        waiting.push({ place: below, rules: await rules?.below(below), depth: depth + 1 })
    }
  }
}
