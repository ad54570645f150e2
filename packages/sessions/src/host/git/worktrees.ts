import { basename, join } from 'node:path'
import * as z from 'zod'
import type { GitWorktree, GitWorktreeCreateResponse, GitWorktreesResponse } from '../../protocol/git.js'
import { HostError } from '../errors.js'
import { confine } from '../files/index.js'
import { branchName, hasControl, revision } from './refs.js'
import { repositoryName, withoutFilters } from './repository.js'
import { git } from './run.js'

/** The working trees of a repository (section 8.4). */
export async function worktrees(directory: string): Promise<GitWorktreesResponse> {
  const { stdout } = await git({ directory, args: ['worktree', 'list', '--porcelain', '-z'] })
  const records = stdout.toString('utf8').split('\0\0')
  return { worktrees: records.filter(Boolean).map(worktreeOf) }
}

function worktreeOf(record: string): GitWorktree {
  const facts = new Map(record.split('\0').map((line) => fact(line)))
  return {
    path: facts.get('worktree') ?? '',
    sha: facts.get('HEAD') ?? '',
    branch: (facts.get('branch') ?? '').replace(/^refs\/heads\//, ''),
    ...(facts.has('bare') && { bare: true as const }),
    ...(facts.has('detached') && { detached: true as const }),
  }
}

function fact(line: string): [string, string] {
  const at = line.indexOf(' ')
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)]
}

const Body = z.object({
  name: z.string().optional(),
  path: z.string().optional(),
  branch: z.string().optional(),
  newBranch: z.boolean().optional(),
  startPoint: z.string().optional(),
})
export type WorktreeBody = z.infer<typeof Body> & { name: string }

/** The body of a request for a worktree; 400 as in section 2.5. */
export function worktreeBody(body: unknown): WorktreeBody {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new HostError(400, 'Invalid JSON body')
  if (!('name' in body) || body.name === '' || body.name === null)
    throw new HostError(400, "Missing 'name' field")
  const parsed = Body.safeParse(body)
  if (!parsed.success) throw new HostError(400, `Invalid '${parsed.error.issues[0]?.path.join('.')}' field`)
  return { ...parsed.data, name: segment(parsed.data.name ?? '') }
}

/** One name of a directory: nothing that leads elsewhere, is hidden, or looks like an option. */
function segment(name: string): string {
  const isSafe =
    name.length <= 100 && !/^[.-]|[/\\]/.test(name) && !hasControl(name) && name === basename(name)
  if (!isSafe) throw new HostError(400, "Invalid 'name': it must be the name of one directory")
  return name
}

/** Makes a worktree at `<root>/.flamecast/worktrees/<repository>/<name>`, which must stay inside the root (section 8.4). */
export async function createWorktree(
  root: string,
  directory: string,
  body: WorktreeBody,
): Promise<GitWorktreeCreateResponse> {
  const branch = body.branch || undefined
  const parts = ['.flamecast', 'worktrees', await repositoryName(directory), body.name]
  const place = await confine([root], join(...parts))
  const args =
    branch !== undefined && body.newBranch
      ? ['-b', branchName(branch), '--', place.real, ...startOf(body)]
      : ['--', place.real, ...(branch === undefined ? [] : [revision(branch, 'branch')])]
  await git({ directory, args: ['worktree', 'add', '--no-checkout', ...args] })
  return { path: place.shown, message: await fill(place.real) }
}

/**
 * Puts the files into a new worktree. WHY not with its creation: settings may hold in this worktree or on its branch alone,
 * so the programs that they name are known only here.
 */
async function fill(directory: string): Promise<string> {
  const settings = await withoutFilters(directory)
  const { stdout, stderr } = await git({ directory, settings, args: ['reset', '--hard'] })
  const said = `${stdout.toString('utf8')}${stderr}`.trim()
  return /^HEAD is now at .*$/m.exec(said)?.[0] ?? said
}

function startOf({ startPoint }: WorktreeBody): string[] {
  return startPoint ? [revision(startPoint, 'startPoint')] : []
}
