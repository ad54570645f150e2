import type { Principal } from '@parley/kernel/principal'
import type {
  FilePreview,
  FileSearchKind,
  FileSearchResponse,
  FileSystemSnapshot,
  GitBranchesResponse,
  GitCommitsResponse,
  GitDiffResponse,
  GitStatusResponse,
  GitWorktreeCreateBody,
  GitWorktreeCreateResponse,
  GitWorktreesResponse,
  PromptQueueState,
} from '../../protocol/index.js'

/** Whose directory: a live session's, or that of an instance, which needs the scope `sessions:machine`. */
export type Place = { session: string } | { instance: string }

type InRepository = { path?: string }

/** Files of a place. A path that leaves it is refused; errors are `sessions.not_found`, `.forbidden`, `.invalid_request`. */
export interface FileRequests {
  /** The first 100,000 characters. */
  preview(by: Principal, place: Place, path: string): Promise<FilePreview>
  /** One directory; default the place's own. */
  snapshot(
    by: Principal,
    place: Place,
    options?: { path?: string; showAllFiles?: boolean },
  ): Promise<FileSystemSnapshot>
  search(
    by: Principal,
    place: Place,
    text: string,
    options?: { kind?: FileSearchKind; path?: string },
  ): Promise<FileSearchResponse>
}

/** Git of the repository at `path`, default the place's own directory. `sessions.invalid_request` carries git's message. */
export interface GitRequests {
  branches(by: Principal, place: Place, options?: InRepository): Promise<GitBranchesResponse>
  commits(
    by: Principal,
    place: Place,
    options?: InRepository & { branch?: string; limit?: number },
  ): Promise<GitCommitsResponse>
  status(by: Principal, place: Place, options?: InRepository): Promise<GitStatusResponse>
  diff(
    by: Principal,
    place: Place,
    options?: InRepository & { file?: string; staged?: boolean },
  ): Promise<GitDiffResponse>
  worktrees(by: Principal, place: Place, options?: InRepository): Promise<GitWorktreesResponse>
  createWorktree(by: Principal, place: Place, body: GitWorktreeCreateBody): Promise<GitWorktreeCreateResponse>
}

/** Prompts of a live session that wait for the running turn. */
export interface QueueRequests {
  state(by: Principal, sessionId: string): Promise<PromptQueueState>
  /** Throws `sessions.not_found` for one that is not there or already runs. */
  remove(by: Principal, sessionId: string, queueId: string): Promise<void>
  /** Resolves with how many were removed. */
  clear(by: Principal, sessionId: string): Promise<number>
  /** `order`: all waiting ids. */
  reorder(by: Principal, sessionId: string, order: readonly string[]): Promise<void>
  /** Holds the queue after the running turn. */
  pause(by: Principal, sessionId: string): Promise<void>
  resume(by: Principal, sessionId: string): Promise<void>
}
