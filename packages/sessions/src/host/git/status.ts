import { relative } from 'node:path'
import type { GitFile, GitFileStatus, GitStatusResponse } from '../../protocol/index.js'
import { topOf, withoutFilters } from './repository.js'
import { git } from './run.js'

const maxFiles = 5_000

const letters: Record<string, GitFileStatus> = {
  A: 'added',
  M: 'modified',
  D: 'deleted',
  R: 'renamed',
  C: 'copied',
  T: 'type-changed',
}

/** What is changed below a directory: at most 5,000 files; directories of untracked files count as one. */
export async function status(directory: string): Promise<GitStatusResponse> {
  const root = await topOf(directory)
  const settings = await withoutFilters(directory)
  const flags = ['--porcelain=v2', '--branch', '-z', '--untracked-files=normal', '--ignore-submodules=all']
  const below = relative(root, directory) === '' ? [] : ['.']
  const { stdout, truncated } = await git({ directory, settings, args: ['status', ...flags, '--', ...below] })
  const { files, ...head } = parse(stdout.toString('utf8').split('\0'))
  return { ...head, root, files: files.slice(0, maxFiles), truncated: truncated || files.length > maxFiles }
}

function parse(records: readonly string[]): Omit<GitStatusResponse, 'root' | 'truncated'> {
  const found = { branch: '', ahead: 0, behind: 0, files: [] as GitFile[] }
  for (let at = 0; at < records.length; at++) {
    const record = records[at] ?? ''
    const head = /^# branch\.head (.*)$/s.exec(record)?.[1]
    const ab = /^# branch\.ab \+(\d+) -(\d+)$/.exec(record)
    if (head !== undefined) found.branch = head === '(detached)' ? '' : head
    else if (ab) Object.assign(found, { ahead: Number(ab[1]), behind: Number(ab[2]) })
    else if (record.startsWith('2 ')) found.files.push(...filesOf(record, 9, records[++at]))
    else if (record.startsWith('1 ')) found.files.push(...filesOf(record, 8))
    else if (record.startsWith('u ')) found.files.push(plain(field(record, 10), 'conflicted'))
    else if (record.startsWith('? ')) found.files.push(plain(record.slice(2), 'untracked'))
  }
  return found
}

const plain = (path: string, status: GitFileStatus): GitFile => ({ path, status, staged: false })

function filesOf(record: string, fields: number, from?: string): GitFile[] {
  const path = field(record, fields)
  return [
    [record[2], true],
    [record[3], false],
  ].flatMap(([letter, staged]) => {
    const status = typeof letter === 'string' ? letters[letter] : undefined
    const isMoved = status === 'renamed' || status === 'copied'
    return status
      ? [{ path, status, staged: staged === true, ...(isMoved && from !== undefined && { from }) }]
      : []
  })
}

/** What comes after so many blanks: a path may hold some itself. */
function field(record: string, blanks: number): string {
  return record.split(' ').slice(blanks).join(' ')
}
