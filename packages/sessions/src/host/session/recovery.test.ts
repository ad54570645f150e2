import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { startTimeOf } from '../agent/index.js'
import {
  demoAgent,
  noEnvironment,
  rawAgent,
  runs,
  shortly,
  TestHost,
  tempDir,
  textOf,
} from './sessions.test.support.js'

const state = (host: TestHost) => ['--state', join(host.dir, 'state')]

test.each(['load', 'resume'])(
  'an agent that was killed goes on by session/%s, and nothing is told twice',
  async (how) => {
    const host = await TestHost.open()
    const { body: started } = await host.start([`--${how}`, ...state(host)])
    await host.say('echo before')
    const { body } = await host.prompt('die')

    const [resumed] = await host.until('session.resumed')

    expect(resumed).toEqual({ how, acpSessionId: started.acpSessionId })
    expect((await host.turnEnded(body.turnId)).payload).toMatchObject({ error: { code: -32603 } })
    const order = shortly(host.events)
    expect(order.slice(order.indexOf('error'))).toEqual([
      'error',
      'initialize request',
      'initialize response',
      `session/${how} request`,
      `session/${how} response`,
      'session.resumed',
    ])
    expect(textOf(host.events)).toBe('before')
    expect(await host.say('echo after')).toBe('after')
    expect(host.of('session.terminated')).toEqual([])
  },
)

test('what waited goes on when the agent runs again; prompts that come meanwhile wait', async () => {
  const host = await TestHost.open()
  await host.start(['--load', ...state(host)])
  await host.prompt('die')
  const queued = await host.prompt('echo next')
  await host.until('error')
  const meanwhile = await host.prompt('echo last')

  await host.turnEnded(meanwhile.body.queueId ?? meanwhile.body.turnId)

  expect(textOf(host.events)).toBe('nextlast')
  expect(host.rpc().filter(({ turnId }) => turnId === queued.body.queueId)).toHaveLength(2)
})

test('an agent that can not take up its session is said to be gone', async () => {
  const host = await TestHost.open()
  await host.start()
  await host.prompt('die')

  const message = 'The agent was ended by SIGKILL, and the agent can not take up a session again.'
  expect(await host.until('session.terminated')).toEqual([{ exitCode: -1, reason: 'agent_exit', message }])
})

test('an agent that dies again and again is started three times', async () => {
  const host = await TestHost.open()
  await host.start(['--load', ...state(host)])
  for (let time = 1; time <= 4; time++) {
    await host.prompt('die')
    await eventually(() => host.of('session.resumed').length === time || host.of('session.terminated').length)
  }

  expect(host.of('session.resumed')).toHaveLength(3)
  const message = 'The agent was ended by SIGKILL, and it was started again too often already.'
  expect(host.of('session.terminated')).toEqual([{ exitCode: -1, reason: 'agent_exit', message }])
})

test('an agent that forgot the session is said to be gone, with its words', async () => {
  const host = await TestHost.open()
  await host.start(['--load', ...state(host)])
  const { acpSessionId } = await host.record()
  await writeFile(join(host.dir, 'state', `${acpSessionId}.json`), 'no longer JSON')
  process.kill(host.sessions.list()[0]?.pid ?? 0, 'SIGKILL')

  const [ended] = await host.until('session.terminated')

  expect(ended.message).toBe(
    'The agent was ended by SIGKILL, and its session could not be taken up again: The agent refused: Resource not found',
  )
})

/** An agent that says it can do both, and answers a resumption with the error; its prompts kill it. */
async function promisingAgent(code: number): Promise<TestHost> {
  const host = await TestHost.open({ env: noEnvironment })
  const handshake = `
    const { id, method } = message
    const agentCapabilities = { loadSession: true, sessionCapabilities: { resume: {} } }
    if (method === 'initialize') return send({ id, result: { protocolVersion: 1, agentCapabilities } })
    if (method === 'session/resume') return send({ id, error: { code: ${code}, message: 'no' } })
    if (method === 'session/load') { send(update('again')); return send({ id, result: null }) }`
  const args = await rawAgent(host.dir, `process.kill(process.pid, 'SIGKILL')`, handshake)
  await host.start([], { command: process.execPath, args })
  await host.prompt('die')
  return host
}

test('an agent that offers session/resume and does not know it goes on by session/load', async () => {
  const host = await promisingAgent(-32601)

  expect(await host.until('session.resumed')).toEqual([{ how: 'load', acpSessionId: 'raw' }])
  expect(textOf(host.events)).toBe('')
})

test('an agent that does not want to resume is not asked in another way', async () => {
  const host = await promisingAgent(-32000)

  const [{ message }] = await host.until('session.terminated')

  expect(message).toContain('could not be taken up again: The agent refused: no')
  expect(shortly(host.events)).not.toContain('session/load request')
})

