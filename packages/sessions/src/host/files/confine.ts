import { readlink, realpath } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { HostError } from '../errors.js'

/** A path from outside, after its symbolic links were resolved and found to stay inside a root. */
export type Place = {
  /** The root as it was configured, and as the file system knows it. */
  root: string
  realRoot: string
  /** The path as the file system knows it; nothing need exist there. */
  real: string
  /** The same below `root`: what a client is shown. */
  shown: string
}

const maxPathLength = 4_096
const maxLinks = 40

/** 403 of section 8.1. */
export const outside = (): HostError => new HostError(403, 'Path outside workspace')
/** 404 of section 8.1. */
export const cannotRead = (path: string): HostError => new HostError(404, `Cannot read: ${path}`)

/**
 * Resolves a path from outside against the first of `roots`; an absolute one must lie inside any of them. Symbolic links are
 * resolved first, also those of a path of which only the beginning exists. Refuses with 403 what lies outside and with 404
 * what can't be followed (loops, no permission).
 */
export async function confine(roots: readonly string[], path: string): Promise<Place> {
  const [base] = roots
  if (base === undefined || path.includes('\0')) throw outside()
  if (path.length > maxPathLength) throw cannotRead(`${path.slice(0, 100)}…`)
  const candidates = isAbsolute(path) ? roots : [base]
  const real = await follow(resolve(base, path), path)
  for (const root of candidates) {
    const realRoot = await realOrUndefined(root)
    if (realRoot !== undefined && isInside(realRoot, real))
      return { root, realRoot, real, shown: join(root, relative(realRoot, real)) }
  }
  throw outside()
}

/** True when `path` is `root` or lies below it. Both absolute and without links: `/proj` does not hold `/proj-private`. */
export function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)
}

async function follow(path: string, asked: string): Promise<string> {
  try {
    return await realOf(path, 0)
  } catch {
    throw cannotRead(asked)
  }
}

/** The real path of the deepest ancestor that exists, and the rest. A link to nothing counts as what it points to. */
async function realOf(path: string, links: number): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if (!isMissing(error) || links > maxLinks) throw error
  }
  if (dirname(path) === path) return path
  const here = join(await realOf(dirname(path), links), basename(path))
  const target = await readlink(here).catch(() => undefined)
  return target === undefined ? here : realOf(resolve(dirname(here), target), links + 1)
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ENOENT' || code === 'ENOTDIR'
}

async function realOrUndefined(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined)
}
