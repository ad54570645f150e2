import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually } from '@parley/testkit'
import { expect, test } from 'vitest'
import { rawAgent, runs, shortly, TestHost } from './sessions.test.support.js'

test('a started session answers with what its agent offers, and tells every message from initialize on', async () => {
  const host = await TestHost.open()

  const { status, body } = await host.start(['--modes', '--models'])

  expect(status).toBe(200)
  expect(body).toMatchObject({
    sessionId: 's1',
    acpSessionId: expect.stringMatching(/^demo-/),
    modes: { currentModeId: 'ask' },
    models: { currentModelId: 'small' },
    configOptions: [{ id: 'model' }],
    capabilities: { loadSession: false },
  })
  expect(shortly(host.events)).toEqual([
    'initialize request',
    'initialize response',
    'session/new request',
    'session/new response',
  ])
  expect(host.rpc()[0]?.payload).toEqual({
    protocolVersion: 1,
    clientCapabilities: { fs: { readTextFile: true, writeTextFile: true }, terminal: true },
  })
  expect(host.rpc()[2]).toEqual({
    method: 'session/new',
    direction: 'client_to_agent',
    phase: 'request',
    payload: { cwd: host.dir, mcpServers: [] },
  })
})

test('a session is listed, healthy and on disk for its owner alone', async () => {
  const host = await TestHost.open()
  const { body } = await host.start()

  const [listed] = host.sessions.list()
  expect(listed).toMatchObject({
    sessionId: 's1',
    acpSessionId: body.acpSessionId,
    status: 'idle',
    cwd: host.dir,
  })
  expect(host.sessions.workspaceOf('s1')).toBe(host.dir)
  expect((await host.call('GET', '/sessions/s1/health')).body).toEqual({ status: 'idle', sessionId: 's1' })
  expect((await host.call('GET', '/health')).body).toEqual({
    status: 'ok',
    sessions: [{ sessionId: 's1', status: 'idle' }],
  })
  expect(await host.record()).toMatchObject({ pid: listed?.pid, acpSessionId: body.acpSessionId })
  expect((await stat(join(host.dir, 'data/sessions/s1.json'))).mode & 0o777).toBe(0o600)
})

test('an id is taken until its session has ended, and the first one is not harmed', async () => {
  const host = await TestHost.open()
  const first = host.start()
  const during = await host.start()
  await first

  expect(during).toEqual({ status: 409, body: { error: 'Session "s1" already running' } })
  expect((await host.start()).status).toBe(409)
  expect(await host.say('echo still here')).toBe('still here')
  await host.call('POST', '/sessions/s1/terminate')
  expect((await host.start()).status).toBe(200)
})

test('what can not be started is refused with 400 and a reason', async () => {
  const host = await TestHost.open()

  const missing = await host.start([], { command: '/no/such/agent' })
  const nowhere = await host.start([], { workspace: '/no/such/dir' })
  const notAbsolute = await host.start([], { workspace: 'here' })

  expect(missing).toEqual({
    status: 400,
    body: { error: 'Cannot start "/no/such/agent": executable not found' },
  })
  expect(nowhere).toEqual({ status: 400, body: { error: 'Workspace is not a directory: /no/such/dir' } })
  expect(notAbsolute).toMatchObject({ status: 400, body: { error: expect.stringContaining('workspace') } })
  expect((await host.call('POST', '/sessions/..%2Fx/start', {})).status).toBe(400)
  expect(host.sessions.list()).toEqual([])
  expect(await readdir(join(host.dir, 'data/sessions'))).toEqual([])
})

test('an agent that ends during the handshake is an error with its last output', async () => {
  const host = await TestHost.open()

  const { status, body } = await host.start(['--fail-start', 'no key was found'])

  expect(status).toBe(500)
  expect(body.error).toBe(
    'The agent exited with code 1 before it was ready.\n\nStartup output:\nno key was found',
  )
  expect(host.sessions.list()).toEqual([])
})

test('of a long output the last 4,000 characters are shown', async () => {
  const host = await TestHost.open()
  const code = "process.stderr.write('x'.repeat(9000) + 'end', () => process.exit(3))"

  const { body } = await host.start([], { args: ['-e', code] })

  const output = body.error.split('Startup output:\n')[1]
  expect(output).toHaveLength(4_000)
  expect(output).toMatch(/xend$/)
})

