import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { call, tempDirectory, workspaces } from '../files/host.test.support.js'
import { gitRoutes } from './routes.js'

const identity = {
  GIT_AUTHOR_NAME: 'Ann',
  GIT_AUTHOR_EMAIL: 'ann@example.test',
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@example.test',
  GIT_AUTHOR_DATE: '2026-01-02T03:04:05+01:00',
  GIT_CONFIG_GLOBAL: '/dev/null',
}

async function repository() {
  const base = await tempDirectory()
  const root = join(base, 'proj')
  await mkdir(root)
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: root,
      env: { ...process.env, ...identity },
      encoding: 'utf8',
      stdio: 'pipe',
    })
  git('init', '-q', '-b', 'main')
  await writeFile(join(root, 'a.txt'), 'one\n')
  git('add', '.')
  git('commit', '-q', '-m', 'first')
  const routes = gitRoutes({ workspaces: workspaces([root], { s1: root }) })
  const get = (name: string, query: Record<string, string> = {}) =>
    call(routes, `GET /fs/git/${name}`, { query })
  const create = (body: unknown) => call(routes, 'POST /fs/git/worktrees', { body })
  return { base, root, git, routes, get, create, sha: git('rev-parse', 'HEAD').trim() }
}

describe('branches', () => {
  test('are those of origin first, without its name, then those that only exist here', async () => {
    const { git, get, sha } = await repository()
    for (const name of ['main', 'far/away']) git('update-ref', `refs/remotes/origin/${name}`, sha)
    git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main')
    git('branch', 'here')

    const short = sha.slice(0, 7)
    expect(await get('branches')).toEqual({
      status: 200,
      body: {
        branches: [
          { name: 'far/away', sha: short, current: false, remote: true },
          { name: 'main', sha: short, current: true, remote: true },
          { name: 'here', sha: short, current: false, remote: false },
        ],
      },
    })
  })

  test('of no repository are refused in the words of git, those outside at all', async () => {
    const { base, get, routes } = await repository()
    const bare = gitRoutes({ workspaces: workspaces([base]) })

    const refused = await call(bare, 'GET /fs/git/branches')
    expect(refused.status).toBe(400)
    expect(refused.body.error).toContain('not a git repository')
    expect((await get('branches', { path: '..' })).status).toBe(403)
    expect((await get('branches', { path: 'none' })).status).toBe(404)
    expect((await call(routes, 'GET /sessions/s2/fs/git/branches')).status).toBe(404)
  })

  test('of a repository around the root are found by the path that a listing names', async () => {
    const { root } = await repository()
    await mkdir(join(root, 'inner'))
    const routes = gitRoutes({ workspaces: workspaces([join(root, 'inner')]) })

    const answer = await call(routes, 'GET /fs/git/branches', { query: { path: root } })
    expect(answer.body.branches).toMatchObject([{ name: 'main' }])
  })
})

describe('commits', () => {
  test('have who, when and what; as many as asked for', async () => {
    const { git, get, sha } = await repository()
    git('commit', '-q', '--allow-empty', '-m', 'second\n\nwith a body')

    const { body } = await get('commits')
    expect(body.branch).toBe('HEAD')
    expect(body.commits).toMatchObject([
      { message: 'second' },
      {
        sha,
        shortSha: sha.slice(0, 7),
        authorName: 'Ann',
        authorEmail: 'ann@example.test',
        date: '2026-01-02T03:04:05+01:00',
        message: 'first',
      },
    ])
    expect((await get('commits', { limit: '1' })).body.commits).toHaveLength(1)
    expect((await get('commits', { branch: 'main', limit: 'x' })).body).toMatchObject({ branch: 'main' })
  })

  test('of a branch that only origin has are found by its short name', async () => {
    const { git, get, sha } = await repository()
    git('update-ref', 'refs/remotes/origin/far', sha)

    expect((await get('commits', { branch: 'far' })).body).toMatchObject({
      branch: 'far',
      commits: [{ sha }],
    })
  })

  test.each([
    '--output=/tmp/x',
    '-c',
    '--upload-pack=x',
    '--all',
    'main..x',
    'HEAD:a.txt',
    'a b',
    'x\0y',
    ':/first',
  ])('of %j are refused, and nothing is written', async (branch) => {
    const { root, get } = await repository()
    const named = branch.replace('/tmp/x', join(root, 'written'))

    expect((await get('commits', { branch: named })).status).toBe(400)
    expect(existsSync(join(root, 'written'))).toBe(false)
  })
})

