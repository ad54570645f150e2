import type { GitBranch, GitBranchesResponse } from '../../protocol/git.js'
import { git } from './run.js'

const format = '--format=%(refname)%00%(objectname:short)%00%(HEAD)'
const remotes = 'refs/remotes/origin/'
const heads = 'refs/heads/'
const maxBranches = 5_000

type Ref = { ref: string; sha: string; current: boolean }

/** Branches of `origin` first, without that prefix, then those that only exist here (section 8.3). */
export async function branches(directory: string): Promise<GitBranchesResponse> {
  const args = ['for-each-ref', format, 'refs/remotes/origin', 'refs/heads']
  const { stdout } = await git({ directory, args })
  const refs = stdout.toString('utf8').split('\n').filter(Boolean).map(refOf)
  const local = named(refs, heads, false)
  const current = new Set(local.filter((one) => one.current).map(({ name }) => name))
  const remote = named(refs, remotes, true)
    .filter(({ name }) => name !== 'HEAD')
    .map((one) => ({ ...one, current: current.has(one.name) }))
  const known = new Set(remote.map(({ name }) => name))
  return { branches: [...remote, ...local.filter(({ name }) => !known.has(name))].slice(0, maxBranches) }
}

function refOf(line: string): Ref {
  const [ref = '', sha = '', head] = line.split('\0')
  return { ref, sha, current: head === '*' }
}

function named(refs: readonly Ref[], prefix: string, remote: boolean): GitBranch[] {
  return refs
    .filter(({ ref }) => ref.startsWith(prefix))
    .map(({ ref, sha, current }) => ({ name: ref.slice(prefix.length), sha, current, remote }))
}
