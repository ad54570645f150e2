import { execFileSync } from 'node:child_process'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '@parley/kernel/ids'
import { describe, expect, test } from 'vitest'
import { call, tempDirectory, workspaces } from './host.test.support.js'
import { confine, openForWriting } from './index.js'
import { fileRoutes } from './routes.js'

async function host() {
  const base = await tempDirectory()
  const root = join(base, 'proj')
  await mkdir(join(root, 'src'), { recursive: true })
  await mkdir(join(base, 'proj-private'))
  await writeFile(join(base, 'proj-private', 'secret.txt'), 'secret')
  await writeFile(join(root, 'a.txt'), 'hello')
  const session = join(root, 'src')
  await writeFile(join(session, 'b.ts'), 'const b = 1')
  const routes = fileRoutes({ workspaces: workspaces([root], { s1: session }), clock: systemClock })
  const preview = (path: string, at = '') => call(routes, `GET ${at}/files`, { query: { path } })
  return { base, root, session, routes, preview }
}

describe('the preview of a file', () => {
  test('has the content and what was asked for', async () => {
    const { preview } = await host()

    expect(await preview('a.txt')).toEqual({
      status: 200,
      body: { path: 'a.txt', content: 'hello', truncated: false, maxChars: 100_000 },
    })
  })

  test('of a session is resolved against its directory, also when the path is absolute', async () => {
    const { preview, session } = await host()

    expect((await preview('b.ts', '/sessions/s1')).body.content).toBe('const b = 1')
    expect((await preview(join(session, 'b.ts'), '/sessions/s1')).body.content).toBe('const b = 1')
    expect((await preview('../a.txt', '/sessions/s1')).status).toBe(403)
  })

  test('of an unknown session is not found, and without a path is refused', async () => {
    const { routes, preview } = await host()

    expect(await preview('b.ts', '/sessions/s2')).toEqual({
      status: 404,
      body: { error: 'Session not found' },
    })
    expect(await call(routes, 'GET /files')).toEqual({
      status: 400,
      body: { error: 'Missing ?path= parameter' },
    })
  })

  test.each([
    '../proj-private/secret.txt',
    '/etc/passwd',
    'a.txt\0.png',
    'src/../../proj-private/secret.txt',
    '..',
  ])('never leaves the workspace: %j', async (path) => {
    const { preview } = await host()

    expect(await preview(path)).toEqual({ status: 403, body: { error: 'Path outside workspace' } })
  })

  test('is not led out by links to files, to directories, and to what does not exist yet', async () => {
    const { base, root, preview } = await host()
    await symlink(join(base, 'proj-private', 'secret.txt'), join(root, 'file-link'))
    await symlink(join(base, 'proj-private'), join(root, 'dir-link'))
    await symlink(join(base, 'not-there'), join(root, 'nowhere'))

    for (const path of ['file-link', 'dir-link/secret.txt', 'dir-link/none', 'nowhere', 'nowhere/x'])
      expect(await preview(path)).toEqual({ status: 403, body: { error: 'Path outside workspace' } })
  })

  test('follows a link that stays inside, and gives up on a loop', async () => {
    const { root, preview } = await host()
    await symlink('src', join(root, 'inside'))
    await symlink('loop', join(root, 'loop'))

    expect((await preview('inside/b.ts')).body.content).toBe('const b = 1')
    expect(await preview('loop')).toEqual({ status: 404, body: { error: 'Cannot read: loop' } })
  })

  test.each(['missing.txt', 'src', 'a.txt/x', 'x'.repeat(300)])('of %j can not be read', async (path) => {
    const { preview } = await host()

    expect(await preview(path)).toEqual({ status: 404, body: { error: `Cannot read: ${path}` } })
  })

  test('does not wait for a pipe or a device', async () => {
    const { root, preview } = await host()
    execFileSync('mkfifo', [join(root, 'pipe')])
    await symlink('/dev/zero', join(root, 'zero'))

    expect((await preview('pipe')).status).toBe(404)
    expect((await preview('zero')).status).toBe(403)
  })

  test('ends after 100,000 characters, between two of them', async () => {
    const { root, preview } = await host()
    await writeFile(join(root, 'long.txt'), `${'x'.repeat(99_999)}😀${'y'.repeat(300_000)}`)
    await writeFile(join(root, 'exact.txt'), 'ü'.repeat(100_000))

    const long = (await preview('long.txt')).body
    expect([long.content, long.truncated]).toEqual(['x'.repeat(99_999), true])
    const exact = (await preview('exact.txt')).body
    expect([exact.content, exact.truncated]).toEqual(['ü'.repeat(100_000), false])
  })

  test('shows bytes that are no UTF-8 as replacement characters, and half a character at the end', async () => {
    const { root, preview } = await host()
    await writeFile(join(root, 'latin.txt'), Buffer.from([0x61, 0xff, 0x62, 0xc3]))

    expect((await preview('latin.txt')).body.content).toBe('a\ufffdb\ufffd')
  })

  test('of something that is no text says so', async () => {
    const { root, preview } = await host()
    await writeFile(join(root, 'image.png'), Buffer.from([0x89, 0x50, 0, 0, 1]))

    expect((await preview('image.png')).body).toMatchObject({ content: '', binary: true, truncated: false })
  })

  test('does not read more of a huge file than it shows', async () => {
    const { root, preview } = await host()
    execFileSync('truncate', ['-s', '1T', join(root, 'huge')])
    await writeFile(join(root, 'huge'), 'z'.repeat(200_000), { flag: 'r+' })

    expect((await preview('huge')).body).toMatchObject({ content: 'z'.repeat(100_000), truncated: true })
  })
})

