// Terminals: of an instance, opened by people, and of an agent.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Peer } from './support/peer.js'
import { ask, openStage, type Stage, startTurn } from './support/stage.js'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(async () => {
  await stage?.close()
  expect(stage.faults).toEqual([])
})

/** Everything a terminal wrote so far. */
const outputOf = ({ frames }: Peer, terminalId: string): string =>
  frames
    .filter(({ event }) => event?.type === 'terminal.data' && event.data.terminalId === terminalId)
    .map(({ event }) => event.data.data)
    .join('')

async function openTerminal(peer: Peer, more: object = {}): Promise<string> {
  const from = peer.frames.length
  peer.send({ action: 'terminal.create', ...more })
  const started = await peer.next(({ event }) => event?.type === 'terminal.started', from)
  return started.event.data.terminalId
}

// proves: sessions.s43
it('opens, types into, resizes, replays and kills a terminal of an instance', async () => {
  const peer = await stage.dial()
  await peer.subscribe('terminals')
  const terminalId = await openTerminal(peer)
  const started = peer.frames.find(({ event }) => event?.type === 'terminal.started')
  const written = (text: string) => peer.next(() => outputOf(peer, terminalId).includes(text))
  const type = (data: string) => peer.send({ action: 'terminal.input', terminalId, data })

  // Without `sessionId` and `agentId`.
  expect(started).toEqual({
    type: 'event',
    channel: `terminals:${terminalId}`,
    seq: expect.any(Number),
    event: {
      type: 'terminal.started',
      data: { terminalId, command: '/bin/sh' },
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    },
  })
  expect(terminalId).toMatch(/^term-/)
  // The default size, the directory of the host, then another size.
  type('stty size; pwd\r')
  await written('30 120')
  await written(stage.cwd)
  peer.send({ action: 'terminal.resize', terminalId, cols: 91, rows: 17 })
  type('stty size\r')
  await written('17 91')
  // Keys arrive in the order they were typed, each at its place.
  type('stty -echo\r')
  for (const key of `echo ${'0123456789'.repeat(20)}\r`) type(key)
  await written('0123456789'.repeat(20))
  type('exit 3\r')
  const exit = await peer.next(({ event }) => event?.type === 'terminal.exit')
  expect(exit.event.data).toEqual({ terminalId, exitCode: 3 })

  // Whoever comes later, or again, gets the same bytes.
  const texts = peer.texts.filter((_, at) => peer.frames[at].event)
  const later = await stage.dial()
  expect(await later.subscribe('terminals')).toEqual(texts)
  expect(await later.subscribe(`terminals:${terminalId}`)).toEqual(texts)
  expect(await peer.subscribe('terminals', exit.seq)).toEqual([])
  expect(await peer.subscribe('terminals', peer.frames.find(({ event }) => event).seq)).toEqual(
    texts.slice(1),
  )
  for (const { event } of later.frames.filter(({ event }) => event?.type === 'terminal.data'))
    expect(Buffer.byteLength(event.data.data)).toBeLessThanOrEqual(4096)

  // It stays listed after its exit until it is killed; then it does not come again.
  for (const one of [peer, later]) one.send({ action: 'terminal.kill', terminalId })
  await peer.settle()
  const third = await stage.dial()
  expect(await third.subscribe('terminals')).toEqual([])
})

// proves: sessions.s43
it('runs the program it is told, in the directory of a session, in its size; killing one that runs tells of it', async () => {
  const cwd = join(stage.cwd, 'terminal')
  await mkdir(cwd)
  const sessionId = await stage.session({ cwd })
  const peer = await stage.dial()
  await peer.subscribe('terminals')

  const terminalId = await openTerminal(peer, { sessionId, data: '/bin/bash', cols: 70, rows: 11 })
  peer.send({ action: 'terminal.input', terminalId, data: 'stty size; pwd; echo "$0"\r' })
  await peer.next(() =>
    ['11 70', cwd, '/bin/bash'].every((text) => outputOf(peer, terminalId).includes(text)),
  )
  peer.send({ action: 'terminal.kill', terminalId })
  const { event } = await peer.next((frame) => frame.event?.type === 'terminal.exit')
  expect(event.data).toEqual({ terminalId, exitCode: -1 })

  const from = peer.frames.length
  peer.send({ action: 'terminal.create', data: '/no/such/program' })
  const error = await peer.next(({ type }) => type === 'error', from)
  expect(error).toEqual({ type: 'error', message: expect.stringMatching(/^terminal\.create: ./) })
  for (const [message, what] of [
    [{ action: 'terminal.resize', terminalId: 'term-none', cols: 1, rows: 1 }, /^terminal\.resize: ./],
    [{ action: 'terminal.input', terminalId: 'term-none', data: 'x' }, /^terminal\.input: ./],
  ] as const) {
    const at = peer.frames.length
    peer.send(message)
    expect((await peer.next(({ type }) => type === 'error', at)).message).toMatch(what)
  }
})

// proves: sessions.s44
it('gives an agent its terminals: output, exit code, its own channel', async () => {
  const id = await stage.session()
  const peer = await stage.dial()
  await peer.subscribe(`session:${id}:terminal`)

  expect(await ask(stage, id, `run ${process.execPath} -e console.log(6*7);process.exitCode=3`)).toBe(
    '42\n\nexit: 3',
  )
  const ids = new Set(peer.frames.filter(({ event }) => event).map(({ event }) => event.data.terminalId))
  const [terminalId] = [...ids]
  await peer.next(({ event }) => event?.type === 'terminal.exit')
  expect(ids.size).toBe(1)
  const own = await stage.dial()
  await own.subscribe(`session:${id}:terminal:${terminalId}`)

  const events = own.frames.filter(({ type }) => type === 'event')
  expect(events.map(({ event }) => event.type)).toEqual([
    'terminal.started',
    'terminal.data',
    'terminal.exit',
  ])
  expect(events.map(({ event }) => event.data)).toMatchObject([
    { terminalId, command: expect.stringContaining(process.execPath) },
    { terminalId, data: expect.stringMatching(/^42\r?\n$/) },
    { terminalId, exitCode: 3 },
  ])
  // Numbered and stored like everything else of the session.
  const logs = await stage.logs(id)
  expect(events.map(({ seq }) => logs[seq - 1])).toEqual(events.map(({ event }) => event))
})

// proves: sessions.s44
it('kills the command of an agent’s terminal when the turn is cancelled', async () => {
  const id = await stage.session()
  const peer = await stage.dial()
  await peer.subscribe(`session:${id}:terminal`)
  const turn = await startTurn(stage, id, 'run sleep 600')
  await peer.next(({ event }) => event?.type === 'terminal.started')

  await turn.cancel()

  expect((await turn.ended).body).toMatchObject({ stopReason: 'cancelled' })
  const { event } = await peer.next((frame) => frame.event?.type === 'terminal.exit')
  expect(event.data.exitCode).toBe(-1)
})
