// Typed requests to hosts, over the same two ways that the routes use.

import { isJsonObject } from '@parley/kernel/wire'
import * as z from 'zod'
import {
  FilePreviewSchema,
  FileSearchResponseSchema,
  FileSystemSnapshotSchema,
  GitBranchesResponseSchema,
  GitCommitsResponseSchema,
  GitDiffResponseSchema,
  GitStatusResponseSchema,
  GitWorktreeCreateResponseSchema,
  GitWorktreesResponseSchema,
  type HostRequest,
  type HostResponse,
  PromptQueueStateSchema,
} from '../../protocol/index.js'
import type { SessionsService } from '../port.js'
import type { FileRequests, GitRequests, Place, QueueRequests } from './port.js'
import { assertDone, readAs } from './read.js'

type Ways = Pick<SessionsService, 'fetchSession' | 'fetchInstance'>
type By = Parameters<Ways['fetchSession']>[0]

/** What of a query is given, as texts. */
type Query = Readonly<Record<string, string | number | boolean | undefined>>

export function fileRequests(ways: Ways): FileRequests {
  const get = getting(ways)
  return {
    preview: async (by, place, path) => readAs(FilePreviewSchema, await get(by, place, '/files', { path })),
    snapshot: async (by, place, { path, showAllFiles } = {}) => {
      const query = { path, showAllFiles: showAllFiles || undefined }
      return readAs(FileSystemSnapshotSchema, withEntries(await get(by, place, '/fs/snapshot', query)))
    },
    search: async (by, place, q, { kind, path } = {}) =>
      readAs(FileSearchResponseSchema, await get(by, place, '/fs/search', { q, kind, path })),
  }
}

export function gitRequests(ways: Ways): GitRequests {
  const get = getting(ways)
  const reading =
    <T>(name: string, schema: z.ZodType<T>) =>
    async (by: By, place: Place, query: Query = {}): Promise<T> =>
      readAs(schema, await get(by, place, `/fs/git/${name}`, query))
  return {
    branches: reading('branches', GitBranchesResponseSchema),
    commits: reading('commits', GitCommitsResponseSchema),
    status: reading('status', GitStatusResponseSchema),
    diff: reading('diff', GitDiffResponseSchema),
    worktrees: reading('worktrees', GitWorktreesResponseSchema),
    createWorktree: async (by, place, body) => {
      const request = { method: 'POST', path: '/fs/git/worktrees', body }
      return readAs(GitWorktreeCreateResponseSchema, await ask(ways, by, place, request))
    },
  }
}

const cleared = z.object({ cleared: z.number().default(0) })

export function queueRequests({ fetchSession }: Pick<Ways, 'fetchSession'>): QueueRequests {
  const send = (by: By, id: string, method: string, path: string, body?: object) =>
    fetchSession(by, id, { method, path, ...(body && { body }) })
  return {
    state: async (by, id) => readAs(PromptQueueStateSchema, await send(by, id, 'GET', '/queue')),
    remove: async (by, id, queueId) =>
      assertDone(await send(by, id, 'DELETE', `/queue/${encodeURIComponent(queueId)}`)),
    clear: async (by, id) => readAs(cleared, await send(by, id, 'DELETE', '/queue')).cleared,
    reorder: async (by, id, order) => assertDone(await send(by, id, 'PUT', '/queue', { order })),
    pause: async (by, id) => assertDone(await send(by, id, 'POST', '/queue/pause')),
    resume: async (by, id) => assertDone(await send(by, id, 'POST', '/queue/resume')),
  }
}

function getting(ways: Ways) {
  return (by: By, place: Place, path: string, query: Query) =>
    ask(ways, by, place, { method: 'GET', path, query: given(query) })
}

const ask = (ways: Ways, by: By, place: Place, request: HostRequest): Promise<HostResponse> =>
  'session' in place
    ? ways.fetchSession(by, place.session, request)
    : ways.fetchInstance(by, place.instance, request)

function given(query: Query): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  )
}

/** OUTSIDE: old hosts send `null` for a directory without entries. */
function withEntries(answer: HostResponse): HostResponse {
  const { body } = answer
  return isJsonObject(body) && body.entries === null ? { ...answer, body: { ...body, entries: [] } } : answer
}
