import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '@parley/kernel/ids'
import { eventually } from '@parley/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { call, recordEvents, tempDirectory } from '../files/host.test.support.js'
import { createAgentTerminals } from './agent-terminals.js'
import { isRunning } from './processes.test.support.js'

const never = new AbortController().signal
const env = { PATH: process.env.PATH ?? '' }

async function agent() {
  const cwd = await tempDirectory()
  const events = recordEvents()
  const room = createAgentTerminals({ events, clock: systemClock })
  const terminals = room.open({ sessionId: 's1', cwd })
  onTestFinished(() => terminals.close())
  const run = (script: string, extra: object = {}) =>
    terminals.create({ command: 'sh', args: ['-c', script], env, cwd, ...extra })
  const logged = () =>
    events.emitted.map(({ data }) => (typeof data.data === 'string' ? data.data : '')).join('')
  return { cwd, events, room, terminals, run, logged }
}

describe('a command of an agent', () => {
  test('gets its arguments, its directory and only its environment, and says how it ended', async () => {
    const { cwd, events, terminals } = await agent()
    const script = 'echo "$1 <$GIVEN> <$HOME>"; pwd; echo wrong >&2; exit 3'
    const id = await terminals.create({
      command: 'sh',
      args: ['-c', script, 'sh', '; rm -rf $x'],
      env: { ...env, GIVEN: 'yes' },
      cwd,
    })

    expect(await terminals.waitForExit(id, never)).toEqual({ exitCode: 3, signal: null })
    const { output, truncated, exitStatus } = terminals.output(id)
    expect(output).toContain(`; rm -rf $x <yes> <>\n${await realpath(cwd)}\n`)
    expect(output).toContain('wrong\n')
    expect([truncated, exitStatus]).toEqual([false, { exitCode: 3, signal: null }])
    const types = events.emitted.map(({ type }) => type)
    expect([types[0], types.at(-1)]).toEqual(['terminal.started', 'terminal.exit'])
    expect(events.emitted.at(-1)).toEqual({
      sessionId: 's1',
      type: 'terminal.exit',
      data: { terminalId: id, exitCode: 3 },
    })
  })

  test('does not start elsewhere, and not when there is no such program', async () => {
    const { cwd, run, terminals } = await agent()

    await expect(run('pwd', { cwd: '/' })).rejects.toMatchObject({ status: 403 })
    await expect(run('pwd', { cwd: join(cwd, 'none') })).rejects.toMatchObject({ status: 400 })
    await expect(terminals.create({ command: 'none', args: [], env, cwd })).rejects.toMatchObject({
      status: 400,
    })
    await expect(terminals.create({ command: 'a\0b', args: [], env, cwd })).rejects.toMatchObject({
      status: 400,
    })
  })

  test('when killed ends with all it started; its output stays until it is released', async () => {
    const { run, terminals, events } = await agent()
    const id = await run("trap '' TERM HUP; (trap '' TERM HUP; sleep 1000; true) & echo pids $$ $! end; wait")
    const found = await eventually(() => /pids (\d+) (\d+) end/.exec(terminals.output(id).output))

    terminals.kill(id)
    expect(await terminals.waitForExit(id, never)).toEqual({ exitCode: null, signal: 'SIGKILL' })
    await eventually(() => events.emitted.at(-1)?.data.exitCode === -1)
    expect(terminals.output(id).output).toContain('pids')
    terminals.release(id)
    expect(() => terminals.output(id)).toThrow('not found')
    await terminals.close()
    expect(found.slice(1).map((pid) => isRunning(Number(pid)))).toEqual([false, false])
  })

  test('that leaves something behind with its pipes ends all the same', async () => {
    const { run, terminals } = await agent()
    const id = await run('sleep 1000 & echo "pid $! end"')

    expect(await terminals.waitForExit(id, never)).toEqual({ exitCode: 0, signal: null })
    const pid = Number(/pid (\d+) end/.exec(terminals.output(id).output)?.[1])
    expect(isRunning(pid)).toBe(true)
    terminals.release(id)
    await terminals.close()
    expect(isRunning(pid)).toBe(false)
  })

  test('is no longer waited for when nobody wants to', async () => {
    const { run, terminals } = await agent()
    const id = await run('exec sleep 1000')
    const end = new AbortController()
    const waiting = terminals.waitForExit(id, end.signal)
    end.abort(new Error('not any more'))

    await expect(waiting).rejects.toThrow('not any more')
  })
})

describe('the output of a command', () => {
  test('is kept up to the limit, from where a character begins', async () => {
    const { run, terminals } = await agent()
    const id = await run("printf 'aüüü'; printf '%s' x", { outputByteLimit: 4 })
    await terminals.waitForExit(id, never)

    expect(terminals.output(id)).toMatchObject({ output: 'üx', truncated: true })
    const long = await run('seq 1 100000')
    await terminals.waitForExit(long, never)
    const { output, truncated } = terminals.output(long)
    expect([output.length, truncated, output.endsWith('99999\n100000\n')]).toEqual([100_000, true, true])
  })

  test('is logged in pieces of at most 4096 bytes, whole characters, up to 4 MiB', async () => {
    const { run, terminals, events, logged } = await agent()
    const id = await run("yes 'ü😀' | head -c 6000000")
    await terminals.waitForExit(id, never)

    for (const { data } of events.emitted) {
      expect(Buffer.byteLength(String(data.data ?? ''))).toBeLessThanOrEqual(4_096)
      expect(String(data.data ?? '')).not.toContain('\ufffd')
    }
    expect(Buffer.byteLength(logged())).toBeLessThanOrEqual(4 * 1024 * 1024 + 100)
    expect(logged().endsWith('[more output was left out]\r\n')).toBe(true)
    expect(events.emitted.at(-1)?.type).toBe('terminal.exit')
  })

  test('is not read while there is no room', async () => {
    const { run, events, terminals, logged } = await agent()
    const release = events.block()
    const id = await run('seq 1 200000; echo all')
    await eventually(() => logged().length > 0)

    expect(terminals.output(id).exitStatus).toBeUndefined()
    expect(logged()).not.toContain('all')
    release()
    await terminals.waitForExit(id, never)
    expect(logged()).toContain('\n200000\nall\n')
  })
})

test('the routes show the terminals of a session', async () => {
  const { run, room, terminals } = await agent()
  const id = await run('echo hi; exit 2')
  await terminals.waitForExit(id, never)

  expect((await call(room.routes, 'GET /sessions/s1/terminals')).body).toEqual({
    terminals: [{ terminalId: id, command: 'sh -c echo hi; exit 2', exitCode: 2 }],
  })
  expect((await call(room.routes, `GET /sessions/s1/terminals/${id}`)).body).toEqual({
    terminalId: id,
    output: 'hi\n',
    truncated: false,
  })
  expect((await call(room.routes, 'GET /sessions/s1/terminals/none')).status).toBe(404)
  expect((await call(room.routes, 'GET /sessions/s2/terminals')).status).toBe(404)
})
