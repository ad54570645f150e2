import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import type { EventFrame, WireEvent } from '../protocol/index.js'
import { parseArguments } from './arguments.js'
import { fakeServer } from './link/fake-server.test.support.js'
import { tempDirectory } from './spool/spool.test.support.js'

const program = fileURLToPath(new URL('../../dist/host/main.js', import.meta.url))

type Running = { child: ChildProcess; dataDir: string; ended: Promise<number | null>; output(): string }

/** Runs the build of the host. */
function runHost(args: string[], dataDir = tempDirectory()): Running {
  const tokenFile = join(dataDir, 'token')
  writeFileSync(tokenFile, 'secret\n', { mode: 0o600 })
  const all = [program, '--data-dir', dataDir, '--token-file', tokenFile, ...args]
  const child = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const note = (text: Buffer) => {
    output += text.toString()
  }
  child.stderr?.on('data', note)
  child.stdout?.on('data', note)
  // The cast: the first argument of `exit` is the code.
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return { child, dataDir, ended, output: () => output }
}

const linkTo = (url: string) => ['--connect', url.replace('/api/hosts/link', '')]
const logOf = ({ dataDir }: Running) => readFileSync(join(dataDir, 'host.log'), 'utf8')

test('it links with the token of its file, ignores SIGHUP, and SIGTERM ends it after a goodbye', async () => {
  const server = await fakeServer()
  const host = runHost(linkTo(server.url))
  await eventually(() => server.ofType('hello').length === 1)

  host.child.kill('SIGHUP')
  await eventually(() => logOf(host).includes('SIGHUP is ignored'))
  host.child.kill('SIGTERM')

  expect(await host.ended).toBe(0)
  expect(server.authorizations).toEqual(['Bearer secret'])
  expect(server.ofType('bye')).toEqual([{ type: 'bye', reason: 'stopping' }])
  expect(logOf(host)).not.toContain('secret')
  expect(existsSync(join(host.dataDir, 'parley.lock'))).toBe(false)
})

test('a second process on the same directory ends; one after a killed one takes it over', async () => {
  const server = await fakeServer()
  const first = runHost(linkTo(server.url))
  await eventually(() => server.ofType('hello').length === 1)

  const second = runHost(linkTo(server.url), first.dataDir)
  expect(await second.ended).toBe(1)
  expect(second.output()).toContain('uses this data directory')

  first.child.kill('SIGKILL')
  await first.ended
  runHost(linkTo(server.url), first.dataDir)
  await eventually(() => server.ofType('hello').length === 2)
  const [one, two] = server.ofType('hello')
  expect([two?.hostId, two?.epoch]).toEqual([one?.hostId, one?.epoch])
})

test.each([
  [4400, 1],
  [4409, 0],
])('a server that closes with %i ends it with exit code %i', async (code, exitCode) => {
  const server = await fakeServer()
  server.onFrame = (frame, socket) => {
    if (frame.type === 'hello') socket.close(code)
    return true
  }

  expect(await runHost(linkTo(server.url)).ended).toBe(exitCode)
})

test('a killed host delivers what it had on disk and says what became of its session', async () => {
  const server = await fakeServer()
  const dataDir = tempDirectory()
  const workspace = tempDirectory()
  const args = [...linkTo(server.url), '--dir', workspace, '--allow-any-command']
  const first = runHost(args, dataDir)
  await eventually(() => server.ofType('caughtUp').length === 1)
  const agent = fileURLToPath(new URL('../../dist/demo-agent/main.js', import.meta.url))
  const start = { command: process.execPath, args: [agent], workspace }
  server.send({ type: 'req', id: 's1', method: 'POST', path: '/sessions/s1/start', body: start, key: 'k1' })
  await eventually(() => server.ofType('res').length === 1)
  expect(server.ofType('res')[0]).toMatchObject({ status: 200, body: { sessionId: 's1' } })
  // From here on the server takes in nothing.
  server.onFrame = (frame) => frame.type === 'event'
  const prompt = { text: 'chunks 50' }
  server.send({ type: 'req', id: 's2', method: 'POST', path: '/sessions/s1/prompt', body: prompt, key: 'k2' })
  const isTurnEnd = (event: WireEvent) =>
    event.type === 'rpc' && JSON.stringify(event.data).includes('"stopReason"')
  await eventually(() => server.ofType('event').some(({ event }) => isTurnEnd(event)))
  first.child.kill('SIGKILL')
  await first.ended

  const taken: EventFrame[] = []
  server.onFrame = (frame) => {
    if (frame.type === 'event' && frame.n === server.position.n + 1) taken.push(frame)
    return undefined
  }
  runHost(args, dataDir)
  await eventually(() => taken.some(({ event }) => event.type === 'session.terminated'))
  server.send({ type: 'req', id: 's3', method: 'POST', path: '/sessions/s1/prompt', body: prompt, key: 'k2' })
  const again = await eventually(() => server.ofType('res').find(({ id }) => id === 's3'))

  expect(taken.filter(({ event }) => JSON.stringify(event).includes('agent_message_chunk'))).toHaveLength(50)
  expect(again).toEqual({ ...server.ofType('res').find(({ id }) => id === 's2'), id: 's3' })
})

test('with --until-link-lost it ends with its server, and not with a link that was cut', async () => {
  const server = await fakeServer()
  const host = runHost([...linkTo(server.url), '--until-link-lost'])
  await eventually(() => server.ofType('caughtUp').length === 1)
  server.current?.terminate()
  await eventually(() => server.ofType('caughtUp').length === 2)
  expect(host.child.exitCode).toBeNull()

  server.stop()

  expect(await host.ended).toBe(0)
})

test('without a server it listens, says so, and needs the token of its file', async () => {
  const host = runHost(['--port', '0'])
  const port = await eventually(() => /listening on port (\d+) \(ready/.exec(host.output())?.[1])

  const health = (headers?: Record<string, string>) => fetch(`http://127.0.0.1:${port}/health`, { headers })
  expect((await health()).status).toBe(401)
  expect((await health({ authorization: 'Bearer secret' })).status).toBe(200)
  host.child.kill('SIGTERM')

  expect(await host.ended).toBe(0)
})

test.each([[['--connect', 'ftp://x']], [['--connect', 'http://elsewhere.example']], [['--what']]])(
  'it explains what is wrong with %j',
  async (args) => {
    const { ended, output } = runHost(args)

    expect(await ended).toBe(2)
    expect(output()).toContain('parley-host --data-dir')
  },
)

test('over a local socket anything may be started anywhere, over a network nothing without being allowed', () => {
  const parse = (...args: string[]) =>
    parseArguments(['--data-dir', 'd', '--token-file', 't', ...args], '/srv').policy

  expect(parse('--connect', '/run/link.sock')).toEqual({ agents: 'any' })
  expect(parse('--connect', '/run/link.sock', '--dir', 'p')).toEqual({ agents: 'any', roots: ['/srv/p'] })
  expect(parse('--connect', 'https://parley.example')).toEqual({ agents: [], roots: ['/srv'] })
  expect(parse('--connect', 'https://a.example', '--dir', '/p', '--allow-any-command')).toEqual({
    agents: 'any',
    roots: ['/p'],
  })
})
