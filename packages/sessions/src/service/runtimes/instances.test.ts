import { expect, it } from 'vitest'
import type { Runtime, RuntimeInstance } from '../../protocol/index.js'
import { adHoc, ann, bob, openCore, scriptedRuntime } from '../core.test.support.js'

/** A backend of many instances that knows how they are. */
function backend(over: Partial<Runtime> = {}) {
  const statuses = new Map<string, RuntimeInstance['status']>()
  const calls: string[] = []
  const set = (verb: string, status?: RuntimeInstance['status']) => async (name: string) => {
    calls.push(`${verb} ${name}`)
    if (status) statuses.set(name, status)
    else statuses.delete(name)
  }
  const scripted = scriptedRuntime(undefined, {
    onlyOne: false,
    start: set('start', 'running'),
    stop: set('stop', 'stopped'),
    pause: set('pause', 'paused'),
    delete: set('delete'),
    getInstanceStatus: async (name) => statuses.get(name),
    ...over,
  })
  return { ...scripted, statuses, calls }
}

const instance = (name: string, status: RuntimeInstance['status'], typeName = 'docker') => ({
  name,
  typeName,
  status,
})

async function opened(over?: Partial<Runtime>, more: Partial<Parameters<typeof openCore>[0]> = {}) {
  const local = scriptedRuntime()
  const docker = backend(over)
  const core = await openCore({ runtimes: { local: local.runtime, docker: docker.runtime }, ...more })
  const listed = async () => (await core.service.listRuntimes(bob)).flatMap(({ instances }) => instances)
  return { ...core, local, docker, listed }
}

it('lists every type, also without an instance', async () => {
  const { service } = await opened()

  expect(await service.listRuntimes(bob)).toEqual([
    { typeName: 'local', onlyOne: true, instances: [] },
    { typeName: 'docker', onlyOne: false, instances: [] },
  ])
})

it('starts, pauses, resumes, stops and deletes an instance', async () => {
  const { service, docker, listed } = await opened()

  expect(await service.startRuntime(ann, 'docker', 'staging')).toEqual(instance('staging', 'running'))
  expect(await service.startRuntime(ann, 'docker')).toEqual(instance('docker', 'running'))
  expect(await listed()).toEqual([instance('docker', 'running'), instance('staging', 'running')])
  await service.pauseRuntime(ann, 'staging')
  expect(await listed()).toContainEqual(instance('staging', 'paused'))
  await service.startRuntime(ann, 'docker', 'staging')
  await service.stopRuntime(ann, 'staging')
  expect(await listed()).toContainEqual(instance('staging', 'stopped'))
  await service.deleteRuntime(ann, 'staging')
  await service.deleteRuntime(ann, 'docker')

  expect(await listed()).toEqual([])
  expect(docker.calls).toEqual([
    'start staging',
    'start docker',
    'pause staging',
    'start staging',
    'stop staging',
    'delete staging',
    'stop docker',
    'delete docker',
  ])
})

it('stopping ends the sessions of the instance and no others; pausing ends none', async () => {
  const { service, docker } = await opened()
  const template = await service.registerAgentTemplate(ann, {
    name: 'T',
    ...adHoc,
    runtime: { provider: 'docker' },
  })
  const on = (runtimeInstance: string) =>
    service.createSession(ann, { agentTemplateId: template.id, runtimeInstance }, {})
  for (const name of ['a', 'b']) await service.startRuntime(ann, 'docker', name)
  const [first, second] = [await on('a'), await on('b')]
  const status = async (id: string) => (await service.getSession(ann, id)).status

  await service.pauseRuntime(ann, 'a')
  expect(await status(first.id)).toBe('active')
  await service.stopRuntime(ann, 'a')

  expect([await status(first.id), await status(second.id)]).toEqual(['killed', 'active'])
  expect(docker.running).toEqual(new Set([second.id]))
  await service.deleteRuntime(ann, 'b')
  expect(await status(second.id)).toBe('killed')
})

