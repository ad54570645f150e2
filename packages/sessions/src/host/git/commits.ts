import type { GitCommit, GitCommitsResponse } from '../../protocol/git.js'
import { resolveRevision, revision } from './refs.js'
import { git } from './run.js'

const format = '--format=%H%x00%h%x00%an%x00%ae%x00%aI%x00%s'
const defaultLimit = 20
const maxLimit = 200

/** The newest commits of a branch, default `HEAD`; `limit` default 20, at most 200 (section 8.3). */
export async function commits(
  directory: string,
  { branch = 'HEAD', limit }: { branch?: string; limit?: string },
): Promise<GitCommitsResponse> {
  const sha = await resolveRevision(directory, revision(branch, 'branch'))
  const count = `--max-count=${limitOf(limit)}`
  const args = [
    'log',
    '--no-show-signature',
    '--no-color',
    '-z',
    count,
    format,
    '--end-of-options',
    sha,
    '--',
  ]
  const { stdout } = await git({ directory, args })
  return { branch, commits: commitsIn(stdout.toString('utf8')) }
}

function limitOf(limit: string | undefined): number {
  const asked = Number(limit)
  return Number.isInteger(asked) && asked > 0 ? Math.min(asked, maxLimit) : defaultLimit
}

function commitsIn(text: string): GitCommit[] {
  const fields = text.split('\0')
  const found: GitCommit[] = []
  for (let at = 0; at + 5 < fields.length; at += 6) {
    // The cast: six fields are there.
    const [sha, shortSha, authorName, authorEmail, date, message] = fields.slice(at, at + 6) as SixTexts
    found.push({ sha, shortSha, authorName, authorEmail, date, message })
  }
  return found
}

type SixTexts = [string, string, string, string, string, string]
