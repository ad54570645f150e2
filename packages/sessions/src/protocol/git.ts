// Answers of the git routes (sections 8.3 and 8.4).

export type GitBranch = { name: string; sha: string; current: boolean; remote: boolean }
export type GitBranchesResponse = { branches: GitBranch[] }

export type GitCommit = {
  sha: string
  shortSha: string
  authorName: string
  authorEmail: string
  /** ISO with offset. */
  date: string
  /** The subject line. */
  message: string
}
export type GitCommitsResponse = { branch: string; commits: GitCommit[] }

export type GitWorktree = { path: string; sha: string; branch: string; bare?: true; detached?: true }
export type GitWorktreesResponse = { worktrees: GitWorktree[] }

export type GitWorktreeCreateBody = {
  /** Name of its directory: one path segment. */
  name: string
  /** The repository; default the runtime's directory. */
  path?: string
  branch?: string
  newBranch?: boolean
  startPoint?: string
}
export type GitWorktreeCreateResponse = { path: string; message: string }

/** How a file differs. Ours, as is everything below. */
export type GitFileStatus =
  | 'added'
  | 'modified'
  | 'deleted'
  | 'renamed'
  | 'copied'
  | 'type-changed'
  | 'conflicted'
  | 'untracked'

/** `path` and `from` are relative to the top of the working tree. A file that is changed and staged is there twice. */
export type GitFile = { path: string; from?: string; status: GitFileStatus; staged: boolean }

export type GitStatusResponse = {
  /** Empty when HEAD is detached. */
  branch: string
  ahead: number
  behind: number
  /** The top of the working tree, absolute. */
  root: string
  files: GitFile[]
  truncated: boolean
}

/** A patch, cut at the end of a line when it is too long. */
export type GitDiffResponse = { diff: string; truncated: boolean }
