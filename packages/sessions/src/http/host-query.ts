// Requests that a host answers, and what of a query it is given.
import { sessionsErrors } from '../errors.js'
import type { HostRequest, HostResponse } from '../protocol/index.js'
import { fromHost } from './answer.js'
import { type Call, membersOf, type Route, textIn } from './call.js'

/** Members of a query that routes of files and git know. */
const known = ['path', 'showAllFiles', 'branch', 'limit', 'q', 'kind', 'file', 'staged', 'base'] as const

export function hostQuery(query: URLSearchParams): Record<string, string> {
  const given = known.flatMap((name) => {
    const value = query.get(name)
    return value === null ? [] : [[name, value] as const]
  })
  return Object.fromEntries(given)
}

/** `path`, which previews need. */
export function pathIn(query: URLSearchParams): string {
  const path = query.get('path')
  if (path) return path
  throw sessionsErrors.invalidRequest({ message: 'Missing ?path= parameter' })
}

type Ask = (call: Call, request: HostRequest) => Promise<HostResponse>

/** The git routes below a prefix (sections 8.3 and 8.4, and ours). */
export function gitRoutes(prefix: string, ask: Ask): Route[] {
  const read = (name: string, summary: string): Route => ({
    method: 'GET',
    path: `${prefix}/fs/git/${name}`,
    summary,
    run: async (call) =>
      fromHost(await ask(call, { method: 'GET', path: `/fs/git/${name}`, query: hostQuery(call.query) })),
  })
  return [
    read('branches', 'List branches'),
    read('commits', 'List commits'),
    read('status', 'What is changed in the working tree'),
    read('diff', 'The changes as a patch'),
    read('worktrees', 'List worktrees'),
    {
      method: 'POST',
      path: `${prefix}/fs/git/worktrees`,
      summary: 'Create a worktree',
      run: async (call) => {
        const body = await membersOf(call)
        textIn(body, 'name')
        const response = await ask(call, { method: 'POST', path: '/fs/git/worktrees', body })
        return fromHost(response.status === 200 ? { ...response, status: 201 } : response)
      },
    },
  ]
}
