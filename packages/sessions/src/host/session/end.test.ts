import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually } from '@parley/testkit'
import { expect, test } from 'vitest'
import { rawAgent, runs, shortly, TestHost } from './sessions.test.support.js'

async function grownTree(host: TestHost): Promise<number[]> {
  const said = await host.say('tree')
  const pids = said.replace('pids: ', '').split(' ').map(Number)
  expect(await Promise.all(pids.map(runs))).toEqual([true, true])
  return pids
}

async function areGone(pids: readonly number[]): Promise<boolean> {
  return !(await Promise.all(pids.map(runs))).includes(true)
}

test('terminating ends the agent and what it started, also what ignores SIGTERM', async () => {
  const host = await TestHost.open()
  await host.start()
  const pids = [host.sessions.list()[0]?.pid ?? 0, ...(await grownTree(host))]

  expect(await host.call('POST', '/sessions/s1/terminate')).toEqual({ status: 200, body: { ok: true } })

  expect(await areGone(pids)).toBe(true)
  expect(host.of('session.terminated')).toEqual([{ exitCode: -1, reason: 'terminated' }])
  expect(host.sessions.list()).toEqual([])
  expect((await host.call('GET', '/sessions/s1/health').catch(() => ({ status: 404 }))).status).toBe(404)
  expect((await host.call('POST', '/sessions/s1/terminate')).status).toBe(200)
  expect(await readdir(join(host.dir, 'data/sessions'))).toEqual([])
})

test('an agent that exits by itself ends its session with its code, and its children with it', async () => {
  const host = await TestHost.open()
  await host.start()
  const pids = await grownTree(host)

  const { body } = await host.prompt('crash')
  const [ended] = await host.until('session.terminated')

  expect(ended).toEqual({ exitCode: 7, reason: 'agent_exit' })
  expect(await areGone(pids)).toBe(true)
  expect((await host.turnEnded(body.turnId)).payload).toEqual({
    error: { code: -32603, message: 'The agent ended during this turn.' },
  })
  expect(shortly(host.events).slice(-3)).toEqual(['session/prompt response', 'error', 'session.terminated'])
})

test('a child that left the process group is found and ended', async () => {
  const host = await TestHost.open()
  const code = `
    const { spawn } = await import('node:child_process')
    const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' })
    child.on('spawn', () => { send(update(String(child.pid))); send({ id, result: { stopReason: 'end_turn' } }) })`
  await host.start([], { args: await rawAgent(host.dir, code) })
  const pid = Number(await host.say('go'))
  expect(await runs(pid)).toBe(true)

  await host.call('POST', '/sessions/s1/terminate')

  expect(await runs(pid)).toBe(false)
})

test('children that are started while the agent is being ended are ended as well', async () => {
  const host = await TestHost.open()
  const code = `
    const { spawn } = await import('node:child_process')
    process.on('SIGTERM', () => {})
    setInterval(() => spawn('sh', ['-c', "trap '' TERM; sleep 600"], { stdio: 'ignore' }), 5)
    send({ id, result: { stopReason: 'end_turn' } })`
  await host.start([], { args: await rawAgent(host.dir, code) }, 's1')
  await host.say('go')
  const { mark, pid } = await host.record()

  await host.call('POST', '/sessions/s1/terminate')

  const { findProcesses } = await import('../agent/process-table.js')
  expect(await findProcesses({ group: pid, mark })).toEqual([])
})

test('everything the agent wrote before its end is told before it', async () => {
  const host = await TestHost.open()
  const code = `
    let all = ''
    for (let n = 0; n < 500; n++) all += line(update('last words '))
    process.stdout.write(all, () => process.exit(0))`
  await host.start([], { args: await rawAgent(host.dir, code) })
  await host.prompt('go')
  await host.until('session.terminated')

  const order = shortly(host.events)
  expect(order.filter((type) => type === 'session/update notification')).toHaveLength(500)
  expect(order.lastIndexOf('session/update notification')).toBeLessThan(order.indexOf('session.terminated'))
})

test('an agent that closes its output is of no use and is ended', async () => {
  const host = await TestHost.open()
  const code = "const { closeSync } = await import('node:fs'); closeSync(1); setInterval(() => {}, 1000)"
  await host.start([], { args: await rawAgent(host.dir, code) })
  const pid = host.sessions.list()[0]?.pid ?? 0
  await host.prompt('go')

  await host.until('session.terminated')

  expect(await runs(pid)).toBe(false)
})

test('a session can be terminated while the spool is full', async () => {
  const host = await TestHost.open()
  await host.start()
  const pid = host.sessions.list()[0]?.pid ?? 0
  host.fill()
  await host.prompt('flood 100000')
  await eventually(() => shortly(host.events).includes('session/update notification'))

  await host.call('POST', '/sessions/s1/terminate')

  expect(await runs(pid)).toBe(false)
  expect(host.of('session.terminated')).toHaveLength(1)
})

test('a turn that is terminated with its session fails without an error event, and the queue is emptied', async () => {
  const host = await TestHost.open()
  await host.start()
  const { body } = await host.prompt('wait')
  await host.prompt('echo never')
  await host.call('POST', '/sessions/s1/terminate')

  expect((await host.turnEnded(body.turnId)).payload).toMatchObject({ error: { code: -32603 } })
  expect(host.of('error')).toEqual([])
  expect(host.of('queue.updated').at(-1)).toMatchObject({ size: 0 })
  expect(shortly(host.events).at(-1)).toBe('session.terminated')
})

test('closing a host ends every session', async () => {
  const host = await TestHost.open()
  await Promise.all([host.start([], {}, 's1'), host.start([], {}, 's2')])
  const pids = host.sessions.list().map(({ pid }) => pid ?? 0)

  await host.sessions.close()

  expect(await areGone(pids)).toBe(true)
  expect(host.of('session.terminated')).toHaveLength(2)
  expect((await host.start([], {}, 's3')).status).toBe(503)
})

test('a workspace is watched from its start to its end', async () => {
  const seen: string[] = []
  const watch = (sessionId: string, cwd: string) => {
    seen.push(`watch ${sessionId} ${cwd}`)
    return () => void seen.push(`stop ${sessionId}`)
  }
  const host = await TestHost.open({ watch })
  await host.start()
  await host.call('POST', '/sessions/s1/terminate')

  expect(seen).toEqual([`watch s1 ${host.dir}`, 'stop s1'])
})
