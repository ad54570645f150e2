import { resolve } from 'node:path'
import type { GitDiffResponse } from '../../protocol/index.js'
import { isInside, outside } from '../files/index.js'
import { topOf, withoutFilters } from './repository.js'
import { git } from './run.js'

const maxBytes = 1024 * 1024

/** What is changed below a directory, staged or not, up to 1 MiB; `file` is relative to the top of the working tree, as in the status. */
export async function diff(
  directory: string,
  { staged, file }: { staged: boolean; file?: string },
): Promise<GitDiffResponse> {
  const path = file === undefined ? directory : resolve(await topOf(directory), file)
  if (path.includes('\0') || !isInside(directory, path)) throw outside()
  const flags = ['--no-ext-diff', '--no-textconv', '--no-color', '--ignore-submodules=all']
  const args = ['diff', ...flags, ...(staged ? ['--cached'] : []), '--', path]
  const settings = await withoutFilters(directory)
  const { stdout, truncated } = await git({ directory, settings, args, maxBytes })
  const end = truncated ? stdout.lastIndexOf('\n') + 1 : stdout.length
  return { diff: stdout.toString('utf8', 0, end), truncated }
}
