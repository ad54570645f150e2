// One hook for each thing that is read as a whole.
import type { FileSystemOptions, ListedRuntime } from '@parley/sessions/client'
import type {
  AgentTemplate,
  FileSystemSnapshot,
  GitBranchesResponse,
  GitWorktreesResponse,
  QueuedMessage,
} from '@parley/sessions/protocol'
import { type Queried, type QueryOptions, useQuery } from './use-query.js'

/** Managed ones first. */
export const useAgentTemplates = (options?: QueryOptions): Queried<AgentTemplate[]> =>
  useQuery({ key: 'templates', topic: 'templates', ask: (client) => client.fetchAgentTemplates() }, options)

export const useRuntimes = (options?: QueryOptions): Queried<ListedRuntime[]> =>
  useQuery({ key: 'runtimes', topic: 'runtimes', ask: (client) => client.fetchRuntimes() }, options)

/** The message queue of the whole plane, oldest first. */
export const useMessageQueue = (options?: QueryOptions): Queried<QueuedMessage[]> =>
  useQuery({ key: 'messages', topic: 'messages', ask: (client) => client.listMessageQueue() }, options)

export type UseFileSystemOptions = QueryOptions & FileSystemOptions

/** A directory of a runtime instance. */
export const useRuntimeFileSystem = (
  name: string,
  { enabled, path, showAllFiles }: UseFileSystemOptions = {},
): Queried<FileSystemSnapshot> =>
  useQuery(
    {
      key: JSON.stringify([name, path, showAllFiles]),
      ask: (client) => client.fetchRuntimeFileSystem(name, { path, showAllFiles }),
    },
    { enabled },
  )

/** A directory of a session. */
export const useSessionFileSystem = (
  id: string,
  { enabled, path, showAllFiles }: UseFileSystemOptions = {},
): Queried<FileSystemSnapshot> =>
  useQuery(
    {
      key: JSON.stringify([id, path, showAllFiles]),
      ask: (client) => client.fetchSessionFileSystem(id, { path, showAllFiles }),
    },
    { enabled },
  )

export type UseGitOptions = QueryOptions & { path?: string }

export const useRuntimeGitBranches = (
  name: string,
  { enabled, path }: UseGitOptions = {},
): Queried<GitBranchesResponse> =>
  useQuery(
    {
      key: JSON.stringify([name, path]),
      ask: (client) => client.fetchRuntimeGitBranches(name, { path }),
    },
    { enabled },
  )

export const useRuntimeGitWorktrees = (
  name: string,
  { enabled, path }: UseGitOptions = {},
): Queried<GitWorktreesResponse> =>
  useQuery(
    {
      key: JSON.stringify([name, path]),
      topic: 'worktrees',
      ask: (client) => client.fetchRuntimeGitWorktrees(name, { path }),
    },
    { enabled },
  )
