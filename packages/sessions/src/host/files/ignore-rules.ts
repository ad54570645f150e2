import { dirname, relative } from 'node:path'
import ignore, { type Ignore } from 'ignore'
import { isInside, type Place } from './confine.js'
import { readSmallFile } from './small-file.js'

const maxFileBytes = 256 * 1024
const maxLines = 2_000
const maxLineLength = 1_024
// WHY: a pattern becomes a regular expression, and one with many stars takes for ever on a name that nearly matches.
const maxStarsInSegment = 3
const maxStars = 8

/** What is left out of one directory and all below it, unless everything is asked for. */
export type IgnoreRules = {
  /** `path`: real and absolute, inside the directory that the rules are for. */
  ignores(path: string, isDirectory: boolean): boolean
  /** The rules with those of a directory below. */
  below(place: Place): Promise<IgnoreRules>
}

type Level = { directory: string; rules: Ignore }

/** From the comma-separated value of `FILE_WATCHER_IGNORE`. */
export function patternsOf(value: string | undefined): string[] {
  return (value ?? '').split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]))
}

/** The rules of a directory: of every `.gitignore` from the root down to it, of `patterns`, and `.git/`. */
export async function rulesFor(place: Place, patterns: readonly string[]): Promise<IgnoreRules> {
  const always = newIgnore().add(['.git/', ...patterns.filter(isHarmless)])
  const levels: Level[] = []
  for (const directory of fromRoot(place)) levels.push(...(await levelOf(place, directory)))
  // Whoever asks for the inside of an ignored directory wants to see it.
  const isIgnored = place.real !== place.realRoot && ignored(levels, place.real, true)
  const own = isIgnored ? levels.filter(({ directory }) => directory === place.real) : levels
  return build({ directory: isIgnored ? place.real : place.realRoot, rules: always }, own)
}

function build(always: Level, levels: readonly Level[]): IgnoreRules {
  return {
    ignores: (path, isDirectory) =>
      ignored([always], path, isDirectory) || ignored(levels, path, isDirectory),
    below: async (place) => {
      const more = await levelOf(place, place.real)
      return more.length === 0 ? build(always, levels) : build(always, [...levels, ...more])
    },
  }
}

/** The deepest file that says something about a path decides, and in it the last rule that matches. */
function ignored(levels: readonly Level[], path: string, isDirectory: boolean): boolean {
  let is = false
  for (const { directory, rules } of levels) {
    const name = relative(directory, path)
    if (name === '' || !isInside(directory, path)) continue
    const result = rules.test(isDirectory ? `${name}/` : name)
    if (result.ignored) is = true
    else if (result.unignored) is = false
  }
  return is
}

function fromRoot({ realRoot, real }: Place): string[] {
  const all = [real]
  while (all[0] !== undefined && all[0] !== realRoot && isInside(realRoot, dirname(all[0])))
    all.unshift(dirname(all[0]))
  return all
}

async function levelOf(place: Place, directory: string): Promise<Level[]> {
  const text = await readSmallFile({ ...place, real: `${directory}/.gitignore` }, maxFileBytes)
  if (text === undefined) return []
  const lines = text.split(/\r?\n/).slice(0, maxLines).filter(isHarmless)
  return [{ directory, rules: newIgnore().add(lines) }]
}

function isHarmless(pattern: string): boolean {
  if (pattern.length > maxLineLength) return false
  const stars = pattern.split('/').map((segment) => segment.replace(/\*+/g, '*').split('*').length - 1)
  return Math.max(...stars) <= maxStarsInSegment && stars.reduce((sum, count) => sum + count, 0) <= maxStars
}

const newIgnore = () => ignore({ ignorecase: false })