test('terminating a session while its agent is started again ends it', async () => {
  const host = await TestHost.open()
  await host.start(['--load', '--slow-start', '300', ...state(host)])
  await host.prompt('die')
  await host.until('error')

  await host.call('POST', '/sessions/s1/terminate')

  expect(host.of('session.terminated')).toEqual([{ exitCode: -1, reason: 'terminated' }])
  expect(host.of('session.resumed')).toEqual([])
})

/** A host in a process of its own, once what it emitted matches `until`. */
async function killedHostRunning(
  dir: string,
  args: readonly string[],
  prompts: readonly string[],
  until: RegExp,
) {
  const script = new URL('../../../dist/host/session/lone-host.test.support.js', import.meta.url)
  const told = JSON.stringify({ dir, demoAgent, args, prompts })
  const child = spawn(process.execPath, [fileURLToPath(script), told], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let text = ''
  child.stdout.on('data', (piece: Buffer) => {
    text += piece
  })
  await eventually(() => until.test(text))
  return { child, out: () => text }
}

test('the next host ends what a killed one left, says how its turn ended, and goes on', async () => {
  const dir = await tempDir()
  const args = ['--load', '--state', join(dir, 'state')]
  const { child, out } = await killedHostRunning(
    dir,
    args,
    ['tree', 'ask', 'echo queued'],
    /permission_request/,
  )
  const pids = /pids: (\d+) (\d+)/.exec(out())?.slice(1).map(Number) ?? []
  const before = await eventually(async () => {
    const record = JSON.parse(await readFile(join(dir, 'data/sessions/s1.json'), 'utf8'))
    return record.permissions.length === 1 && record
  })
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await Promise.all(pids.map(runs))).toEqual([true, true])

  const host = await TestHost.open({}, dir)
  expect(host.sessions.list()).toMatchObject([{ sessionId: 's1', acpSessionId: before.acpSessionId }])
  await host.sessions.recovered()

  expect(await Promise.all([before.pid, ...pids].map(runs))).toEqual([false, false, false])
  expect(shortly(host.events).slice(0, 4)).toEqual([
    'permission_rejected',
    'session/prompt response',
    'error',
    'initialize request',
  ])
  expect(host.rpc()[0]).toMatchObject({ turnId: before.turn.queueId, payload: { error: { code: -32603 } } })
  expect(host.of('session.resumed')).toEqual([{ how: 'load', acpSessionId: before.acpSessionId }])
  await host.turnEnded(before.queue[0].queueId)
  expect(textOf(host.events)).toBe('queued')
  expect(host.sessions.list()[0]?.startedAt).toBe(before.startedAt)
})

test('without a way to take it up again the next host says that the session is gone', async () => {
  const dir = await tempDir()
  const { child } = await killedHostRunning(dir, [], ['echo said'], /end_turn/)
  child.kill('SIGKILL')
  await once(child, 'exit')

  const host = await TestHost.open({}, dir)
  await host.sessions.recovered()

  const message = 'The host was restarted, and the agent can not take up a session again.'
  expect(host.of('session.terminated')).toEqual([{ exitCode: -1, reason: 'error', message }])
  expect(host.sessions.list()).toEqual([])
})

test('a process that merely has the number of a dead agent is not touched', async () => {
  const other = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' })
  onTestFinished(() => void other.kill('SIGKILL'))
  await once(other, 'spawn')
  const first = await TestHost.open()
  await first.start()
  const record = await first.record()
  await first.sessions.close()
  const dir = await tempDir()
  const host = await TestHost.open({}, dir)
  await host.sessions.close()
  const startTime = `${await startTimeOf(other.pid ?? 0)}0`
  await writeFile(
    join(dir, 'data/sessions/s1.json'),
    JSON.stringify({ ...record, pid: other.pid, startTime }),
  )

  const next = await TestHost.open({}, dir)
  await next.sessions.recovered()

  expect(next.of('session.terminated')).toHaveLength(1)
  expect(await runs(other.pid ?? 0)).toBe(true)
})

test('a start that a host did not live to finish leaves nothing behind, and files that are no records stay', async () => {
  const dir = await tempDir()
  const first = await TestHost.open({}, dir)
  await first.sessions.close()
  const half = { v: 1, sessionId: 's1', command: 'x', args: [], cwd: dir, env: {}, mark: 'none', resumes: [] }
  await writeFile(
    join(dir, 'data/sessions/s1.json'),
    JSON.stringify({ ...half, startedAt: '', autoApprove: false, queue: [], paused: false, permissions: [] }),
  )
  await writeFile(join(dir, 'data/sessions/s2.json'), '{"v":1,"sessionId":"../s2"}')
  await writeFile(join(dir, 'data/sessions/s3.json'), '{"v":')

  const host = await TestHost.open({}, dir)
  await host.sessions.recovered()

  expect(host.events).toEqual([])
  expect(host.sessions.list()).toEqual([])
  expect((await host.start()).status).toBe(200)
})
