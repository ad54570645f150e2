import type { Clock } from '@parley/kernel/ids'
import type { FileSystemEntry } from '../../protocol/session-host/index.js'
import { HostError } from '../errors.js'
import { confine } from './confine.js'
import { openForReading } from './open.js'
import { cut, isBinary } from './preview.js'
import type { SnapshotOptions } from './snapshot.js'
import { type Walked, walk } from './walk.js'

const maxMatches = 200
const maxVisited = 100_000
const maxMs = 5_000
const maxQuery = 256
const maxFileBytes = 1024 * 1024
const maxLineChars = 300

/** `line` and `column` count from 1; `text` is the line, cut around long ones. */
export type NameMatch = { path: string; type: FileSystemEntry['type'] }
export type TextMatch = { path: string; line: number; column: number; text: string }
type Match = NameMatch | TextMatch
export type SearchResult = {
  query: string
  kind: 'name' | 'text'
  /** Paths are relative to the directory that was searched. */
  matches: Match[]
  /** True when there may be more: too many matches, too many files, or too little time. */
  truncated: boolean
}

export type SearchQuery = { path: string | undefined; q: string | undefined; kind: string | undefined }

/**
 * Looks for a text without regard to case, in the paths or in the text files below a directory: at most 200 matches, 100,000
 * entries and 5 seconds; files above 1 MiB are left out.
 */
export async function search(
  roots: readonly string[],
  { path, q, kind = 'name' }: SearchQuery,
  options: SnapshotOptions & { clock: Clock },
): Promise<SearchResult> {
  if (!q) throw new HostError(400, 'Missing ?q= parameter')
  if (q.length > maxQuery) throw new HostError(400, `?q= is longer than ${maxQuery} characters`)
  if (kind !== 'name' && kind !== 'text') throw new HostError(400, '?kind= is name or text')
  const place = await confine(roots, path || '.')
  const needle = q.toLowerCase()
  const find = kind === 'name' ? namesWith(needle) : linesWith(needle)
  const { matches, truncated } = await gather(walk(place, options), find, options.clock)
  return { query: q, kind, matches, truncated }
}

type Find = (found: Walked) => Match[] | Promise<Match[]>

async function gather(all: AsyncIterable<Walked>, find: Find, clock: Clock) {
  const deadline = clock.now() + maxMs
  const matches: Match[] = []
  let visited = 0
  for await (const found of all) {
    if (matches.length > maxMatches || ++visited > maxVisited || clock.now() > deadline)
      return { matches: matches.slice(0, maxMatches), truncated: true }
    matches.push(...(await find(found)))
  }
  return { matches: matches.slice(0, maxMatches), truncated: matches.length > maxMatches }
}

function namesWith(needle: string): Find {
  return ({ path, type }) => (path.toLowerCase().includes(needle) ? [{ path, type }] : [])
}

function linesWith(needle: string): Find {
  return async (found) => (found.type === 'file' ? matchesIn(found.path, await textOf(found), needle) : [])
}

function matchesIn(path: string, text: string, needle: string): TextMatch[] {
  const matches: TextMatch[] = []
  let line = 0
  for (const raw of text.split('\n')) {
    line++
    const at = raw.toLowerCase().indexOf(needle)
    if (at < 0) continue
    matches.push({ path, line, column: at + 1, text: around(raw.replace(/\r$/, ''), at) })
    if (matches.length > maxMatches) break
  }
  return matches
}

function around(line: string, at: number): string {
  return cut(line.slice(Math.max(0, Math.min(at - 100, line.length - maxLineChars))), maxLineChars)
}

async function textOf({ place }: Walked): Promise<string> {
  const handle = await openForReading(place, place.shown).catch(() => undefined)
  if (!handle) return ''
  try {
    if ((await handle.stat()).size > maxFileBytes) return ''
    const bytes = Buffer.allocUnsafe(maxFileBytes)
    const { bytesRead } = await handle.read(bytes, 0, maxFileBytes, 0)
    return isBinary(bytes.subarray(0, bytesRead)) ? '' : bytes.toString('utf8', 0, bytesRead)
  } catch {
    return ''
  } finally {
    await handle.close()
  }
}