test('a root that is a link is shown as it was configured', async () => {
  const { base, root } = await host()
  const link = join(base, 'link')
  await symlink(root, link)
  const routes = fileRoutes({ workspaces: workspaces([link]), clock: systemClock })

  const { body } = await call(routes, 'GET /fs/snapshot', { query: { path: 'src' } })
  expect(body).toMatchObject({ root: link, path: join(link, 'src') })
  for (const path of [join(link, 'a.txt'), join(root, 'a.txt')])
    expect((await call(routes, 'GET /files', { query: { path } })).body.content).toBe('hello')
})

describe('opening for writing', () => {
  const write = async (root: string, path: string) => {
    const handle = await openForWriting(await confine([root], path), path)
    await handle.writeFile('written')
    await handle.close()
    return readFile(join(root, path), 'utf8')
  }

  test('makes the file and its directories', async () => {
    const { root } = await host()

    expect(await write(root, 'new/deep/file.txt')).toBe('written')
  })

  test('refuses links out of the workspace, pipes, and the workspace itself', async () => {
    const { base, root } = await host()
    await symlink(join(base, 'proj-private'), join(root, 'out'))
    await symlink(join(base, 'elsewhere.txt'), join(root, 'dangling'))
    execFileSync('mkfifo', [join(root, 'pipe')])

    await expect(write(root, 'out/file.txt')).rejects.toMatchObject({ status: 403 })
    await expect(write(root, 'dangling')).rejects.toMatchObject({ status: 403 })
    await expect(write(root, 'pipe')).rejects.toMatchObject({ status: 404 })
    await expect(write(root, '.')).rejects.toMatchObject({ status: 403 })
  })

  test('does not follow a link that was put there after the check', async () => {
    const { base, root } = await host()
    const place = await confine([root], 'src/new.txt')
    await symlink(join(base, 'proj-private', 'secret.txt'), join(root, 'src', 'new.txt'))

    await expect(openForWriting(place, 'src/new.txt')).rejects.toMatchObject({ status: 404 })
    expect(await readFile(join(base, 'proj-private', 'secret.txt'), 'utf8')).toBe('secret')
  })
})

