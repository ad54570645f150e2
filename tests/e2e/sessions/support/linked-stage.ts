// A stage whose host outlives its server, with something between the two that can be cut.
import { once } from 'node:events'
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { directoryHolder } from '@parley/kernel/directory-lock'
import { eventually } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import { openStage, type Stage } from './stage.js'

export type LinkedStage = Stage & {
  hostDir: string
  /** Number of the host's process. */
  hostPid(): number
  killHost(): Promise<void>
  /** Called when the stage is closed. */
  afterwards: (() => Promise<unknown>)[]
  /** What the host has on record of a session. */
  record(id: string): Promise<HostRecord>
}

/** As the host writes it; only what is looked at. */
export type HostRecord = { turn?: unknown; queue: unknown[]; permissions: unknown[]; pid: number }

/** A stage with a host that has linked; everything of it is gone when the test is over. */
export async function openLinkedStage(): Promise<LinkedStage> {
  const hostDir = await mkdtemp(join(tmpdir(), 'parley-link-'))
  const stage = await openStage({ dataDir: hostDir })
  const afterwards: LinkedStage['afterwards'] = []
  onTestFinished(async () => {
    await stage.close()
    for (const close of afterwards) await close()
    await rm(hostDir, { recursive: true, force: true })
  })
  await stage.call('POST', '/runtimes/local/start')
  const hostPid = () => directoryHolder(hostDir)!
  return {
    ...stage,
    hostDir,
    hostPid,
    afterwards,
    killHost: async () => {
      const pid = hostPid()
      process.kill(pid, 'SIGKILL')
      await eventually(() => directoryHolder(hostDir) !== pid)
    },
    // The cast: the host's own record.
    record: async (id) =>
      JSON.parse(await readFile(join(hostDir, 'sessions', `${id}.json`), 'utf8')) as HostRecord,
  }
}

/** The wire between host and server. */
export type Wire = {
  /** How often the host dialled. */
  dials(): number
  /** Breaks the link; the host dials again. */
  cut(): void
  /** Breaks it and lets nobody through until `mend`. */
  down(): void
  mend(): void
}

/** Puts a wire between a host and its server: from its next start on, the host's link goes through it. */
export async function openWire(stage: LinkedStage): Promise<Wire> {
  const door = join(stage.hostDir, 'link.sock')
  const real = join(stage.hostDir, 'server.sock')
  await rename(door, real)
  const sockets = new Set<Socket>()
  let dials = 0
  let isDown = false
  const server = createServer((incoming) => {
    if (isDown) return void incoming.destroy()
    dials++
    const onward = connect(real)
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
  server.listen(door)
  await once(server, 'listening')
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  // Not before: a server that ends its host's sessions has to reach it.
  stage.afterwards.push(async () => {
    cut()
    await new Promise((resolve) => server.close(resolve))
  })
  await stage.killHost()
  await eventually(() => dials > 0)
  await eventually(async () => (await stage.call('GET', '/runtimes/local/files?path=x')).status !== 503)
  return {
    dials: () => dials,
    cut,
    down: () => {
      isDown = true
      cut()
    },
    mend: () => {
      isDown = false
    },
  }
}
