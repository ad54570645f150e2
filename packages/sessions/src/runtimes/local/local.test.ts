import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { directoryHolder } from '@parley/kernel/directory-lock'
import { type Ground, openGround } from '@parley/kernel/ground'
import { eventually } from '@parley/testkit'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  addSession,
  eventsOf,
  type Node,
  startNode,
  textsOf,
} from '../../service/hosts/hosts.test.support.js'
import { runtimeConformance } from '../conformance.js'
import type { AttachedRuntime } from '../port.js'
import { type LocalRuntimeOptions, localRuntime } from './index.js'

const demoAgent = fileURLToPath(new URL('../../../dist/demo-agent/main.js', import.meta.url))
const spawn = { command: process.execPath, args: [demoAgent] }

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'parley-local-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

type Local = { node: Node; runtime: AttachedRuntime; stop(): Promise<void> }

/** A local runtime on a node, without doors. Its sessions are put on record when they start, as the plane does. */
async function open(ground: Ground, options: LocalRuntimeOptions = {}): Promise<Local> {
  const node = await startNode(ground)
  const inner = localRuntime(options)
  const { links, acceptLink } = node.hosts
  const onFault = (error: unknown) => void node.faults.push(error)
  inner.attach({ typeName: 'local', links, acceptLink, onFault })
  let stopping: Promise<void> | undefined
  const stop = async () => {
    await inner.detach?.()
    await node.stop()
  }
  const runtime: AttachedRuntime = {
    ...inner,
    fetchSession: async (sessionId, request) => {
      if (request.url.endsWith('/start') && !(await node.store.sessions.find(sessionId)))
        await addSession(node, { id: sessionId, hostId: (await inner.hostOf?.('local')) ?? null })
      return inner.fetchSession(sessionId, request)
    },
  }
  return { node, runtime, stop: () => (stopping ??= stop()) }
}

async function openInMemory(options: LocalRuntimeOptions = {}): Promise<Local> {
  const ground = await openGround()
  const local = await open(ground, options)
  onTestFinished(async () => {
    await local.runtime.dispose?.()
    await local.stop()
    await ground.close()
  })
  return local
}

runtimeConformance('the local runtime', async () => {
  const ground = await openGround()
  const workspace = await directory()
  const { node, runtime, stop } = await open(ground)
  return {
    runtime,
    instance: 'local',
    spawn,
    workspace,
    events: (sessionId) => eventsOf(node, sessionId),
    close: async () => {
      await stop()
      await ground.close()
    },
  }
})

const ask = async (
  { runtime }: Pick<Local, 'runtime'>,
  id: string,
  method: string,
  path: string,
  body?: unknown,
) => {
  const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) }
  return await runtime.fetchSession(id, new Request(`http://session.invalid${path}`, init))
}

async function started(local: Local, workspace: string): Promise<string> {
  const id = crypto.randomUUID()
  const answer = await ask(local, id, 'POST', '/start', { sessionId: id, ...spawn, workspace })
  expect(answer.status).toBe(200)
  return id
}

const endedTurns = async ({ node }: Local, id: string) =>
  (await eventsOf(node, id)).filter(
    ({ data }) => data.method === 'session/prompt' && data.phase === 'response',
  ).length

