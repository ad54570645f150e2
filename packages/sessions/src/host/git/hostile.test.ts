import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { call, tempDirectory, workspaces } from '../files/host.test.support.js'
import { gitRoutes } from './routes.js'

// Repositories whose own files want to run programs.

const identity = {
  GIT_AUTHOR_NAME: 'Ann',
  GIT_AUTHOR_EMAIL: 'ann@example.test',
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@example.test',
  GIT_CONFIG_GLOBAL: '/dev/null',
}

async function trapped(condition: (root: string) => string) {
  const base = await tempDirectory()
  const root = join(base, 'proj')
  const proof = join(base, 'it-ran')
  await mkdir(root)
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, env: { ...process.env, ...identity }, stdio: 'pipe' })
  git('init', '-q', '-b', 'main')
  await writeFile(join(root, '.gitattributes'), '* filter=evil diff=evil merge=evil\n')
  await writeFile(join(root, 'a.txt'), 'one\n')
  git('add', '.')
  git('commit', '-q', '-m', 'first')
  git('branch', 'trap')
  const program = join(base, 'program.sh')
  await writeFile(program, `#!/bin/sh\ntouch ${proof}\ncat\n`)
  await chmod(program, 0o755)
  const settings = join(root, '.git/evil.inc')
  await writeFile(
    settings,
    [
      `[filter "evil"]\n\tsmudge = ${program}\n\tclean = ${program}\n\trequired = true`,
      `[diff "evil"]\n\tcommand = ${program}\n\ttextconv = ${program}`,
      `[core]\n\tfsmonitor = ${program}\n\thooksPath = ${base}/hooks\n\tpager = ${program}\n\teditor = ${program}\n\tsshCommand = ${program}`,
      `[pager]\n\tlog = ${program}\n\tstatus = ${program}\n\tdiff = ${program}`,
      `[gpg]\n\tprogram = ${program}\n[log]\n\tshowSignature = true\n[alias]\n\tstatus = !${program}`,
    ].join('\n'),
  )
  await mkdir(join(base, 'hooks'))
  for (const hook of ['post-checkout', 'post-index-change', 'reference-transaction'])
    await symlink(program, join(base, 'hooks', hook))
  const config = await readFile(join(root, '.git/config'), 'utf8')
  await writeFile(join(root, '.git/config'), `${config}\n[${condition(root)}]\n\tpath = ${settings}\n`)
  await writeFile(join(root, 'a.txt'), 'two\n')
  const routes = gitRoutes({ workspaces: workspaces([root]) })
  return { base, root, routes, proof }
}

test.each([
  ['always', () => 'include'],
  ['in a worktree only', () => 'includeIf "gitdir:**/worktrees/**"'],
  ['on a branch only', () => 'includeIf "onbranch:trap"'],
])('settings that hold %s run nothing', async (_, condition) => {
  const { root, routes, proof } = await trapped(condition)

  for (const name of ['branches', 'commits', 'status', 'diff', 'worktrees'])
    expect(await call(routes, `GET /fs/git/${name}`)).toMatchObject({ status: 200 })
  const made = await call(routes, 'POST /fs/git/worktrees', { body: { name: 'w', branch: 'trap' } })
  expect(made).toMatchObject({ status: 201, body: { message: expect.stringMatching(/^HEAD is now at /) } })
  const path = String(made.body.path)
  expect(await readFile(join(path, 'a.txt'), 'utf8')).toBe('one\n')
  await writeFile(join(path, 'a.txt'), 'three\n')
  for (const name of ['commits', 'status', 'diff'])
    expect(await call(routes, `GET /fs/git/${name}`, { query: { path } })).toMatchObject({
      status: 200,
    })

  expect(existsSync(proof)).toBe(false)
  expect(path.startsWith(root)).toBe(true)
})

test('values that look like options, and names that lead elsewhere, are refused', async () => {
  const { base, routes } = await trapped(() => 'x "y"')
  const out = join(base, 'written')
  for (const branch of [`--output=${out}`, '-p', '--', '@{-1}', 'a..b', ':/x', 'HEAD:a.txt', '\0'])
    expect(await call(routes, 'GET /fs/git/commits', { query: { branch } }), branch).toMatchObject({
      status: 400,
    })
  for (const name of ['..', '../x', '-b', '.git', 'a/b', 'a\\b', '', 'x\n', '\0', '/etc'])
    expect(await call(routes, 'POST /fs/git/worktrees', { body: { name } }), name).toMatchObject({
      status: 400,
    })
  for (const more of [
    { branch: '--orphan' },
    { branch: '-f', newBranch: true },
    { branch: 'b', newBranch: true, startPoint: '--detach' },
  ])
    expect(await call(routes, 'POST /fs/git/worktrees', { body: { name: 'w', ...more } })).toMatchObject({
      status: 400,
    })
  for (const file of ['../../../etc/passwd', '/etc/passwd', '--output=x/../../../../y'])
    expect((await call(routes, 'GET /fs/git/diff', { query: { file } })).status, file).not.toBe(200)
  expect(existsSync(out)).toBe(false)
})

test('a place for worktrees that is a link out of the root is not used', async () => {
  const { base, root, routes } = await trapped(() => 'x "y"')
  const outside = join(base, 'outside')
  await mkdir(outside)
  await symlink(outside, join(root, '.flamecast'))

  expect(await call(routes, 'POST /fs/git/worktrees', { body: { name: 'w' } })).toMatchObject({ status: 403 })
  expect(existsSync(join(outside, 'worktrees'))).toBe(false)
})
