import { expect, it } from 'vitest'
import { readGitStatus, wordOf } from './git-status.js'

it('reads words, and a file that is there twice once', () => {
  const status = readGitStatus({
    branch: 'main',
    root: '/srv/shop',
    files: [
      { path: 'b.ts', status: 'modified', staged: true },
      { path: 'b.ts', status: 'modified', staged: false },
      { path: 'a.ts', status: 'added', staged: true },
      { path: 'a.ts', status: 'modified', staged: false },
      { path: 'c.ts', from: 'd.ts', status: 'renamed', staged: true },
    ],
    truncated: false,
  })

  expect(status).toEqual({
    branch: 'main',
    root: '/srv/shop',
    files: [
      { path: 'a.ts', letter: 'A' },
      { path: 'b.ts', letter: 'M' },
      { path: 'c.ts', from: 'd.ts', letter: 'R' },
    ],
    truncated: false,
  })
})

it("reads git's own letters", () => {
  const files = [
    { path: 'a', index: ' ', worktree: 'M' },
    { path: 'b', index: 'A', worktree: ' ' },
    { path: 'c', index: '?', worktree: '?' },
  ]

  expect(readGitStatus({ branch: null, files }).files.map(({ letter }) => letter)).toEqual(['M', 'A', '?'])
})

it('is generous with what it does not know', () => {
  expect(readGitStatus('x')).toEqual({ branch: null, files: [], root: null, truncated: false })
  expect([wordOf('?'), wordOf('Z')]).toEqual(['untracked', 'changed'])
})
