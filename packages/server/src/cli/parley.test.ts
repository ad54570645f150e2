import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { testPostgres } from '@parley/testkit/services'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { version } from '../version.js'
import { newPlace, parley, parleyUp } from './parley.test.support.js'

const postgres = await testPostgres()
afterAll(() => postgres?.close())

describe('parley up', () => {
  // proves: sessions.s67
  it('says where it is, signs the owner in with the link it prints, and is stopped by parley down', async () => {
    const place = await newPlace()
    const { url, text, ended } = await parleyUp(place)
    const link = /Sign in \(works once\):\s+(\S+)/.exec(text)![1]!

    expect(text).toContain(`${url}/demo`)
    const code = new URL(link).hash.slice('#code='.length)
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${url}/parley/v1/sign-in`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ code }),
    })
    expect(answer.status).toBe(200)
    expect(await parley(place, 'status')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`running at ${url}`),
    })

    expect(await parley(place, 'down')).toMatchObject({ code: 0, stdout: 'stopped\n' })
    expect(await ended).toBe(0)
    expect(await parley(place, 'status')).toMatchObject({ code: 1, stdout: 'not running\n' })
    expect(await parley(place, 'down')).toMatchObject({ code: 0, stdout: 'not running\n' })
  })

  it('takes options before the environment', async () => {
    const place = await newPlace()
    const { url } = await parleyUp(
      { ...place, PORT: '1', HOST: '203.0.113.7' },
      '--port',
      '0',
      '--host',
      '127.0.0.1',
    )

    expect(new URL(url).hostname).toBe('127.0.0.1')
  })

  it('refuses, in a sentence, a directory or a port that is taken', async () => {
    const place = await newPlace()
    const { url } = await parleyUp(place)

    const sameData = await parley(place, 'up')
    const samePort = await parley({ ...(await newPlace()), PORT: new URL(url).port }, 'up')

    expect(sameData).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^parley: .*(in use|uses)/),
    })
    expect(samePort).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^parley: Port \d+ on 127\.0\.0\.1 is taken/),
    })
    expect(samePort.stderr).not.toContain('    at ')
  })

  it('says which agents can be started, and refuses a file of agents that does not fit', async () => {
    const place = await newPlace()
    const file = join(place.PARLEY_DATA_DIR!, '..', 'agents.json')
    await writeFile(file, JSON.stringify({ reviewer: { name: 'The reviewer', command: 'reviewer' } }))
    const { text } = await parleyUp({ ...place, PARLEY_AGENTS: file, PATH: '/nowhere' })
    expect(text).toMatch(/Agents to start: +The reviewer, Demo agent\n/)

    await writeFile(file, JSON.stringify({ reviewer: { args: [] } }))
    const refused = await parley({ ...(await newPlace()), PARLEY_AGENTS: file }, 'up')
    expect(refused).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^The configuration does not fit:\n.*reviewer\.command/),
    })
  })

  it('names every setting that does not fit', async () => {
    const place = { ...(await newPlace()), PARLEY_LOG_LEVEL: 'loud', REDIS_URL: 'redis://x', PORT: 'x' }

    const { code, stderr } = await parley(place, 'up')

    expect(code).toBe(1)
    expect(stderr).toMatch(/^The configuration does not fit:\n {2}PORT: .*\n {2}PARLEY_LOG_LEVEL: /)
  })
})

describe('parley link', () => {
  it('makes a link by the running server', async () => {
    const place = await newPlace()
    const { url } = await parleyUp(place)

    expect(await parley(place, 'link')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(new RegExp(`^${url}/sign-in#code=[\\w-]{30,}\n$`)),
    })
  })

  it('makes one on the data itself when none runs, for where the server will be', async () => {
    const place = await newPlace()

    expect((await parley({ ...place, PORT: '7999', HOST: '0.0.0.0' }, 'link')).stdout).toMatch(
      /^http:\/\/127\.0\.0\.1:7999\/sign-in#code=/,
    )
    expect((await parley({ ...place, PARLEY_PUBLIC_URL: 'https://p.example/' }, 'link')).stdout).toMatch(
      /^https:\/\/p\.example\/sign-in#code=/,
    )
    expect(await parley(place, 'link')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('PORT=0'),
    })
  })
})

describe('parley keys', () => {
  it.each([
    ['by the running server', true],
    ['on the data itself', false],
  ])('makes, lists and ends keys %s', async (_where, isRunning) => {
    const place = await newPlace()
    if (isRunning) await parleyUp(place)

    const scopes = ['--scope', 'handshake:read', 'keys:write']
    const tenant = ['--tenant', 'org=acme', '--tenant', 'ws=a=b']
    const made = await parley(place, 'keys', 'create', 'ci', ...scopes, ...tenant)
    const listed = await parley(place, 'keys', 'list')
    const id = /^(key_\w+)/m.exec(listed.stdout)![1]!

    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^pk_[\w-]{30,}\n$/) })
    expect(listed.stdout).toMatch(/^ID\s+NAME\s+SCOPES\s+TENANT\s+CREATED\s+LAST USED\n/)
    expect(listed.stdout).toMatch(/ci\s+handshake:read,keys:write\s+org=acme,ws=a=b\s+\S+\s+never/)
    expect(listed.stdout).not.toContain(made.stdout.trim())
    expect(await parley(place, 'keys', 'revoke', id)).toMatchObject({ code: 0, stdout: `revoked ${id}\n` })
    expect(await parley(place, 'keys', 'revoke', id)).toMatchObject({
      code: 1,
      stderr: 'parley: There is no such key.\n',
    })
  })

  it('refuses a misspelt scope', async () => {
    expect(await parley(await newPlace(), 'keys', 'create', 'ci', '--scope', 'handshake:raed')).toMatchObject(
      {
        code: 1,
        stderr: expect.stringContaining('no such scope'),
      },
    )
  })
})

