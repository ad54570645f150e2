import { readFile } from 'node:fs/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { eventually } from '@parley/testkit'
import { expect, test } from 'vitest'
import { noEnvironment, rawAgent, runs, TestHost } from './sessions.test.support.js'

// Agents that are broken, or mean harm.

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

async function hostile(code: string, handshake = ''): Promise<TestHost> {
  const host = await TestHost.open({ env: noEnvironment })
  const args = await rawAgent(host.dir, code, handshake)
  const started = await host.start([], { command: process.execPath, args })
  expect(started).toMatchObject({ status: 200 })
  return host
}

const done = `send({ id, result: { stopReason: 'end_turn' } })`

test('JSON that is nested deeper than the stack is left out, and the turn goes on', async () => {
  const host = await hostile(`
    const deep = '{"a":'.repeat(200000) + '1' + '}'.repeat(200000)
    write('{"jsonrpc":"2.0","method":"session/update","params":' + deep + '}\\n')
    write('{"jsonrpc":"2.0","id":1,"method":"fs/read_text_file","params":' + deep + '}\\n')
    write('{"jsonrpc":"2.0","id":2,"method":"session/request_permission","params":' + deep + '}\\n')
    write('{"jsonrpc":"2.0","id":3,"method":"terminal/create","params":{"sessionId":"raw","command":"true","_meta":' + deep + '}}\\n')
    write('{"jsonrpc":"2.0","id":4,"method":"no/such","params":' + deep + '}\\n')
    write('{"jsonrpc":"2.0","id":"x","result":' + deep + '}\\n')
    ${done}`)

  await host.say('go')

  expect(host.sessions.list()).toHaveLength(1)
  expect(host.faults).toEqual([])
})

test('ids that are huge, wrong, repeated or names of every object end nothing', async () => {
  const host = await hostile(`
    const ask = (rid) => send({ id: rid, method: 'session/request_permission', params: { sessionId: 'raw',
      toolCall: { toolCallId: '__proto__' }, options: [{ optionId: 'constructor', name: 'x', kind: 'allow_once' }] } })
    for (const rid of ['__proto__', 'constructor', -1, 1.5, 1e308, '', 'a', 'a', null, {}, [], true]) ask(rid)
    send({ id: 'x'.repeat(1000000), method: 'no/such' })
    for (const answer of [999, '__proto__', -1]) send({ id: answer, result: {} })
    send({ id: 1, error: null })
    write('{"jsonrpc":"2.0","id":7,"method":"session/update","params":{"__proto__":{"polluted":1}}}\\n')
    write(Buffer.from([0xff, 0xfe, 0x7b, 0x0a]))
    write('{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"raw","update":{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"\\\\ud800\\\\u0000"}}}}\\n')
    ${done}`)

  await host.prompt('go')
  await host.until('permission_request', 6)
  for (const { requestId } of host.of('permission_request'))
    await host.call('POST', `/sessions/s1/permissions/${requestId}`, { outcome: 'cancelled' })

  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  expect(host.faults).toEqual([])
  expect(host.sessions.list()).toHaveLength(1)
})

test('a thousand questions and a thousand terminals are refused beyond the limits', async () => {
  const host = await hostile(`
    let refused = 0, answered = 0
    const left = new Promise((resolve) => { onMessage = (message) => {
      if (!('method' in message)) { answered++; if (message.error) refused++ }
      if (answered >= 1900) resolve()
    } })
    for (let n = 0; n < 1000; n++) {
      send({ id: 'p' + n, method: 'session/request_permission', params: { sessionId: 'raw', toolCall: { toolCallId: 't' + n },
        options: [{ optionId: 'y', name: 'y', kind: 'allow_once' }] } })
    }
    for (let n = 0; n < 1000; n++) send({ id: 't' + n, method: 'terminal/create', params: { sessionId: 'raw', command: 'sleep', args: ['100'] } })
    await left
    update('')
    send(update('refused ' + refused))
    ${done}`)
  const said = host.say('go')
  await host.until('permission_request', 64)

  expect(await said).toMatch(/refused 1[89]\d\d/)
  expect(host.of('permission_request')).toHaveLength(64)
  expect(host.of('terminal.started').length).toBeLessThanOrEqual(64)
  const { permissions } = await host.record()
  expect(permissions.length).toBeLessThanOrEqual(64)
})

