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
  SessionCommandSchema,
} from '../../protocol/index.js'
import type {
  FileSystemOptions,
  GitCommitsOptions,
  GitDiffOptions,
  GitOptions,
  RuntimeFileCalls,
  SearchOptions,
  SessionFileCalls,
} from '../types.js'
import type { Http } from './http.js'
import { agentPath, runtimePath } from './paths.js'

const commands = z.array(SessionCommandSchema)

/** Files and git of a session. */
export function sessionFileCalls(http: Http): SessionFileCalls {
  const at = filesOf(http, agentPath)
  return {
    fetchSessionFilePreview: at.preview,
    fetchSessionFileSystem: at.snapshot,
    searchSessionFiles: at.search,
    fetchSessionGitBranches: at.branches,
    fetchSessionGitCommits: at.commits,
    fetchSessionGitStatus: at.status,
    fetchSessionGitDiff: at.diff,
    fetchSessionGitWorktrees: at.worktrees,
  }
}

/** Files and git of an instance. */
export function runtimeFileCalls(http: Http): RuntimeFileCalls {
  const at = filesOf(http, runtimePath)
  return {
    fetchRuntimeFilePreview: at.preview,
    fetchRuntimeFileSystem: at.snapshot,
    searchRuntimeFiles: at.search,
    fetchRuntimeCommands: (name, query) => {
      const failure = 'Failed to fetch commands'
      return http({
        method: 'GET',
        path: runtimePath(name, 'fs', 'commands'),
        query,
        answer: commands,
        failure,
      })
    },
    fetchRuntimeGitBranches: at.branches,
    fetchRuntimeGitCommits: at.commits,
    fetchRuntimeGitStatus: at.status,
    fetchRuntimeGitDiff: at.diff,
    fetchRuntimeGitWorktrees: at.worktrees,
    createRuntimeGitWorktree: (name, body) =>
      http({
        method: 'POST',
        path: runtimePath(name, 'fs', 'git', 'worktrees'),
        body,
        answer: GitWorktreeCreateResponseSchema,
        failure: 'Failed to create git worktree',
      }),
  }
}

/** The same routes below two kinds of paths. */
function filesOf(http: Http, pathOf: (id: string, ...rest: string[]) => string) {
  const git =
    <T>(what: string, answer: { parse(value: unknown): T }) =>
    (id: string, query: GitCommitsOptions & GitDiffOptions = {}) =>
      http({
        method: 'GET',
        path: pathOf(id, 'fs', 'git', what),
        query,
        answer,
        failure: `Failed to fetch git ${what}`,
      })
  return {
    preview: (id: string, path: string) => {
      const failure = 'Failed to fetch file preview'
      const query = { path }
      return http({ method: 'GET', path: pathOf(id, 'files'), query, answer: FilePreviewSchema, failure })
    },
    snapshot: (id: string, { path, showAllFiles }: FileSystemOptions = {}) =>
      http({
        method: 'GET',
        path: pathOf(id, 'fs', 'snapshot'),
        query: { path, showAllFiles: showAllFiles || undefined },
        answer: FileSystemSnapshotSchema,
        failure: 'Failed to fetch file system',
      }),
    search: (id: string, q: string, { kind, path }: SearchOptions = {}) =>
      http({
        method: 'GET',
        path: pathOf(id, 'fs', 'search'),
        query: { q, kind, path },
        answer: FileSearchResponseSchema,
        failure: 'Failed to search files',
      }),
    branches: (id: string, options?: GitOptions) => git('branches', GitBranchesResponseSchema)(id, options),
    commits: (id: string, options?: GitCommitsOptions) =>
      git('commits', GitCommitsResponseSchema)(id, options),
    status: (id: string, options?: GitOptions) => git('status', GitStatusResponseSchema)(id, options),
    diff: (id: string, options?: GitDiffOptions) => git('diff', GitDiffResponseSchema)(id, options),
    worktrees: (id: string, options?: GitOptions) =>
      git('worktrees', GitWorktreesResponseSchema)(id, options),
  }
}