describe('the snapshot of a directory', () => {
  const snapshot = async (
    routes: Awaited<ReturnType<typeof host>>['routes'],
    query: Record<string, string> = {},
    at = '',
  ) => call(routes, `GET ${at}/fs/snapshot`, { query })

  test('lists one level, sorted, with the kinds of entries', async () => {
    const { base, root, routes } = await host()
    await symlink('src', join(root, 'to-dir'))
    await symlink('a.txt', join(root, 'to-file'))
    await symlink(base, join(root, 'to-outside'))
    execFileSync('mkfifo', [join(root, 'pipe')])

    expect(await snapshot(routes)).toEqual({
      status: 200,
      body: {
        root,
        path: root,
        entries: [
          { path: 'a.txt', type: 'file' },
          { path: 'pipe', type: 'other' },
          { path: 'src', type: 'directory' },
          { path: 'to-dir', type: 'directory' },
          { path: 'to-file', type: 'file' },
          { path: 'to-outside', type: 'symlink' },
        ],
        truncated: false,
        maxEntries: 10_000,
      },
    })
  })

  test('of a session is of its directory; others are outside or missing', async () => {
    const { root, session, routes } = await host()
    await mkdir(join(session, 'empty'))

    expect((await snapshot(routes, {}, '/sessions/s1')).body).toMatchObject({ root: session, path: session })
    expect((await snapshot(routes, { path: 'empty' }, '/sessions/s1')).body.entries).toEqual([])
    expect((await snapshot(routes, { path: root }, '/sessions/s1')).status).toBe(403)
    expect((await snapshot(routes, { path: 'gone' })).status).toBe(404)
    expect((await snapshot(routes, { path: 'a.txt' })).status).toBe(404)
  })

  test('says which repositories there are, without passwords', async () => {
    const { root, session, routes } = await host()
    await mkdir(join(root, '.git'))
    await mkdir(join(session, 'lib', '.git'), { recursive: true })
    await mkdir(join(session, 'detached', '.git'), { recursive: true })
    await writeFile(join(session, 'lib', '.git', 'HEAD'), 'ref: refs/heads/feature/x\n')
    const config = '[remote "other"]\n\turl = o\n[remote "origin"]\n\turl = https://me:pass@host/x/y.git\n'
    await writeFile(join(session, 'lib', '.git', 'config'), config)
    await writeFile(join(session, 'detached', '.git', 'HEAD'), '0123456789abcdef0123456789abcdef01234567\n')

    expect((await snapshot(routes, { path: 'src' })).body).toMatchObject({
      gitPath: root,
      entries: [
        { path: 'b.ts', type: 'file' },
        { path: 'detached', git: { branch: '0123456789ab' } },
        { path: 'lib', git: { branch: 'feature/x', origin: 'https://host/x/y.git' } },
      ],
    })
  })

  test('ends after 10,000 entries', async () => {
    const { root, routes } = await host()
    await mkdir(join(root, 'many'))
    const names = Array.from({ length: 10_001 }, (_, at) => `f${String(at).padStart(5, '0')}`)
    await Promise.all(names.map((name) => writeFile(join(root, 'many', name), '')))

    const { body } = await snapshot(routes, { path: 'many' })
    expect(body).toMatchObject({ truncated: true })
    expect((body.entries as { path: string }[]).map(({ path }) => path)).toEqual(names.slice(0, 10_000))
  })
})