test('what an agent calls its tools takes little memory, however long it is', async () => {
  const host = await hostile(`
    const long = 'x'.repeat(4000000)
    for (let n = 0; n < 60; n++)
      send({ method: 'session/update', params: { sessionId: 'raw', update: { sessionUpdate: 'tool_call',
        toolCallId: 't' + n, title: long + n, kind: long + n } } })
    ${done}`)
  const before = await settledHeap()
  await host.say('go')
  host.events.length = 0

  expect((await settledHeap()) - before).toBeLessThan(60 * 1024 * 1024)
})

test('open requests of an agent take a bounded memory', async () => {
  const host = await hostile(`
    const long = 'x'.repeat(4000000)
    const ask = (n) => send({ id: 'x'.repeat(4000000) + n, method: 'terminal/wait_for_exit', params: { sessionId: 'raw', terminalId: 'none' } })
    send({ id: 'create', method: 'terminal/create', params: { sessionId: 'raw', command: 'sleep', args: ['100'] } })
    onMessage = ({ id: answered, result }) => {
      if (answered !== 'create') return
      for (let n = 0; n < 60; n++)
        send({ id: 'w' + n, method: 'terminal/wait_for_exit', params: { sessionId: 'raw', terminalId: result.terminalId, _meta: { long: long + n } } })
      for (let n = 0; n < 20; n++) ask(n)
      ${done}
    }`)
  const before = await settledHeap()
  await host.say('go')
  host.events.length = 0

  expect((await settledHeap()) - before).toBeLessThan(120 * 1024 * 1024)
})

test('an endless line is read and forgotten', async () => {
  const host = await hostile(`
    const piece = 'x'.repeat(1024 * 1024)
    for (let n = 0; n < 200; n++) if (!write(piece)) await new Promise((resolve) => process.stdout.once('drain', resolve))
    write('\\n')
    ${done}`)
  const before = await settledHeap()
  await host.say('go')

  expect(host.of('error')).toHaveLength(1)
  expect((await settledHeap()) - before).toBeLessThan(60 * 1024 * 1024)
})

test('nothing that an agent or its commands started is left: forks, new sessions, ignored signals', async () => {
  const host = await hostile(`
    const { spawn } = await import('node:child_process')
    process.on('SIGTERM', () => {})
    const pids = [process.pid]
    for (let n = 0; n < 12; n++) {
      const child = spawn('sh', ['-c', "trap '' TERM HUP; (trap '' TERM HUP; sleep 1000; true) & sleep 1000; true"], { detached: n % 2 === 0, stdio: 'ignore' })
      pids.push(child.pid)
    }
    const bare = spawn('sh', ['-c', "trap '' TERM HUP; env -i setsid sleep 1000 & sleep 1000; true"], { detached: true, stdio: 'ignore', env: {} })
    pids.push(bare.pid)
    onMessage = ({ id: answered, result }) => { if (answered === 'c') { send(update(pids.join(' '))); ${done} } }
    send({ id: 'c', method: 'terminal/create', params: { sessionId: 'raw', command: 'sh',
      args: ['-c', "setsid sh -c 'trap \\"\\" TERM HUP; echo in $$; sleep 1000; true' & sleep 1000; true"],
      env: [{ name: 'PARLEY_AGENT_MARK', value: 'somebody else' }] } })`)
  const pids = (await host.say('go')).split(' ').map(Number)
  const [inTerminal] = await eventually(() => {
    const text = host
      .of('terminal.data')
      .map(({ data }) => data)
      .join('')
    const found = /in (\d+)/.exec(text)
    return found ? [Number(found[1])] : undefined
  })
  pids.push(inTerminal!)

  await host.call('POST', '/sessions/s1/terminate')

  for (const pid of pids) expect(await runs(pid), String(pid)).toBe(false)
})

test('an agent answers the handshake with rubbish, and its start fails cleanly', async () => {
  for (const result of [
    'null',
    '[]',
    '{"protocolVersion":"__proto__"}',
    '{"protocolVersion":1,"agentCapabilities":7}',
  ]) {
    const host = await TestHost.open({ env: noEnvironment })
    const args = await rawAgent(
      host.dir,
      '',
      `if (message.method === 'initialize') { write('{"jsonrpc":"2.0","id":' + message.id + ',"result":${result}}\\n'); return }
      if (message.method === 'session/new') { write('{"jsonrpc":"2.0","id":' + message.id + ',"result":{"sessionId":{"toString":1}}}\\n'); return }`,
    )
    expect(await host.start([], { command: process.execPath, args })).toMatchObject({ status: 500 })
    expect(host.sessions.list()).toEqual([])
    expect(await readFile(`${host.dir}/data/sessions/s1.json`).catch(() => 'none')).toBe('none')
  }
})

async function settledHeap(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
    collect()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
