// Files, directories, what changes in them, git, and the file calls of agents (sections 8 and 9).
import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { eventually } from '@parley/testkit'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { ask, openStage, type Stage } from './support/stage.js'

let stage: Stage
beforeAll(async () => {
  // Hosts have their patterns from their environment.
  vi.stubEnv('FILE_WATCHER_IGNORE', '*.skip,scratch/')
  stage = await openStage()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await stage?.close()
  expect(stage.faults).toEqual([])
})

/** A directory with files of these contents; a name that ends in a slash is a directory. */
async function directory(name: string, files: Record<string, string> = {}): Promise<string> {
  const path = join(stage.cwd, name)
  await mkdir(path, { recursive: true })
  for (const [file, content] of Object.entries(files)) {
    if (file.endsWith('/')) await mkdir(join(path, file), { recursive: true })
    else {
      await mkdir(join(path, file, '..'), { recursive: true })
      await writeFile(join(path, file), content)
    }
  }
  return path
}

const query = (values: Record<string, string>) => `?${new URLSearchParams(values)}`

// proves: sessions.s49
it('previews a file, cut at 100,000 characters and never inside one, by session and by instance', async () => {
  const long = `${'a'.repeat(99_999)}😀`
  const cwd = await directory('preview', {
    'src/a.ts': 'const ä = "😀"\n',
    'long.txt': long,
    'exact.txt': 'b'.repeat(100_000),
    'empty.txt': '',
  })
  const id = await stage.session({ cwd })
  const ofSession = (path: string) => stage.call('GET', `/agents/${id}/files${query({ path })}`)
  const ofInstance = (path: string) => stage.call('GET', `/runtimes/local/files${query({ path })}`)

  const small = await ofSession('src/a.ts')
  expect(small).toMatchObject({ status: 200 })
  expect(small.body).toEqual({
    path: 'src/a.ts',
    content: 'const ä = "😀"\n',
    truncated: false,
    maxChars: 100_000,
  })
  expect((await ofSession('long.txt')).body).toMatchObject({ content: 'a'.repeat(99_999), truncated: true })
  expect((await ofSession('exact.txt')).body).toMatchObject({
    content: 'b'.repeat(100_000),
    truncated: false,
  })
  expect((await ofSession('empty.txt')).body).toMatchObject({ content: '', truncated: false })
  expect((await ofInstance('preview/src/a.ts')).body).toMatchObject({ content: 'const ä = "😀"\n' })
  for (const url of [`/agents/${id}/files`, '/runtimes/local/files'])
    expect(await stage.call('GET', url)).toMatchObject({
      status: 400,
      body: { error: 'Missing ?path= parameter' },
    })
  for (const answer of [await ofSession('none.txt'), await ofInstance('none.txt'), await ofSession('src')])
    expect(answer).toMatchObject({ status: 404, body: { error: expect.stringMatching(/^Cannot read: /) } })
  expect((await ofSession('none.txt')).body).toEqual({ error: 'Cannot read: none.txt' })
})

// proves: sessions.s49
it('previews nothing outside the directory: no path, no neighbour with the same beginning, no link', async () => {
  const cwd = await directory('inside', { 'ok.txt': 'fine' })
  await directory('inside-private', { 'secret.txt': 'secret' })
  await symlink('/etc/passwd', join(cwd, 'link'))
  await symlink('/etc', join(cwd, 'etc'))
  await symlink(join(stage.cwd, 'inside-private'), join(cwd, 'neighbour'))
  await symlink('ok.txt', join(cwd, 'own-link'))
  const id = await stage.session({ cwd })
  const outside = [
    '../inside-private/secret.txt',
    `${stage.cwd}/inside-private/secret.txt`,
    '/etc/passwd',
    'link',
    'etc/passwd',
    'neighbour/secret.txt',
    '..',
    'ok.txt\0.png',
    'a/../../inside-private/secret.txt',
  ]
  for (const path of outside) {
    const answer = await stage.call('GET', `/agents/${id}/files${query({ path })}`)
    expect([path, answer.status, answer.body]).toEqual([path, 403, { error: 'Path outside workspace' }])
  }
  for (const path of ['../x', '/etc/passwd', 'inside/etc/passwd'])
    expect(await stage.call('GET', `/runtimes/local/files${query({ path })}`)).toMatchObject({ status: 403 })
  for (const path of ['/etc', 'etc', '..', 'neighbour']) {
    const answer = await stage.call('GET', `/agents/${id}/fs/snapshot${query({ path })}`)
    expect([path, answer.status]).toEqual([path, 403])
  }
  // A link that stays inside is a file like others.
  const own = await stage.call('GET', `/agents/${id}/files${query({ path: 'own-link' })}`)
  expect(own).toMatchObject({ status: 200, body: { content: 'fine' } })
  // Sockets are confined as well.
  const peer = await stage.dial()
  for (const path of ['../inside-private/secret.txt', 'link', '/etc/passwd']) {
    const from = peer.frames.length
    peer.send({ action: 'file.preview', sessionId: id, path })
    await peer.settle()
    expect(peer.frames.slice(from, -1)).toEqual([{ type: 'error', message: expect.any(String) }])
  }
})

