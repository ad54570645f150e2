import { answeringRefusals } from '../errors.js'
import { confine, forBoth, type Scope, scopeOf } from '../files/index.js'
import type { HostCall, HostRoute, Workspaces } from '../port.js'
import { branches } from './branches.js'
import { commits } from './commits.js'
import { diff } from './diff.js'
import { directoryOf } from './repository.js'
import { status } from './status.js'
import { createWorktree, worktreeBody, worktrees } from './worktrees.js'

type Answer = (directory: string, call: HostCall) => Promise<unknown>

const answers: Record<string, Answer> = {
  branches,
  commits: (directory, { query }) =>
    commits(directory, { branch: query?.branch || 'HEAD', limit: query?.limit }),
  worktrees,
  status,
  diff: (directory, { query }) =>
    diff(directory, { staged: query?.staged === 'true', file: query?.file || undefined }),
}

/** Git in the host's roots and in sessions' workspaces (sections 2.5, 8.3 and 8.4; status and diff are ours). */
export function gitRoutes({ workspaces }: { workspaces: Workspaces }): HostRoute[] {
  const reads = Object.entries(answers).flatMap(([name, answer]) =>
    forBoth(
      'GET',
      `/fs/git/${name}`,
      answeringRefusals(async (call) => {
        const directory = await directoryOf(scopeOf(workspaces, call), call.query?.path)
        return { status: 200, body: await answer(directory, call) }
      }),
    ),
  )
  const create = answeringRefusals(async (call) => {
    const scope = scopeOf(workspaces, call)
    const body = worktreeBody(call.body)
    const directory = await directoryOf(scope, body.path)
    const root = await runtimeRoot(workspaces, scope, directory)
    return { status: 201, body: await createWorktree(root, directory, body) }
  })
  return [...reads, ...forBoth('POST', '/fs/git/worktrees', create)]
}

/** The host's root that holds the directory; a session outside of all of them has its own. */
async function runtimeRoot({ roots }: Workspaces, scope: Scope, directory: string): Promise<string> {
  const place = await confine(roots, directory).catch(() => undefined)
  return place?.root ?? scope.roots[0] ?? directory
}
