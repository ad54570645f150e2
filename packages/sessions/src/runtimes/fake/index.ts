// A runtime of many instances in memory: for tests of whatever starts, stops and uses instances.

import { type Clock, systemClock } from '@parley/kernel/ids'
import type { RuntimeInstance } from '../../protocol/index.js'
import type { AttachedRuntime } from '../port.js'
import { feedEvents } from './feed.js'
import { FakeHost } from './host.js'

export { FakeHost } from './host.js'
export type { FakeEvent } from './session.js'

/** The runtime, and a look at what is behind it. */
export type FakeRuntime = AttachedRuntime & {
  /** By the name of their instance; a deleted one has none. */
  readonly hosts: ReadonlyMap<string, FakeHost>
}

type Instance = { status: RuntimeInstance['status']; host: FakeHost }

/** Instances live until they are deleted; sessions end when theirs stops. Nothing outlives the process. */
export function fakeRuntime(options: { cwd?: string; clock?: Clock; hasQueue?: boolean } = {}): FakeRuntime {
  const { cwd = '/workspace', clock = systemClock, hasQueue = true } = options
  const instances = new Map<string, Instance>()
  const hosts = new Map<string, FakeHost>()
  const instanceOf = new Map<string, string>()

  const stop = async (name: string): Promise<void> => {
    const instance = instances.get(name)
    if (!instance) return
    for (const id of instance.host.sessions.keys()) instance.host.kill(id)
    instance.status = 'stopped'
  }
  const running = (name: string | undefined): Instance | undefined => {
    const instance = name === undefined ? undefined : instances.get(name)
    return instance?.status === 'running' ? instance : undefined
  }

  return {
    hosts,
    attach: ({ feed }) => feed?.lead((held, signal) => feedEvents({ held, hosts }, signal)),
    start: async (name) => {
      const host = hosts.get(name) ?? new FakeHost({ hasQueue, now: () => clock.now() })
      hosts.set(name, host)
      instances.set(name, { status: 'running', host })
    },
    stop,
    pause: async (name) => {
      const instance = instances.get(name)
      if (instance?.status === 'running') instance.status = 'paused'
    },
    delete: async (name) => {
      await stop(name)
      instances.delete(name)
      hosts.delete(name)
    },
    getInstanceStatus: async (name) => instances.get(name)?.status,
    getDefaultCwd: () => cwd,
    getRuntimeMeta: (sessionId) => {
      const instanceName = instanceOf.get(sessionId)
      return instanceName === undefined ? null : { instanceName }
    },
    reconnect: async (sessionId) => running(instanceOf.get(sessionId))?.host.sessions.has(sessionId) ?? false,
    fetchInstance: async (name, request) =>
      running(name)?.host.fetchInstance(request) ?? Response.json({ error: 'not running' }, { status: 409 }),
    fetchSession: async (sessionId, request) => {
      const { pathname } = new URL(request.url)
      if (pathname === '/start') {
        const { instanceName } = await request.clone().json()
        if (typeof instanceName !== 'string')
          return Response.json({ error: 'Missing instanceName' }, { status: 400 })
        if (!running(instanceName))
          return Response.json({ error: `Runtime instance "${instanceName}" not found` }, { status: 404 })
        instanceOf.set(sessionId, instanceName)
      }
      if (!instanceOf.has(sessionId) && pathname === '/terminate') return Response.json({ ok: true })
      const instance = running(instanceOf.get(sessionId))
      return (
        instance?.host.fetchSession(sessionId, request) ??
        Response.json({ error: 'Session not found' }, { status: 404 })
      )
    },
    dispose: async () => {
      for (const name of instances.keys()) await stop(name)
    },
  }
}