type Entry = { path: string; type: string; git?: unknown }
const namesIn = (answer: { body: { entries: Entry[] } }) => answer.body.entries.map(({ path }) => path)

// proves: sessions.s50
it('lists one level, sorted, without what is hidden or ignored, unless everything is wanted', async () => {
  const cwd = await directory('list', {
    '.gitignore': '# comment\n*.log\n!keep.log\nbuild/\n/only-here.txt\n\\#odd\nmulti-??.txt\n',
    '.hidden': '',
    'a.log': '',
    'keep.log': '',
    'build/out.js': '',
    'only-here.txt': '',
    '#odd': '',
    'multi-12.txt': '',
    'multi-123.txt': '',
    'by-host.skip': '',
    'scratch/x': '',
    'b.ts': '',
    'src/deep/c.ts': '',
    'empty/': '',
  })
  await symlink('b.ts', join(cwd, 'link.ts'))
  const id = await stage.session({ cwd })
  const list = (values: Record<string, string> = {}) =>
    stage.call('GET', `/agents/${id}/fs/snapshot${query(values)}`)

  const shown = await list()
  expect(shown.body).toMatchObject({ root: cwd, path: cwd, truncated: false, maxEntries: 10_000 })
  expect(shown.body).not.toHaveProperty('gitPath')
  expect(namesIn(shown)).toEqual(['b.ts', 'empty', 'keep.log', 'link.ts', 'multi-123.txt', 'src'])
  const types = Object.fromEntries(shown.body.entries.map(({ path, type }: Entry) => [path, type]))
  expect(types).toMatchObject({ 'b.ts': 'file', src: 'directory', empty: 'directory' })
  expect(['file', 'symlink']).toContain(types['link.ts'])
  expect(namesIn(await list({ showAllFiles: 'true' }))).toEqual(
    [
      '#odd',
      '.gitignore',
      '.hidden',
      'a.log',
      'b.ts',
      'build',
      'by-host.skip',
      'empty',
      'keep.log',
      'link.ts',
      'multi-12.txt',
      'multi-123.txt',
      'only-here.txt',
      'scratch',
      'src',
    ].sort(),
  )
  expect((await list({ path: 'empty' })).body).toMatchObject({ path: join(cwd, 'empty'), entries: [] })
  expect((await list({ path: 'src' })).body.entries).toEqual([{ path: 'deep', type: 'directory' }])
  expect((await list({ path: join(cwd, 'src') })).body).toMatchObject({ root: cwd, path: join(cwd, 'src') })
  expect((await list({ path: 'none' })).status).toBe(404)

  // The same for the instance, and in the answer of the session.
  const ofInstance = await stage.call('GET', `/runtimes/local/fs/snapshot${query({ path: cwd })}`)
  expect(ofInstance.body).toMatchObject({ root: stage.cwd, path: cwd, entries: shown.body.entries })
  const session = await stage.call('GET', `/agents/${id}?includeFileSystem=true`)
  expect(session.body.fileSystem).toEqual(shown.body)
})

// proves: sessions.s50
it('lists at most 10,000 names and says that there are more', async () => {
  const cwd = await directory('many')
  for (let from = 0; from < 10_001; from += 500)
    await Promise.all(
      Array.from({ length: Math.min(500, 10_001 - from) }, (_, at) =>
        writeFile(join(cwd, `${String(from + at).padStart(5, '0')}.txt`), ''),
      ),
    )
  const { body } = await stage.call('GET', `/runtimes/local/fs/snapshot${query({ path: 'many' })}`)

  expect(body.entries).toHaveLength(10_000)
  expect(body).toMatchObject({ truncated: true, maxEntries: 10_000 })
  await rm(cwd, { recursive: true })
})

