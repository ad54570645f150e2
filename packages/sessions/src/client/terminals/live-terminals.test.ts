import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { anEvent, type FakeServer, openFakeServer } from '../fake-server.test.support.js'
import { reduceTerminals, type TerminalSessions } from '../timeline/terminals.js'

let seq = 1_000

const started = (fake: FakeServer, terminalId: string, command = '/bin/sh') =>
  fake.terminal({ seq: ++seq, event: anEvent('terminal.started', { terminalId, command }) })
const wrote = (fake: FakeServer, terminalId: string, data: string) =>
  fake.terminal({ seq: ++seq, event: anEvent('terminal.data', { terminalId, data }) })
const actionsOf = (fake: FakeServer, name: string) => fake.actions.filter(({ action }) => action === name)

async function openTerminals() {
  const fake = await openFakeServer()
  const client = fake.client()
  const terminals = client.terminals()
  return { fake, client, terminals }
}

test('a terminal is created, written to, sized and killed', async () => {
  const { fake, client, terminals } = await openTerminals()
  const creating = terminals.create({ command: 'bash', cols: 80, rows: 24 })
  await eventually(() => actionsOf(fake, 'terminal.create').length === 1)
  started(fake, 't1', 'bash')
  const id = await creating
  const terminal = client.terminal(id)
  const read: string[] = []

  wrote(fake, 't1', '$ ')
  await eventually(() => terminal.getState()?.output)
  terminal.onOutput((text) => read.push(text))
  wrote(fake, 't1', 'ls\r\n')
  await eventually(() => read.length === 2)

  expect([id, read]).toEqual(['t1', ['$ ', 'ls\r\n']])
  expect([terminal.input('ls\r'), terminal.resize(100, 40), terminal.kill()]).toEqual([true, true, true])
  expect(terminals.getState().terminals).toEqual([])
  await eventually(() => actionsOf(fake, 'terminal.kill').length === 1)
  fake.terminal({ seq: ++seq, event: anEvent('terminal.exit', { terminalId: 't1', exitCode: -1 }) })
  started(fake, 't2')
  await eventually(() => terminals.getState().terminals.length)
  expect(terminals.getState().terminals.map(({ terminalId }) => terminalId)).toEqual(['t2'])
  expect(fake.actions).toEqual([
    { action: 'subscribe', channel: 'terminals' },
    { action: 'terminal.create', data: 'bash', cols: 80, rows: 24 },
    { action: 'terminal.input', terminalId: 't1', data: 'ls\r' },
    { action: 'terminal.resize', terminalId: 't1', cols: 100, rows: 40 },
    { action: 'terminal.kill', terminalId: 't1' },
  ])
})

test('what is kept is there, and is no answer to who creates one', async () => {
  const fake = await openFakeServer()
  started(fake, 'old')
  wrote(fake, 'old', 'before')
  const terminals = fake.client().terminals()
  const creating = terminals.create()
  await eventually(() => actionsOf(fake, 'terminal.create').length === 1)
  started(fake, 'new')

  await expect(creating).resolves.toBe('new')
  expect(terminals.getState()).toMatchObject({
    status: 'connected',
    terminals: [
      { terminalId: 'old', output: 'before' },
      { terminalId: 'new', exitCode: null },
    ],
  })
})

test('after a lost connection output goes on where it stopped, and nothing typed meanwhile is sent later', async () => {
  const { fake, terminals } = await openTerminals()
  started(fake, 't1')
  wrote(fake, 't1', 'a')
  await eventually(() => terminals.getState().terminals[0]?.output)

  fake.cut()
  await eventually(() => terminals.getState().status === 'reconnecting')
  expect(terminals.input('t1', 'x')).toBe(false)
  await expect(terminals.create()).rejects.toMatchObject({ code: 'offline' })
  wrote(fake, 't1', 'b')
  fake.mend()
  await eventually(() => terminals.getState().terminals[0]?.output === 'ab')

  expect(actionsOf(fake, 'terminal.input')).toEqual([])
})