describe('what is ignored', () => {
  test.each([
    ['# comment', 'comment', false],
    ['\\#literal', '#literal', true],
    ['\\!literal', '!literal', true],
    ['*.log', 'x.log', true],
    ['*.log\n!keep.log', 'keep.log', false],
    ['!keep.log\n*.log', 'keep.log', true],
    ['dir/', 'dir', true],
    ['file/', 'file', false],
    ['/top', 'top', true],
    ['a?c', 'abc', true],
    ['a?c', 'abbc', false],
    ['**/deep', 'deep', true],
    ['UPPER', 'upper', false],
    ['*a*a*a*a*a*a*a*a*b', 'aaaaaaaaaaaaaaaaaaaab', false],
    ['', 'from-environment.tmp', true],
  ])('by %j: %j is hidden: %s', async (rules, name, hidden) => {
    const root = await tempDirectory()
    await writeFile(join(root, '.gitignore'), rules)
    await (name === 'dir' ? mkdir(join(root, name)) : writeFile(join(root, name), ''))
    const routes = fileRoutes({ workspaces: workspaces([root]), clock: systemClock, ignored: ['*.tmp'] })

    const shown = await call(routes, 'GET /fs/snapshot')
    expect(shown.body.entries).toHaveLength(hidden ? 0 : 1)
    const all = await call(routes, 'GET /fs/snapshot', { query: { showAllFiles: 'true' } })
    expect(all.body.entries).toHaveLength(2)
  })

  test('is what the files of the directories above say, too, unless somebody looks into what is ignored', async () => {
    const { root, session, routes } = await host()
    await writeFile(join(root, '.gitignore'), '*.log\n/build\n')
    await writeFile(join(session, '.gitignore'), '!wanted.log\n')
    await mkdir(join(root, 'build'))
    for (const path of ['src/wanted.log', 'src/other.log', 'build/out.log', 'build/out.js'])
      await writeFile(join(root, path), '')

    const names = async (path: string) =>
      ((await call(routes, 'GET /fs/snapshot', { query: { path } })).body.entries as { path: string }[]).map(
        (entry) => entry.path,
      )
    expect(await names('.')).toEqual(['a.txt', 'src'])
    expect(await names('src')).toEqual(['b.ts', 'wanted.log'])
    expect(await names('build')).toEqual(['out.js', 'out.log'])
  })
})

describe('a whole tree', () => {
  test('has relative paths, does not follow links, and leaves out what is ignored and heavy', async () => {
    const { root, routes } = await host()
    await mkdir(join(root, 'node_modules', 'pkg'), { recursive: true })
    await symlink('..', join(root, 'src', 'up'))
    await writeFile(join(root, 'src', '.gitignore'), 'skip.*\n')
    await writeFile(join(root, 'src', 'skip.me'), '')

    const { body } = await call(routes, 'GET /fs/tree')
    expect(body.entries).toEqual([
      { path: 'a.txt', type: 'file' },
      { path: 'node_modules', type: 'directory' },
      { path: 'src', type: 'directory' },
      { path: 'src/b.ts', type: 'file' },
      { path: 'src/up', type: 'directory' },
    ])
    expect((await call(routes, 'GET /fs/tree', { query: { path: 'none' } })).status).toBe(404)
  })
})

describe('a search', () => {
  const find = async (query: Record<string, string>) => {
    const { root, routes } = await host()
    await writeFile(join(root, 'src', 'c.md'), 'one\r\ntwo Const here\nthree')
    await writeFile(join(root, 'bin'), Buffer.from('const\0'))
    return call(routes, 'GET /fs/search', { query })
  }

  test('finds names without regard to case', async () => {
    expect((await find({ q: 'B.T' })).body).toEqual({
      query: 'B.T',
      kind: 'name',
      matches: [{ path: 'src/b.ts', type: 'file' }],
      truncated: false,
    })
  })

  test('finds lines of text files', async () => {
    expect((await find({ q: 'const', kind: 'text' })).body.matches).toEqual([
      { path: 'src/b.ts', line: 1, column: 1, text: 'const b = 1' },
      { path: 'src/c.md', line: 2, column: 5, text: 'two Const here' },
    ])
  })

  test('ends after 200 matches', async () => {
    const { root, routes } = await host()
    await writeFile(join(root, 'many.txt'), 'needle\n'.repeat(1_000))

    const { body } = await call(routes, 'GET /fs/search', { query: { q: 'needle', kind: 'text' } })
    expect(body.matches).toHaveLength(200)
    expect(body.truncated).toBe(true)
  })

  test.each([{}, { q: 'x'.repeat(257) }, { q: 'x', kind: 'regex' }])('is refused: %j', async (query) => {
    expect((await find(query as Record<string, string>)).status).toBe(400)
  })
})