// proves: sessions.s51
it('tells of files that come, change and go, and of none that nobody wants', async () => {
  const cwd = await directory('watched', { 'src/old.txt': 'old' })
  const id = await stage.session({ cwd })
  const peer = await stage.dial()
  await peer.subscribe(`session:${id}:fs`)
  const changes = () =>
    peer.frames.flatMap(({ event }) => (event?.type === 'filesystem.changed' ? event.data.changes : []))
  const told = (path: string, type: string) =>
    eventually(() => changes().some((change) => change.path === path && change.type === type))

  await directory('watched', { 'node_modules/x/y.js': '', '.git/HEAD': 'x' })
  await writeFile(join(cwd, 'new.txt'), '1')
  await told('new.txt', 'added')
  await writeFile(join(cwd, 'src/old.txt'), 'changed')
  await told('src/old.txt', 'modified')
  // Of what git keeps nobody is told; of a directory whose name only begins like it everybody is.
  await directory('watched', { '.github/': '' })
  await told('.github', 'added')
  await writeFile(join(cwd, '.github/ci.yml'), 'x')
  await told('.github/ci.yml', 'added')
  await rm(join(cwd, 'new.txt'))
  await told('new.txt', 'deleted')

  const paths: string[] = changes().map(({ path }) => path)
  expect(paths.filter((path) => /node_modules|^\.git(\/|$)/.test(path))).toEqual([])
  expect(paths.every((path) => !path.startsWith('/') && !path.startsWith('..'))).toBe(true)
  const stored = (await stage.logs(id)).filter(({ type }) => type === 'filesystem.changed')
  expect(stored.flatMap(({ data }) => data.changes)).toEqual(changes())
  // What the directory looks like now comes by itself, for who watches.
  const snapshot = await peer.next(({ event }) => event?.type === 'filesystem.snapshot')
  expect(snapshot).toMatchObject({
    channel: `session:${id}:fs`,
    sessionId: id,
    event: { data: { snapshot: { root: cwd } } },
  })
})

const run = promisify(execFile)
const environment = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Ann',
  GIT_AUTHOR_EMAIL: 'ann@example.org',
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@example.org',
}
const git = async (cwd: string, ...args: string[]) =>
  (await run('git', args, { cwd, env: environment })).stdout.trim()

async function repository(name: string): Promise<string> {
  const cwd = await directory(name, { 'a.txt': '1' })
  await git(cwd, 'init', '-q', '-b', 'main')
  await git(cwd, 'add', '.')
  await git(cwd, 'commit', '-qm', 'First')
  await git(cwd, 'commit', '-q', '--allow-empty', '-m', 'Second\n\nwith a body')
  await git(cwd, 'branch', 'side', 'HEAD~1')
  return cwd
}

// proves: sessions.s50, sessions.s52
it('knows branches, commits and worktrees of a repository', async () => {
  const cwd = await repository('repo')
  const upstream = await repository('upstream')
  await git(cwd, 'remote', 'add', 'origin', upstream)
  await git(cwd, 'fetch', '-q', 'origin')
  const head = await git(cwd, 'rev-parse', 'main')
  const side = await git(cwd, 'rev-parse', 'side')
  const get = (what: string, values: Record<string, string> = {}) =>
    stage.call('GET', `/runtimes/local/fs/git/${what}${query({ path: 'repo', ...values })}`)

  const far = await git(upstream, 'rev-parse', 'main')
  const farSide = await git(upstream, 'rev-parse', 'side')
  await git(cwd, 'branch', 'mine')
  const { branches } = (await get('branches')).body
  expect(branches.slice(0, 2)).toEqual([
    { name: 'main', sha: far.slice(0, 7), current: true, remote: true },
    { name: 'side', sha: farSide.slice(0, 7), current: false, remote: true },
  ])
  expect(branches.slice(2)).toEqual([{ name: 'mine', sha: head.slice(0, 7), current: false, remote: false }])

  const { branch, commits } = (await get('commits')).body
  expect(branch).toBe('HEAD')
  expect(commits).toEqual([
    {
      sha: head,
      shortSha: expect.stringMatching(new RegExp(`^${head.slice(0, 7)}`)),
      authorName: 'Ann',
      authorEmail: 'ann@example.org',
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z)$/),
      message: 'Second',
    },
    expect.objectContaining({ sha: side, message: 'First' }),
  ])
  expect((await get('commits', { branch: 'side', limit: '1' })).body).toMatchObject({
    branch: 'side',
    commits: [{ sha: side }],
  })

  const made = await stage.call('POST', `/runtimes/local/fs/git/worktrees`, {
    name: 'fix-1',
    path: 'repo',
    branch: 'fix',
    newBranch: true,
    startPoint: 'side',
  })
  const place = join(stage.cwd, '.flamecast/worktrees/repo/fix-1')
  expect(made).toMatchObject({ status: 201, body: { path: place, message: expect.stringMatching(/./) } })
  expect((await get('worktrees')).body.worktrees).toMatchObject([
    { path: cwd, sha: head, branch: 'main' },
    { path: place, sha: side, branch: 'fix' },
  ])
  expect(await git(place, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('fix')

  // Directories with a repository show it; below one, its place is told.
  const listed = await stage.call('GET', '/runtimes/local/fs/snapshot')
  expect(listed.body.entries).toContainEqual({
    path: 'repo',
    type: 'directory',
    git: { branch: 'main', origin: upstream },
  })
  await git(cwd, 'checkout', '-q', '--detach')
  const detached = await stage.call('GET', '/runtimes/local/fs/snapshot')
  expect(detached.body.entries).toContainEqual({
    path: 'repo',
    type: 'directory',
    git: { branch: head.slice(0, 12), origin: upstream },
  })
  const inside = await stage.call('GET', `/runtimes/local/fs/snapshot${query({ path: 'repo' })}`)
  expect(inside.body.gitPath).toBe(cwd)
})