test('who waits for a terminal learns why there is none', async () => {
  const { fake, terminals } = await openTerminals()
  await eventually(() => terminals.getState().status === 'connected')
  const creating = terminals.create()
  fake.say({ type: 'error', message: 'something else' })
  fake.say({ type: 'error', message: 'terminal.create: too many' })

  await expect(creating).rejects.toMatchObject({ message: 'terminal.create: too many' })
})

test('a refused channel refuses everything', async () => {
  const fake = await openFakeServer()
  fake.behaviour.refused.set('terminals', 'no')
  const terminals = fake.client().terminals()
  await expect(terminals.create()).rejects.toMatchObject({ message: 'no' })
  expect(terminals.getState().error).toMatchObject({ message: 'no' })
})

test('followers share one, and the last one lets go of it', async () => {
  const { fake, client, terminals } = await openTerminals()
  const other = client.terminals()
  await eventually(() => other.getState().status === 'connected')
  let told = 0
  terminals.subscribe(() => told++)
  terminals.close()
  await expect(terminals.create()).rejects.toMatchObject({ code: 'closed' })
  started(fake, 't1')
  await eventually(() => other.getState().terminals.length)

  expect([told, terminals.input('t1', 'x'), fake.lines.size]).toEqual([0, false, 1])
  other.close()
  await eventually(() => fake.lines.size === 0)
})

describe('terminals from events', () => {
  const fold = (...happened: [string, object][]) =>
    happened.reduce<TerminalSessions>(
      (list, [type, data]) => reduceTerminals(list, { type, data: { ...data } }),
      [],
    )

  test.each<[string, [string, object][], object[]]>([
    [
      'start',
      [['terminal.started', { terminalId: 'a', command: 'sh' }]],
      [{ terminalId: 'a', command: 'sh', output: '', exitCode: null }],
    ],
    [
      'write',
      [
        ['terminal.data', { terminalId: 'a', data: 'x' }],
        ['terminal.data', { terminalId: 'a', data: 'y' }],
      ],
      [{ output: 'xy', isCut: false }],
    ],
    [
      'end',
      [
        ['terminal.started', { terminalId: 'a' }],
        ['terminal.exit', { terminalId: 'a', exitCode: 3 }],
      ],
      [{ exitCode: 3 }],
    ],
    [
      'are killed',
      [
        ['terminal.started', { terminalId: 'a' }],
        ['terminal.exit', { terminalId: 'a' }],
      ],
      [{ exitCode: -1 }],
    ],
    [
      'are released',
      [
        ['terminal.started', { terminalId: 'a' }],
        ['terminal.release', { terminalId: 'a' }],
      ],
      [],
    ],
    [
      'are many',
      [
        ['terminal.started', { terminalId: 'a' }],
        ['terminal.started', { terminalId: 'b' }],
        ['terminal.data', { terminalId: 'a', data: 'x' }],
      ],
      [
        { terminalId: 'a', output: 'x' },
        { terminalId: 'b', output: '' },
      ],
    ],
  ])('%s', (_what, happened, list) => {
    const folded = fold(...happened)
    expect(folded).toHaveLength(list.length)
    expect(folded).toMatchObject(list)
  })

  test.each<[string, object]>([
    ['rpc', { terminalId: 'a' }],
    ['terminal.data', {}],
    ['terminal.data', { terminalId: 'a', data: 7 }],
    ['terminal.release', { terminalId: 'b' }],
    ['terminal.exit', { terminalId: 'b', exitCode: 0 }],
  ])('%s %j changes nothing', (type, data) => {
    const list = fold(['terminal.started', { terminalId: 'a' }])
    expect(reduceTerminals(list, { type, data: { ...data } })).toBe(list)
  })

  test('keep the end of much output, cut where a line begins', () => {
    const lines = Array.from({ length: 20_000 }, (_, i): [string, object] => [
      'terminal.data',
      { terminalId: 'a', data: `line ${i} ${'.'.repeat(30)}\n` },
    ])
    const [terminal] = fold(...lines)
    expect(terminal?.isCut).toBe(true)
    expect(terminal?.output).toMatch(/^line \d+ \.+\n/)
    expect(terminal?.output.length).toBeLessThanOrEqual(600_000)
    expect(terminal?.output.endsWith(`line 19999 ${'.'.repeat(30)}\n`)).toBe(true)
  })
})