it('refuses what can not be', async () => {
  const { service } = await opened({ pause: undefined as never })
  await service.startRuntime(ann, 'docker', 'staging')
  const refusals: [() => Promise<unknown>, number, string][] = [
    [() => service.startRuntime(ann, 'mars'), 400, 'Unknown runtime type: "mars". Available: local, docker'],
    [() => service.startRuntime(ann, 'local', 'x'), 400, 'Runtime "local" only supports a single instance'],
    [() => service.startRuntime(ann, 'docker', 'local'), 409, 'An instance of another runtime has this name'],
    [() => service.startRuntime(ann, 'docker', '-rf'), 400, 'name'],
    [() => service.startRuntime(ann, 'docker', 'a/b'), 400, 'name'],
    [() => service.startRuntime(ann, 'docker', 'x'.repeat(129)), 400, 'name'],
    [() => service.stopRuntime(ann, 'x'), 404, 'Runtime instance "x" not found'],
    [() => service.pauseRuntime(ann, 'x'), 404, 'Runtime instance "x" not found'],
    [() => service.deleteRuntime(ann, 'x'), 404, 'Runtime instance "x" not found'],
    [() => service.deleteRuntime(ann, 'docker'), 404, 'Runtime instance "docker" not found'],
    [() => service.pauseRuntime(ann, 'staging'), 500, 'Runtime "docker" does not support pause'],
    [() => service.startRuntime(bob, 'docker'), 403, 'sessions:machine'],
    [() => service.stopRuntime(bob, 'staging'), 403, 'sessions:machine'],
  ]

  for (const [refused, status, text] of refusals)
    await expect(refused()).rejects.toMatchObject({ status, message: expect.stringContaining(text) })
})

it('a backend that fails is a refusal in its words, and changes nothing', async () => {
  const { service, listed } = await opened({ start: () => Promise.reject(new Error('no space left')) })

  await expect(service.startRuntime(ann, 'docker')).rejects.toMatchObject({
    status: 500,
    message: 'no space left',
  })
  expect(await listed()).toEqual([])
})

it('what the backend says wins, and is written down', async () => {
  const { service, docker, listed, store } = await opened()
  await service.startRuntime(ann, 'docker', 'a')

  docker.statuses.set('a', 'paused')

  expect(await listed()).toEqual([instance('a', 'paused')])
  expect(await store.instances.find('a')).toMatchObject({ status: 'paused' })
})

it('an instance that the backend does not know is running by its sessions, else by its health, else stopped', async () => {
  const probed: string[] = []
  const healthy = new Set(['http://b.test/health'])
  const probe = async (url: string) => {
    probed.push(url)
    return healthy.has(url)
  }
  const { service, docker, listed } = await opened(
    { getWebsocketUrl: (name) => `ws://${name}.test/` },
    { probe },
  )
  for (const name of ['a', 'b', 'c']) await service.startRuntime(ann, 'docker', name)
  const template = await service.registerAgentTemplate(ann, {
    name: 'T',
    ...adHoc,
    runtime: { provider: 'docker' },
  })
  await service.createSession(ann, { agentTemplateId: template.id, runtimeInstance: 'a' }, {})
  docker.statuses.clear()

  expect(await listed()).toEqual([
    instance('a', 'running'),
    instance('b', 'running'),
    instance('c', 'stopped'),
  ])
  expect(probed.sort()).toEqual(['http://b.test/health', 'http://c.test/health'])
})

it('stops an instance that was never started but is used', async () => {
  const { service, docker } = await opened()
  const template = await service.registerAgentTemplate(ann, {
    name: 'T',
    ...adHoc,
    runtime: { provider: 'docker' },
  })
  const { id } = await service.createSession(ann, { agentTemplateId: template.id, runtimeInstance: 'a' }, {})

  await service.stopRuntime(ann, 'a')

  expect(await service.getSession(ann, id)).toMatchObject({ status: 'killed' })
  expect(docker.calls).toEqual(['stop a'])
})

it('adds instances that only an active session names', async () => {
  const { service, listed, store } = await opened()
  await service.createSession(ann, adHoc, {})

  expect(await listed()).toEqual([instance('local', 'running', 'local')])
  expect(await store.instances.find('local')).toMatchObject({ typeName: 'local' })
})

it('a runtime that tells nothing of its instances keeps them as they were put', async () => {
  const { service, listed } = await opened({ getInstanceStatus: undefined as never })
  await service.startRuntime(ann, 'docker', 'a')
  await service.startRuntime(ann, 'docker', 'b')
  await service.pauseRuntime(ann, 'b')
  expect(await listed()).toEqual([instance('a', 'running'), instance('b', 'paused')])

  await service.stopRuntime(ann, 'a')
  expect(await listed()).toContainEqual(instance('a', 'stopped'))
})
