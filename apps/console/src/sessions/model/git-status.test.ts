import { expect, it } from 'vitest'
import { toGitStatus, wordOf } from './git-status.js'

it('reads words, and a file that is there twice once', () => {
  const status = toGitStatus({
    branch: 'main',
    ahead: 0,
    behind: 0,
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

it('has no branch where none is checked out', () => {
  const answer = { branch: '', ahead: 0, behind: 0, root: '/srv/shop', files: [], truncated: false }

  expect(toGitStatus(answer).branch).toBeNull()
  expect([wordOf('?'), wordOf('Z')]).toEqual(['untracked', 'changed'])
})