describe('a host with a directory', () => {
  it('outlives the server: the next one finds it and gets what happened meanwhile, once', async () => {
    const dataDir = await directory()
    const database = await directory()
    const ground = await openGround({ database })
    const first = await open(ground, { dataDir })
    const id = await started(first, await directory())
    const pid = directoryHolder(dataDir)
    await ask(first, id, 'POST', '/prompt', { text: 'echo before' })
    await eventually(async () => (await endedTurns(first, id)) === 1)
    expect((await ask(first, id, 'POST', '/prompt', { text: 'chunks 500' })).status).toBe(202)
    await first.stop()
    await ground.close()

    const again = await openGround({ database })
    const second = await open(again, { dataDir })
    onTestFinished(async () => {
      await second.runtime.dispose?.()
      await second.stop()
      await again.close()
    })

    expect(await second.runtime.reconnect?.(id, null)).toBe(true)
    expect(directoryHolder(dataDir)).toBe(pid)
    await eventually(async () => (await endedTurns(second, id)) === 2)
    const texts = textsOf(await eventsOf(second.node, id))
    expect(texts.length).toBeGreaterThanOrEqual(500)
    expect(new Set(texts).size).toBe(texts.length)
    expect((await ask(second, id, 'POST', '/prompt', { text: 'echo after' })).status).toBe(202)
    expect(second.runtime.getRuntimeMeta?.(id)).toEqual({ hostId: await second.runtime.hostOf?.('local') })
  })

  it('is begun by a server that comes after both were gone, without being asked', async () => {
    const dataDir = await directory()
    const first = await openInMemory({ dataDir })
    await first.runtime.start?.('local')
    await first.runtime.dispose?.()
    await first.stop()
    expect(directoryHolder(dataDir)).toBeUndefined()

    const second = await openInMemory({ dataDir })

    await eventually(() => directoryHolder(dataDir))
    await eventually(async () => (await second.runtime.getInstanceStatus?.('local')) === 'running')
  })

  it('that was killed is started again by the next request', async () => {
    const dataDir = await directory()
    const local = await openInMemory({ dataDir })
    await local.runtime.start?.('local')
    const pid = directoryHolder(dataDir)
    process.kill(Number(pid), 'SIGKILL')
    await eventually(async () => (await local.runtime.getInstanceStatus?.('local')) === 'stopped')

    const answer = await local.runtime.fetchInstance?.('local', new Request('http://session.invalid/health'))

    expect(await answer?.json()).toMatchObject({ status: 'ok' })
    expect(directoryHolder(dataDir)).not.toBe(pid)
  })

  it('keeps its secrets to its user, also where the path is too long for a socket', async () => {
    const dataDir = join(await directory(), 'd'.repeat(100))
    const local = await openInMemory({ dataDir })

    await local.runtime.start?.('local')

    for (const name of ['host-token', 'host-id'])
      expect((await stat(join(dataDir, name))).mode & 0o777).toBe(0o600)
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700)
    const address = await readFile(join(dataDir, 'link-address'), 'utf8')
    onTestFinished(() => rm(dirname(address.trim()), { recursive: true, force: true }))
    expect((await stat(dirname(address.trim()))).mode & 0o777).toBe(0o700)
  })

  it('has one server at a time', async () => {
    const dataDir = await directory()
    const first = await openInMemory({ dataDir })
    await first.runtime.start?.('local')
    const second = await openInMemory({ dataDir })

    await expect(second.runtime.start?.('local')).rejects.toThrow('Another server')
    expect(await first.runtime.getInstanceStatus?.('local')).toBe('running')
  })

  it('ends with its agents when the runtime is disposed of', async () => {
    const dataDir = await directory()
    const local = await openInMemory({ dataDir })
    await started(local, await directory())
    expect(directoryHolder(dataDir)).toBeDefined()

    await local.runtime.dispose?.()

    expect(directoryHolder(dataDir)).toBeUndefined()
    expect(await local.runtime.getInstanceStatus?.('local')).toBe('stopped')
  })
})

it('a host without a directory ends with the plane, and leaves nothing', async () => {
  // Other tests have such hosts at the same time.
  const temporary = await directory()
  vi.stubEnv('TMPDIR', temporary)
  onTestFinished(() => void vi.unstubAllEnvs())
  const ground = await openGround()
  const local = await open(ground)
  await local.runtime.start?.('local')
  const [made] = await readdir(temporary)
  const pid = Number(directoryHolder(join(temporary, made ?? '')))
  expect(pid).toBeGreaterThan(0)

  await local.stop()
  await ground.close()

  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  expect(await readdir(temporary)).toEqual([])
})

it('a host that does not start says why, with the end of its log', async () => {
  const local = await openInMemory({ env: { NODE_OPTIONS: '--require=/nowhere/at-all.js' } })

  await expect(local.runtime.start?.('local')).rejects.toMatchObject({
    code: 'sessions.runtime_failed',
    message: expect.stringMatching(/ended with exit code 1[\s\S]*at-all\.js/),
  })
})

it('a request that is no JSON is refused; a runtime without a plane can do nothing', async () => {
  const local = await openInMemory()
  const bad = new Request('http://session.invalid/prompt', { method: 'POST', body: '{' })

  expect((await local.runtime.fetchSession('s', bad)).status).toBe(400)
  await expect(
    localRuntime().fetchSession('s', new Request('http://session.invalid/health')),
  ).rejects.toMatchObject({
    code: 'sessions.runtime_failed',
  })
})