test('an agent that is not ready in time is ended', async () => {
  const host = await TestHost.open({ limits: { handshakeMs: 100 } })

  const { status, body } = await host.start(['--slow-start', '60000'])

  expect({ status, error: body.error }).toEqual({
    status: 500,
    error: 'The agent was not ready within 0.1 s.',
  })
})

test('an agent that refuses to open a session, or speaks another version, is an error that says so', async () => {
  const host = await TestHost.open()
  const refusing = `if (message.method === 'session/new')
    return send({ id: message.id, error: { code: -32000, message: 'sign in', data: 'first' } })`
  const newer = `if (message.method === 'initialize') return send({ id: message.id, result: { protocolVersion: 9 } })`

  const refused = await host.start([], { args: await rawAgent(host.dir, '', refusing) })
  const other = await host.start([], { args: await rawAgent(host.dir, '', newer) })

  expect(refused).toEqual({ status: 500, body: { error: 'The agent refused: sign in: first' } })
  expect(other.body.error).toBe('The agent speaks version 9 of the protocol, not 1.')
})

test('terminating a session that is being started ends the agent and the start', async () => {
  const host = await TestHost.open()
  const starting = host.start(['--slow-start', '60000'])
  const pid = await eventually(async () => (await host.record()).pid)

  const { status } = await host.call('POST', '/sessions/s1/terminate')

  expect(status).toBe(200)
  expect((await starting).body.error).toBe('The session was terminated before the agent was ready.')
  expect(await runs(pid)).toBe(false)
})

test('a setup runs in the workspace before the agent, with its environment', async () => {
  const host = await TestHost.open({ allowSetup: true })

  await host.start([], { setup: 'printf %s "$MODE" > made-by-setup', env: { MODE: 'ci' } })

  expect(await host.say('read made-by-setup')).toBe('ci')
})

test('a setup that fails, takes too long or is not allowed fails the start and says so', async () => {
  const host = await TestHost.open({ allowSetup: true, limits: { setupMs: 300 } })
  const strict = await TestHost.open()

  const failed = await host.start([], { setup: 'echo out; echo err >&2; exit 3' })
  const slow = await host.start([], { setup: 'echo begun; sleep 600' })
  const refused = await strict.start([], { setup: 'true' })

  expect(failed.status).toBe(500)
  expect(failed.body.error).toMatch(/^Setup failed with 3\n\nStartup output:\n(out\nerr|err\nout)$/)
  expect(slow.body.error).toBe('Setup took longer than 0.3 s\n\nStartup output:\nbegun')
  expect(refused).toEqual({
    status: 403,
    body: { error: 'Setup is not allowed on this host; the agent was not started.' },
  })
})

test('an agent sees nothing of the environment but what is harmless or was given to it', async () => {
  const { PATH = '' } = process.env
  const env = {
    PATH,
    LANG: 'C.UTF-8',
    LC_ALL: 'C',
    https_proxy: 'http://p:1',
    PARLEY_TOKEN: 's3cret',
    DATABASE_URL: 'x',
  }
  const host = await TestHost.open({ env })
  await host.start([], { env: { GIVEN: 'yes', LANG: 'de_DE.UTF-8' } })

  const saw = await host.say('run env')

  const names = saw.split('\n').map((line) => line.split('=')[0])
  expect(names).toEqual(expect.arrayContaining(['PATH', 'LANG', 'LC_ALL', 'https_proxy', 'GIVEN']))
  expect(saw).toContain('LANG=de_DE.UTF-8')
  expect(await host.say('env PARLEY_TOKEN')).toBe('(not set)')
  expect(await host.say('env DATABASE_URL')).toBe('(not set)')
  expect(saw).not.toMatch(/s3cret|DATABASE_URL/)
})

test('only so many sessions run at once', async () => {
  const host = await TestHost.open({ limits: { sessions: 1 } })
  await host.start()

  const second = await host.start([], {}, 's2')

  expect(second).toEqual({ status: 429, body: { error: 'Too many sessions (max 1)' } })
})

test('arguments reach the agent as they are, without a shell', async () => {
  const host = await TestHost.open()
  const args = [
    '-e',
    'process.stderr.write(JSON.stringify(process.argv.slice(1))); process.exit(1)',
    '--',
    '$HOME; *',
  ]

  const { body } = await host.start([], { args })

  expect(body.error).toContain('["$HOME; *"]')
})
