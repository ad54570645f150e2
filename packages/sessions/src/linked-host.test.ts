import { once } from 'node:events'
import { mkdirSync, symlinkSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openGround } from '@parley/kernel/ground'
import { eventually } from '@parley/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { testHost } from './host/host.test.support.js'
import { type HostOptions, wsDial } from './host/index.js'
import { linkedRuntime, linkToken } from './linked-runtime.test.support.js'
import { openPlane, type Plane } from './plane.test.support.js'

// A whole plane and a whole host with real agents, with a wire between them that the test cuts.

const demoAgent = fileURLToPath(new URL('../dist/demo-agent/main.js', import.meta.url))
const spawn = { command: process.execPath, args: [demoAgent] }

type Wire = { url: string; dials(): number; cut(): void }

/** Passes everything on to a port. */
async function openWire(port: number): Promise<Wire> {
  const sockets = new Set<Socket>()
  let dials = 0
  const server = createServer((incoming) => {
    dials++
    const onward = connect(port, '127.0.0.1')
    for (const [one, other] of [
      [incoming, onward],
      [onward, incoming],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    cut()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url: `ws://127.0.0.1:${portOf(server)}/api/hosts/link`, dials: () => dials, cut }
}

// The cast: it listens on a port.
const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port

/** As for a host of this machine: how often others may dial is limited. */
async function listen({ sessions }: Plane): Promise<number> {
  const { acceptLink } = await sessions.hosts()
  const server = createHttpServer()
  server.on('upgrade', (request, socket, head) => acceptLink(request, socket, head))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return portOf(server)
}

/** A plane with a host that is linked to it. */
async function openLinked(options: Partial<HostOptions> = {}) {
  const ground = await openGround()
  onTestFinished(() => ground.close())
  const { runtime, register } = linkedRuntime()
  const plane = await openPlane({ ground, runtimes: { local: runtime } })
  const wire = await openWire(await listen(plane))
  await register()
  const host = await testHost({
    dial: wsDial({ url: wire.url, token: () => linkToken }),
    hostId: 'h1',
    backOff: { firstMs: 2, maxMs: 20 },
    ...options,
  })
  await eventually(() => host.isLinked)
  return { ...plane, host, wire }
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into payloads as clients do.
const chunksIn = (logs: any[]): string[] =>
  logs.map(({ data }) => data.payload?.update?.content?.text).filter((text) => text !== undefined)

// proves: sessions.s77
it('a link that is cut fifty times during a turn of 5,000 chunks loses and repeats nothing', async () => {
  const { call, ground, host, wire } = await openLinked()
  const { body } = await call('alice', 'POST', '/agents', { spawn, cwd: host.workspace })
  let stored = 0
  const isOver = ground.log.tap(`session:${body.id}`, {
    events: (events) => {
      stored += events.length
    },
  })
  onTestFinished(isOver)

  const turn = call('alice', 'POST', `/agents/${body.id}/prompts`, { text: 'chunks 5000 100 1' })
  for (let cut = 0; cut < 50; cut++) {
    const least = stored + 1 + Math.floor(Math.random() * 70)
    await eventually(() => stored >= least, { everyMs: 1 })
    const dialled = wire.dials()
    wire.cut()
    await eventually(() => wire.dials() > dialled)
  }
  expect(stored).toBeLessThan(5_000)

  expect((await turn).body).toEqual({ stopReason: 'end_turn' })
  const { body: session } = await call('alice', 'GET', `/agents/${body.id}`)
  expect(chunksIn(session.logs)).toEqual(
    Array.from({ length: 5_000 }, (_, index) => `chunk ${index + 1} `.padEnd(100, '.')),
  )
  const { events } = await ground.log.read(`session:${body.id}`, { after: 0, limit: 10_000 })
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
  expect(events).toHaveLength(session.logs.length)
}, 120_000)

// proves: sessions.s83
it('what the operator of a host does not allow is refused, and nothing is listed', async () => {
  const { call, host, sessions } = await openLinked({ policy: undefined })
  const home = host.workspace
  mkdirSync(join(home, 'in'))
  symlinkSync('/tmp', join(home, 'out'))
  const strict = await call('alice', 'POST', '/agents', { spawn, cwd: home })
  expect(strict.body.error).toContain('command not allowed')
  expect((await call('alice', 'GET', '/agents')).body).toEqual([])

  const { call: ask, host: open } = await openLinked()
  symlinkSync('/tmp', join(open.workspace, 'out'))
  for (const cwd of ['/tmp', '/', join(open.workspace, 'out'), `${open.workspace}/../..`]) {
    const { status, body } = await ask('alice', 'POST', '/agents', { spawn, cwd })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(body.error).toContain('Path outside workspace')
  }
  expect((await ask('alice', 'GET', '/agents')).body).toEqual([])
  expect(open.sessions()).toEqual([])
  const { links } = await sessions.hosts()
  expect(await links.request('h1', { method: 'GET', path: '/etc/passwd' })).toMatchObject({ status: 404 })
  expect((await ask('alice', 'POST', '/agents', { spawn, cwd: open.workspace })).status).toBe(201)
})
