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