// proves: sessions.s52
it('refuses what is no repository, and takes values that look like options for what they are', async () => {
  const cwd = await repository('options')
  await directory('plain')
  const victim = join(stage.cwd, 'written-by-git')
  const get = (what: string, values: Record<string, string> = {}) =>
    stage.call('GET', `/runtimes/local/fs/git/${what}${query({ path: 'options', ...values })}`)
  const make = (body: unknown) => stage.call('POST', '/runtimes/local/fs/git/worktrees', body)

  for (const what of ['branches', 'commits', 'worktrees'])
    expect(await get(what, { path: 'plain' })).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(/not a git repository/i) },
    })
  for (const branch of [`--output=${victim}`, `--output ${victim}`, '-n1', '--all', 'none', 'main\0x'])
    expect([branch, (await get('commits', { branch })).status]).toEqual([branch, 400])
  expect((await get('commits', { limit: '100000' })).body.commits).toHaveLength(2)
  expect(await make({ path: 'options' })).toMatchObject({
    status: 400,
    body: { error: "Missing 'name' field" },
  })
  expect(await make('{nope')).toMatchObject({ status: 400, body: { error: 'Invalid JSON body' } })
  for (const name of ['../../../escaped', '--force', '/tmp/absolute', '..', 'a/../../../../b'])
    expect([name, (await make({ name, path: 'options' })).status]).toEqual([name, 400])
  for (const more of [
    { branch: '--force', newBranch: true },
    { branch: '-b' },
    { branch: 'ok', newBranch: true, startPoint: `--output=${victim}` },
  ])
    expect([more, (await make({ name: 'odd', path: 'options', ...more })).status]).toEqual([more, 400])
  await expect(readFile(victim)).rejects.toThrow()
  expect((await get('worktrees')).body.worktrees).toHaveLength(1)
  expect(await git(cwd, 'branch', '--list', '--format=%(refname:short)')).toBe('main\nside')
})

// proves: sessions.s53
it('an agent reads by line and limit, writes, and stays inside', async () => {
  const cwd = await directory('agent', { 'five.txt': 'one\ntwo\nthree\nfour\nfive\n' })
  await directory('agent-neighbour', { 'secret.txt': 'secret' })
  await symlink(join(stage.cwd, 'agent-neighbour'), join(cwd, 'out'))
  const id = await stage.session({ cwd })

  expect(await ask(stage, id, 'read five.txt')).toBe('one\ntwo\nthree\nfour\nfive\n')
  // Lines begin at 1.
  expect((await ask(stage, id, 'read five.txt 1 1')).trimEnd()).toBe('one')
  expect((await ask(stage, id, 'read five.txt 2 2')).trimEnd()).toBe('two\nthree')
  expect((await ask(stage, id, 'read five.txt 4')).trimEnd()).toBe('four\nfive')
  expect(await ask(stage, id, 'read none.txt')).toMatch(/^refused: /)
  expect(await ask(stage, id, 'write deep/er/new.txt some text')).toBe('Wrote 9 characters.')
  expect(await readFile(join(cwd, 'deep/er/new.txt'), 'utf8')).toBe('some text')

  await writeFile(join(stage.cwd, 'target.txt'), 'untouched')
  await symlink(join(stage.cwd, 'target.txt'), join(cwd, 'target-link'))
  for (const path of ['/etc/passwd', '../agent-neighbour/secret.txt', 'out/secret.txt'])
    expect(await ask(stage, id, `read ${path}`)).toMatch(/^refused: /)
  for (const path of ['../escaped.txt', 'out/new.txt', 'target-link', '/tmp/parley-escaped.txt'])
    expect(await ask(stage, id, `write ${path} x`)).toMatch(/^refused: /)
  expect(await readFile(join(stage.cwd, 'target.txt'), 'utf8')).toBe('untouched')
  await expect(readFile(join(stage.cwd, 'escaped.txt'))).rejects.toThrow()
  await expect(readFile(join(stage.cwd, 'agent-neighbour/new.txt'))).rejects.toThrow()
})