describe('worktrees', () => {
  test('are made on a new branch, on an existing one, or as git likes it, and listed', async () => {
    const { root, git, get, create, sha } = await repository()
    git('branch', 'there')
    const at = (name: string) => join(root, '.flamecast', 'worktrees', 'proj', name)

    expect(await create({ name: 'fix-1', branch: 'fix', newBranch: true, startPoint: 'main' })).toEqual({
      status: 201,
      body: { path: at('fix-1'), message: expect.stringMatching(/^HEAD is now at [0-9a-f]+ first$/) },
    })
    expect((await create({ name: 'fix-2', branch: 'there', path: root })).status).toBe(201)
    expect((await create({ name: 'fix-3' })).status).toBe(201)
    git('-C', at('fix-3'), 'checkout', '-q', '--detach')
    expect((await get('worktrees')).body).toEqual({
      worktrees: [
        { path: root, sha, branch: 'main' },
        { path: at('fix-1'), sha, branch: 'fix' },
        { path: at('fix-2'), sha, branch: 'there' },
        { path: at('fix-3'), sha, branch: '', detached: true },
      ],
    })
  })

  test('of a worktree are made beside it', async () => {
    const { root, create } = await repository()
    const { body } = await create({ name: 'one' })

    const second = await create({ name: 'two', path: String(body.path) })
    expect(second.body.path).toBe(join(root, '.flamecast', 'worktrees', basename(root), 'two'))
  })

  test.each([
    [{}, "Missing 'name' field"],
    [{ name: '' }, "Missing 'name' field"],
    ['text', 'Invalid JSON body'],
    [null, 'Invalid JSON body'],
    [{ name: 7 }, "Invalid 'name' field"],
    [{ name: 'x', branch: '--detach' }, "Invalid 'branch': not the name of a commit"],
    [{ name: 'x', branch: '-b', newBranch: true }, "Invalid 'branch': not the name of a branch"],
    [
      { name: 'x', branch: 'b', newBranch: true, startPoint: '--force' },
      "Invalid 'startPoint': not the name of a commit",
    ],
  ])('are not made from %j', async (body, error) => {
    const { create } = await repository()

    expect(await create(body)).toEqual({ status: 400, body: { error } })
  })

  test.each(['../x', '..', '.hidden', 'a/b', '-x', 'a\\b', 'x\ny', '/abs'])(
    'are not named %j',
    async (name) => {
      const { base, root, create } = await repository()

      expect((await create({ name })).status).toBe(400)
      expect(existsSync(join(base, 'x'))).toBe(false)
      expect(existsSync(join(root, '.flamecast'))).toBe(false)
    },
  )

  test('are not made where a link leads out of the root', async () => {
    const { base, root, create } = await repository()
    await mkdir(join(base, 'elsewhere'))
    await symlink(join(base, 'elsewhere'), join(root, '.flamecast'))

    expect(await create({ name: 'x' })).toEqual({ status: 403, body: { error: 'Path outside workspace' } })
  })

  test('that exist already are refused in the words of git', async () => {
    const { create } = await repository()
    await create({ name: 'x' })

    expect((await create({ name: 'x' })).body.error).toContain('fatal:')
  })
})

describe('the status', () => {
  test('tells branch, distance and every kind of change', async () => {
    const { root, git, get, sha } = await repository()
    for (const name of ['moved from.txt', 'gone.txt'])
      await writeFile(join(root, name), `${name}\n`.repeat(9))
    git('add', '.')
    git('commit', '-q', '-m', 'second')
    git('update-ref', 'refs/remotes/origin/main', sha)
    for (const [name, value] of Object.entries({
      'remote.origin.url': root,
      'remote.origin.fetch': '+refs/heads/*:refs/remotes/origin/*',
      'branch.main.remote': 'origin',
      'branch.main.merge': 'refs/heads/main',
    }))
      git('config', name, value)
    await writeFile(join(root, 'a.txt'), 'staged\n')
    await writeFile(join(root, 'new file.txt'), '')
    git('add', 'a.txt')
    await writeFile(join(root, 'a.txt'), 'and changed\n')
    git('mv', 'moved from.txt', 'moved to.txt')
    git('rm', '-q', 'gone.txt')

    expect((await get('status')).body).toEqual({
      branch: 'main',
      ahead: 1,
      behind: 0,
      root,
      files: [
        { path: 'a.txt', status: 'modified', staged: true },
        { path: 'a.txt', status: 'modified', staged: false },
        { path: 'gone.txt', status: 'deleted', staged: true },
        { path: 'moved to.txt', from: 'moved from.txt', status: 'renamed', staged: true },
        { path: 'new file.txt', status: 'untracked', staged: false },
      ],
      truncated: false,
    })
  })
})

