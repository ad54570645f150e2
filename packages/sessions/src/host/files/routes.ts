import type { Clock } from '@parley/kernel/ids'
import { answeringRefusals, HostError } from '../errors.js'
import type { HostCall, HostRoute, Workspaces } from '../port.js'
import { previewFile } from './preview.js'
import { forBoth, type Scope, scopeOf } from './scope.js'
import { search } from './search.js'
import { snapshot } from './snapshot.js'
import { tree } from './tree.js'

export type FileRoutesOptions = {
  workspaces: Workspaces
  clock: Clock
  /** Left out of listings beside what `.gitignore` names: `patternsOf(env.FILE_WATCHER_IGNORE)`. Default none. */
  ignored?: readonly string[]
}

type Answer = (scope: Scope, call: HostCall) => Promise<unknown>

/** Files of the host's roots and of sessions' workspaces: previews, listings, trees, search (sections 2.5, 2.8 and 8). */
export function fileRoutes({ workspaces, clock, ignored = [] }: FileRoutesOptions): HostRoute[] {
  const answers: Record<string, Answer> = {
    '/files': ({ roots }, call) => previewFile(roots, pathOf(call)),
    '/fs/snapshot': ({ roots }, call) => snapshot(roots, call.query?.path, options(call)),
    '/fs/tree': ({ roots }, call) => tree(roots, call.query?.path, { ...options(call), clock }),
    '/fs/search': ({ roots }, call) => search(roots, queryOf(call), { ...options(call), clock }),
  }
  const options = ({ query }: HostCall) => ({ showAll: query?.showAllFiles === 'true', patterns: ignored })
  return Object.entries(answers).flatMap(([path, answer]) =>
    forBoth(
      'GET',
      path,
      answeringRefusals(async (call) => ({
        status: 200,
        body: await answer(scopeOf(workspaces, call), call),
      })),
    ),
  )
}

function pathOf({ query }: HostCall): string {
  if (!query?.path) throw new HostError(400, 'Missing ?path= parameter')
  return query.path
}

const queryOf = ({ query }: HostCall) => ({ path: query?.path, q: query?.q, kind: query?.kind })
