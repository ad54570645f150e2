import { basename, dirname } from 'node:path'
import { confine, gitPathOf, isInside, openDirectory, outside, type Scope } from '../files/index.js'
import { git } from './run.js'

/**
 * The real directory that a request means. A listing names the repository around a root as `gitPath`; who asks for that gets
 * the root, which belongs to it.
 */
export async function directoryOf({ roots }: Scope, path: string | undefined): Promise<string> {
  if (path)
    for (const root of roots) if (!isInside(root, path) && (await gitPathOf(root)) === path) return root
  const place = await confine(roots, path || '.')
  await (await openDirectory(place, path || '.')).close()
  return place.real
}

/** The directory a repository is known by: of its main working tree, or its own when it has none. */
export async function repositoryName(directory: string): Promise<string> {
  const args = ['rev-parse', '--path-format=absolute', '--git-common-dir']
  const common = (await git({ directory, args })).stdout.toString('utf8').replace(/\n$/, '')
  return basename(basename(common) === '.git' ? dirname(common) : common)
}

/** The top of the working tree around a directory; 400 in a bare repository and outside of any. */
export async function topOf(directory: string): Promise<string> {
  const args = ['rev-parse', '--path-format=absolute', '--show-toplevel']
  const top = (await git({ directory, args })).stdout.toString('utf8').replace(/\n$/, '')
  // WHY: a repository's settings may name any directory as its working tree.
  if (!isInside(top, directory)) throw outside()
  return top
}

/**
 * Settings that switch off the filters a repository itself names: programs that git would run on a file's content. Those of
 * the user and of the system stay.
 */
export async function withoutFilters(directory: string): Promise<string[]> {
  const args = ['config', '--includes', '-z', '--show-scope', '--name-only', '--get-regexp', '^filter\\.']
  const { stdout } = await git({ directory, args, alsoFine: [1] })
  const fields = stdout.toString('utf8').split('\0')
  const drivers = new Set<string>()
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const driver = /^filter\.(.+)\.[^.]+$/s.exec(fields[at + 1] ?? '')?.[1]
    if (driver !== undefined && (fields[at] === 'local' || fields[at] === 'worktree')) drivers.add(driver)
  }
  return [...drivers].flatMap((driver) =>
    ['clean=', 'smudge=', 'process=', 'required=false'].flatMap((value) => [
      '-c',
      `filter.${driver}.${value}`,
    ]),
  )
}