it.each([
  ['without a value', ['--tenant', 'org'], 'must be like org=acme'],
  ['with a name twice', ['--tenant', 'org=A', 'org=B'], 'can be given once'],
  ['with a control character', ['--tenant', 'org=\u0007'], 'control characters'],
])('parley keys refuses a tenant %s', async (_what, args, expected) => {
  expect(await parley(await newPlace(), 'keys', 'create', 'ci', ...args)).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining(expected),
  })
})

describe('parley config', () => {
  it('prints every setting and no secret', async () => {
    const { code, stdout } = await parley(
      { ...(await newPlace()), DATABASE_URL: 'postgres://u:s3cret@h/d' },
      'config',
    )

    expect(code).toBe(0)
    expect(stdout).toContain('postgres://u:***@h/d')
    expect(stdout).not.toContain('s3cret')
    expect(stdout).toMatch(/^PORT\s+0\s+Port to listen on/m)
    expect(stdout).toMatch(/^PARLEY_ALLOW_SETUP\s+false\s/m)
  })

  it('shows what is set for agents', async () => {
    const agents = {
      PARLEY_AGENTS: 'agents.json',
      PARLEY_WORKSPACES: '/srv/a, /srv/b',
      PARLEY_ALLOW_SETUP: '1',
    }
    const { stdout } = await parley({ ...(await newPlace()), ...agents }, 'config')

    expect(stdout).toMatch(/^PARLEY_AGENTS\s+agents\.json\s/m)
    expect(stdout).toMatch(/^PARLEY_WORKSPACES\s+\/srv\/a,\/srv\/b\s/m)
    expect(stdout).toMatch(/^PARLEY_ALLOW_SETUP\s+true\s/m)
  })
})

describe('parley db', () => {
  it('tells what is missing on a new SQLite directory, and applies it', async () => {
    const place = await newPlace()

    expect(await parley(place, 'db', 'status')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/kernel\s+\S+\s+pending[\s\S]*threads\s+\S+\s+pending/),
    })
    expect(await parley(place, 'db', 'migrate')).toMatchObject({
      code: 0,
      stdout: 'The database is up to date.\n',
    })
    const after = await parley(place, 'db', 'status')
    expect(after.code).toBe(0)
    expect(after.stdout).not.toContain('pending')
  })

  it.skipIf(!postgres)('prepares a Postgres that the server refuses until then', async () => {
    const { url, drop } = await postgres!.newDatabase()
    onTestFinished(drop)
    const place = { ...(await newPlace()), DATABASE_URL: url }

    expect(await parley(place, 'up')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('parley db migrate'),
    })
    expect(await parley(place, 'db', 'migrate')).toMatchObject({ code: 0 })
    const { text } = await parleyUp(place)
    expect(text).toMatch(/Data:\s+Postgres/)
  })
})

describe('wrong usage', () => {
  it('is answered with help on stderr', async () => {
    const place = await newPlace()

    for (const args of [['fly'], ['up', '--fast'], ['keys', 'create'], ['keys', 'revoke']]) {
      const { code, stdout, stderr } = await parley(place, ...args)
      expect([code, stdout], args.join(' ')).toEqual([1, ''])
      expect(stderr, args.join(' ')).toMatch(/^error: /)
      expect(stderr, args.join(' ')).toContain('Usage: parley')
    }
    expect(await parley(place, '--version')).toMatchObject({ code: 0, stdout: `${version}\n` })
    expect((await parley(place, '--help')).stdout).toContain('Usage: parley')
  })
})

// proves: sessions.s67
it('a server that was killed leaves a note that is in nobody’s way; a second one beside one that runs is refused', async () => {
  const place = await newPlace()
  const first = await parleyUp(place)
  const note = await readFile(`${place.PARLEY_DATA_DIR}/control.json`, 'utf8')
  first.kill('SIGKILL')
  await first.ended
  expect(await readFile(`${place.PARLEY_DATA_DIR}/control.json`, 'utf8')).toBe(note)

  expect(await parley(place, 'status')).toMatchObject({ code: 1, stdout: 'not running\n' })
  expect(await parley(place, 'down')).toMatchObject({ code: 0, stdout: 'not running\n' })
  const second = await parleyUp(place)
  expect(await parley(place, 'status')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`running at ${second.url}`),
  })
  const third = await parley(place, 'up')
  expect(third).toMatchObject({ code: 1, stderr: expect.stringMatching(/^parley: .*(in use|uses)/) })
  expect((await fetch(`${second.url}/healthz`)).status).toBe(200)
  expect(await parley(place, 'down')).toMatchObject({ code: 0, stdout: 'stopped\n' })
  expect(await second.ended).toBe(0)
}, 180_000)

it('parley down never ends a process that is not the server its note speaks of', async () => {
  const { mkdir, writeFile } = await import('node:fs/promises')
  const place = await newPlace()
  await mkdir(place.PARLEY_DATA_DIR!)
  // A note that outlived its server, whose number belongs to this test by now.
  const note = { pid: process.pid, url: 'http://127.0.0.1:9', token: 'pc_old' }
  await writeFile(`${place.PARLEY_DATA_DIR}/control.json`, JSON.stringify(note))

  expect(await parley(place, 'status')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('not ready'),
  })
  expect(await parley(place, 'down')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('does not answer'),
  })
})