describe('the diff', () => {
  test('is of what is staged or not, of all or one file', async () => {
    const { root, git, get } = await repository()
    await writeFile(join(root, 'a.txt'), 'staged\n')
    await writeFile(join(root, '-b.txt'), 'b\n')
    git('add', '--', 'a.txt', '-b.txt')
    await writeFile(join(root, 'a.txt'), 'changed\n')

    expect((await get('diff')).body.diff).toContain('-staged\n+changed')
    const staged = (await get('diff', { staged: 'true', file: '-b.txt' })).body
    expect(staged).toEqual({ diff: expect.stringContaining('+b\n'), truncated: false })
    expect(staged.diff).not.toContain('a.txt')
    expect((await get('diff', { file: '../x' })).status).toBe(403)
  })

  test('ends after 1 MiB, with a whole line', async () => {
    const { root, get } = await repository()
    await writeFile(join(root, 'a.txt'), 'a line of some length\n'.repeat(100_000))

    const { diff, truncated } = (await get('diff')).body as { diff: string; truncated: boolean }
    expect(truncated).toBe(true)
    expect(diff.length).toBeLessThanOrEqual(1024 * 1024)
    expect(diff.endsWith('\n+a line of some length\n')).toBe(true)
  })
})

test('nothing that a repository says makes git run a program', async () => {
  const { base, root, git, get, create } = await repository()
  const trap = join(base, 'trap.sh')
  const caught = join(base, 'caught')
  await writeFile(trap, `#!/bin/sh\necho "$0 $*" >> ${caught}\ncat\n`)
  await chmod(trap, 0o755)
  await mkdir(join(base, 'hooks'))
  for (const hook of ['post-checkout', 'post-index-change', 'reference-transaction'])
    await symlink(trap, join(base, 'hooks', hook))
  await writeFile(join(root, '.gitattributes'), '*.txt filter=bad diff=bad\n')
  git('add', '.')
  git('commit', '-q', '-m', 'attributes')
  for (const name of [
    'core.fsmonitor',
    'core.pager',
    'diff.external',
    'diff.bad.command',
    'diff.bad.textconv',
    'filter.bad.clean',
    'filter.bad.smudge',
    'filter.bad.process',
    'gpg.program',
    'core.sshCommand',
  ])
    git('config', name, trap)
  git('config', 'core.hooksPath', join(base, 'hooks'))
  git('config', 'log.showSignature', 'true')
  git('config', 'filter.bad.required', 'true')
  await writeFile(join(root, 'a.txt'), 'changed\n')

  expect((await get('branches')).status).toBe(200)
  expect((await get('commits')).status).toBe(200)
  expect((await get('status')).body.files).toMatchObject([{ path: 'a.txt', status: 'modified' }])
  expect((await get('diff')).body.diff).toContain('+changed')
  expect((await create({ name: 'x' })).status).toBe(201)
  expect(existsSync(caught)).toBe(false)
  // The trap would have caught something.
  git('status')
  expect(existsSync(caught)).toBe(true)
})

test('a partial clone does not fetch what it lacks by a program', async () => {
  const { base, root, git, get } = await repository()
  git('config', 'remote.evil.url', `ext::touch ${join(base, 'caught')}`)
  git('config', 'remote.evil.promisor', 'true')
  git('config', 'protocol.ext.allow', 'always')
  git('config', 'extensions.partialClone', 'evil')
  const blob = git('rev-parse', 'HEAD:a.txt').trim()
  execFileSync('rm', ['-f', join(root, '.git', 'objects', blob.slice(0, 2), blob.slice(2))])
  await writeFile(join(root, 'a.txt'), 'changed\n')

  expect((await get('diff')).status).toBe(400)
  expect(existsSync(join(base, 'caught'))).toBe(false)
  // Without our settings it does.
  expect(() => git('diff')).toThrow()
  expect(existsSync(join(base, 'caught'))).toBe(true)
})

test('a working tree that the settings move elsewhere is not looked at', async () => {
  const { base, git, get } = await repository()
  await mkdir(join(base, 'private'))
  git('config', 'core.worktree', join(base, 'private'))

  expect((await get('status')).status).toBeGreaterThanOrEqual(400)
  expect((await get('diff')).status).toBeGreaterThanOrEqual(400)
})
