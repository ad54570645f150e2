import { openGround } from '@parley/kernel/ground'
import { expect, it, onTestFinished } from 'vitest'
import type { SessionsStorage } from '../protocol/index.js'
import { sqlSessionsStorage } from '../sql-storage.js'
import { sessionsMigrations } from '../store/index.js'
import { adHoc, ann, type Core, openCore, person, scriptedRuntime, tell } from './core.test.support.js'
import { importStorage } from './import-storage.js'

const runtimes = { local: scriptedRuntime().runtime }

/** A storage of the application's: one of ours on a database of its own. */
async function theirs(): Promise<Required<SessionsStorage>> {
  const ground = await openGround()
  onTestFinished(() => ground.close())
  await ground.db.migrate([sessionsMigrations])
  return sqlSessionsStorage(ground)
}

const openWith = (storage: SessionsStorage, runtime = runtimes.local): Promise<Core> =>
  openCore({ runtimes: { local: runtime }, options: { storage } })

const prompt = { method: 'session/prompt', direction: 'client_to_agent', phase: 'request' }

it('writes sessions through: when they begin, when they change and when they end', async () => {
  const storage = await theirs()
  const core = await openWith(storage)
  const webhooks = [{ url: 'https://a', secret: 's' }]
  const { id } = await core.service.createSession(ann, { ...adHoc, cwd: '/srv', webhooks }, {})
  expect(await storage.getStoredSession(id)).toMatchObject({
    meta: { id, status: 'active', cwd: '/srv', runtime: 'local' },
    runtimeInfo: { hostUrl: 'http://host', runtimeName: 'local' },
    webhooks,
  })

  await core.clock.advance(1_000)
  await tell(core, id, 'rpc', { ...prompt, payload: { prompt: [{ type: 'text', text: 'Hello' }] } })
  await tell(core, id, 'permission_request', {
    requestId: 'r',
    toolCallId: 'c',
    title: 't',
    options: [{ optionId: 'y', name: 'Y', kind: 'allow_once' }],
  })
  await core.mirror.idle()
  expect(await storage.getSessionMeta(id)).toMatchObject({
    title: 'Hello',
    lastUpdatedAt: '2026-01-01T00:00:01.000Z',
    pendingPermission: { requestId: 'r' },
  })

  await core.service.terminateSession(ann, id)
  await core.mirror.idle()
  expect(await storage.getSessionMeta(id)).toMatchObject({ status: 'killed', pendingPermission: null })
  expect(core.faults).toEqual([])
})

it('writes templates and instances through', async () => {
  const storage = await theirs()
  const { service } = await openWith(storage)

  const template = await service.registerAgentTemplate(ann, { name: 'T', ...adHoc })
  const updated = await service.updateAgentTemplate(ann, template.id, {
    name: 'U',
    runtime: { setup: 'make' },
  })
  await service.startRuntime(ann, 'local')

  expect(await storage.listAgentTemplates()).toEqual([updated])
  expect(await storage.listRuntimeInstances()).toEqual([
    { name: 'local', typeName: 'local', status: 'running' },
  ])
  await service.deleteRuntime(ann, 'local')
  expect(await storage.listRuntimeInstances()).toEqual([])
})

it('a storage that can not store a new session fails its creation', async () => {
  const local = scriptedRuntime()
  const storage = { ...(await theirs()), createSession: () => Promise.reject(new Error('read only')) }
  const { service, store } = await openWith(storage, local.runtime)

  await expect(service.createSession(ann, adHoc, {})).rejects.toMatchObject({
    status: 500,
    message: 'Failed to persist session: read only',
  })
  expect(await store.sessions.count()).toBe(0)
  expect(local.running.size).toBe(0)
})

it('a storage that fails later changes nothing but is reported', async () => {
  const storage = { ...(await theirs()), updateSession: () => Promise.reject(new Error('down')) }
  const core = await openWith(storage)
  const { id } = await core.service.createSession(ann, adHoc, {})

  await tell(core, id, 'error', { message: 'x' })
  await core.mirror.idle()

  expect(core.faults.length).toBeGreaterThan(0)
  expect(await core.service.getSession(ann, id)).toMatchObject({ status: 'active' })
})

it('takes over what it finds, once, and goes on writing it', async () => {
  const storage = await theirs()
  const before = await openWith(storage)
  const { id } = await before.service.createSession(
    person('x', { tenant: {} }),
    { ...adHoc, cwd: '/srv' },
    {},
  )
  const template = await before.service.registerAgentTemplate(ann, { name: 'T', ...adHoc })
  await before.service.startRuntime(ann, 'local')
  await before.mirror.idle()

  const after = await openWith(storage)
  const managed = [{ ...template, id: 'm', name: 'Managed' }]
  for (let times = 0; times < 2; times += 1) await importStorage({ ...after, storage, managed })
  await tell(after, id, 'error', { message: 'x' })
  await after.mirror.idle()

  expect(await after.service.listSessions(ann)).toMatchObject([{ id, status: 'active', cwd: '/srv' }])
  expect(await after.store.sessions.find(id)).toMatchObject({ tenant: {}, runtimeType: 'local' })
  expect((await storage.listAgentTemplates()).map(({ name }) => name)).toEqual(['Managed', 'T'])
  expect(await after.store.instances.find('local')).toMatchObject({ status: 'running' })
  expect(after.faults).toEqual([])
})

it('writes at the next start what a server that crashed did not', async () => {
  const storage = await theirs()
  let isDown = false
  const flaky = {
    ...storage,
    finalizeSession: (id: string, reason: 'terminated') =>
      isDown ? Promise.reject(new Error('down')) : storage.finalizeSession(id, reason),
  }
  const before = await openWith(flaky)
  const { id } = await before.service.createSession(ann, adHoc, {})
  isDown = true
  await before.service.terminateSession(ann, id)
  await before.mirror.idle()
  expect(await storage.getSessionMeta(id)).toMatchObject({ status: 'active' })

  const after = await openCore({ runtimes, ground: before.ground, options: { storage } })
  await importStorage({ ...after, storage, managed: undefined })
  await after.mirror.idle()

  expect(await storage.getSessionMeta(id)).toMatchObject({ status: 'killed' })
})
