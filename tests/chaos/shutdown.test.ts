import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '@parley/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { type ServerProcess, startServerProcess } from './handshake-kill/server-process.js'
import { createSubject, sender } from './handshake-kill/traffic.js'

async function startServer(): Promise<ServerProcess & { dataDir: string }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-shutdown-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const server = await startServerProcess(dataDir)
  onTestFinished(() => server.kill())
  return { ...server, dataDir }
}

/** A streamed batch of which the page has seen the first action. */
async function batchUnderWay({ url }: ServerProcess, intervalMs: number) {
  const send = sender(url)
  const { session } = await createSubject(send)
  const socket = new WebSocket(url.replace('http', 'ws') + session.wsUrl)
  const types: string[] = []
  socket.on('error', () => {})
  socket.on('message', (data) => types.push((JSON.parse(String(data)) as { type: string }).type))
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  await eventually(() => types.includes('connected'))
  const actions = ['a', 'b', 'c', 'd'].map((key) => ({ type: 'set', key, value: key }))
  const answer = send(
    session.actionUrl,
    { actions, stream: true, intervalMs },
    { 'x-handshake-token': session.token },
  )
  await eventually(() => types.includes('action'))
  return { answer, closed, types }
}

it('asked to stop, a server lets a batch end and answers it, closes sockets with 1001 and leaves no note', async () => {
  const server = await startServer()
  const { answer, closed, types } = await batchUnderWay(server, 200)

  server.signal('SIGTERM')

  expect(await (await answer).json()).toMatchObject({ ok: true, applied: ['a', 'b', 'c', 'd'] })
  expect(await closed).toBe(1001)
  expect(types.filter((type) => type !== 'connected')).toEqual([
    'action',
    'action',
    'action',
    'action',
    'done',
  ])
  expect(await server.ended).toBe(0)
  expect(await readdir(server.dataDir)).not.toContain('control.json')
})

/** A request whose body never ends, so that a server that stops in order waits for it. */
async function requestUnderWay({
  url,
}: ServerProcess): Promise<{ received: () => string; closed: Promise<void> }> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  // A reset is as good an end as any.
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
  const head = `POST /handshake/session HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Length: 100\r\n`
  await new Promise<void>((resolve) => socket.write(`${head}Expect: 100-continue\r\n\r\n{`, () => resolve()))
  const received = () => Buffer.concat(chunks).toString()
  // The server says so when it has taken the request on.
  await eventually(() => received().startsWith('HTTP/1.1 100'))
  return { received, closed }
}

it('asked a second time, it ends at once', async () => {
  const server = await startServer()
  const { received, closed } = await requestUnderWay(server)

  server.signal('SIGTERM')
  await eventually(() =>
    fetch(`${server.url}/healthz`).then(
      () => false,
      () => true,
    ),
  )
  server.signal('SIGINT')

  expect(await server.ended).toBe(130)
  await closed
  expect(received()).not.toContain('HTTP/1.1 2')
})
