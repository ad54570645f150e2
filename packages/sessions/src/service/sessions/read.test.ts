import { eventually } from '@parley/testkit'
import { expect, it } from 'vitest'
import { adHoc, ann, bob, eve, openCore, person, scriptedRuntime, tell } from '../core.test.support.js'

const rpc = (method: string, payload: unknown = {}) => ({
  method,
  direction: 'client_to_agent',
  phase: 'request',
  payload,
})

const permission = (requestId: string) => ({
  requestId,
  toolCallId: 'call',
  title: 'Write a file',
  options: [{ optionId: 'yes', name: 'Yes', kind: 'allow_once' }],
})

async function opened(script?: Parameters<typeof scriptedRuntime>[0]) {
  const local = scriptedRuntime(script)
  const core = await openCore({ runtimes: { local: local.runtime } })
  const { id } = await core.service.createSession(ann, adHoc, {})
  return { ...core, core, local, id }
}

it('shows a session with its events in order, also when it has ended', async () => {
  const { core, service, id } = await opened()
  await tell(core, id, 'rpc', rpc('initialize'))
  await tell(core, id, 'rpc', rpc('session/new'))
  await service.terminateSession(ann, id)

  const session = await service.getSession(ann, id)

  expect(session.logs.map(({ type }) => type)).toEqual(['rpc', 'rpc', 'session.terminated'])
  expect(session.logs[0]).toEqual({
    timestamp: '2026-01-01T00:00:00.000Z',
    type: 'rpc',
    data: rpc('initialize'),
  })
  expect(session).toMatchObject({
    status: 'killed',
    pendingPermission: null,
    promptQueue: null,
    fileSystem: null,
  })
})

it('reads more events than fit one page', async () => {
  const { core, service, id } = await opened()
  const event = { type: 'rpc', data: rpc('session/update'), timestamp: '2026-01-01T00:00:00.000Z' }
  await core.intake.take(Array.from({ length: 2_500 }, () => ({ sessionId: id, event })))

  expect((await service.getSession(ann, id)).logs).toHaveLength(2_500)
  expect(await service.history(ann, id)).toHaveLength(500)
  expect((await service.history(ann, id, { after: 2_498 })).map(({ seq }) => seq)).toEqual([2_499, 2_500])
})

it('answers with as much of a long history as one answer may hold: the newest', async () => {
  const { core, service, id } = await opened()
  const event = (n: number) => {
    const data = { n, text: 'x'.repeat(500_000) }
    return { type: 'note', data, timestamp: '2026-01-01T00:00:00.000Z' }
  }
  for (let n = 0; n < 80; n++) await core.intake.take([{ sessionId: id, event: event(n) }])

  const { logs } = await service.getSession(ann, id)

  expect(logs.length).toBeGreaterThan(50)
  expect(JSON.stringify(logs).length).toBeLessThan(34 * 1024 * 1024)
  expect(logs.map(({ data }) => data.n)).toEqual(Array.from(logs, (_, index) => 80 - logs.length + index))
})

it('lists the last changed first, without logs, without asking a host', async () => {
  const { core, clock, service, local, id } = await opened()
  await clock.advance(1_000)
  const second = await service.createSession(ann, adHoc, {})
  await clock.advance(1_000)
  await tell(core, id, 'rpc', rpc('session/prompt', { prompt: [{ type: 'text', text: 'Hello' }] }))
  const asked = local.asked.length

  const listed = await service.listSessions(ann)

  expect(listed.map((one) => one.id)).toEqual([id, second.id])
  expect(listed[0]).toMatchObject({ logs: [], title: 'Hello', lastUpdatedAt: '2026-01-01T00:00:02.000Z' })
  expect(local.asked.length).toBe(asked)
})

it('shows the oldest open permission', async () => {
  const { core, service, id } = await opened()
  expect(await service.getSessionStatus(ann, id)).toEqual({ processing: false, pendingPermission: false })
  await tell(core, id, 'permission_request', permission('r1'))
  await core.clock.advance(1)
  await tell(core, id, 'permission_request', permission('r2'))

  const pendingPermission = permission('r1')
  expect(await service.getSession(ann, id)).toMatchObject({ pendingPermission })
  expect(await service.listSessions(ann)).toMatchObject([{ pendingPermission }])
  expect(await service.getSessionStatus(ann, id)).toEqual({ processing: false, pendingPermission: true })
})

it('knows what the agent offers, and whether a turn runs', async () => {
  const { core, service, id } = await opened()
  const update = {
    sessionUpdate: 'available_commands_update',
    availableCommands: [{ name: 'review', description: 'd' }],
  }
  await tell(core, id, 'rpc', {
    method: 'session/update',
    direction: 'agent_to_client',
    phase: 'notification',
    payload: { update },
  })
  await tell(core, id, 'rpc', rpc('session/prompt'))

  expect(await service.sessionCommands(ann, id)).toEqual([{ name: 'review', description: 'd' }])
  expect(await service.getSessionStatus(ann, id)).toMatchObject({ processing: true })
})

it('asks for the file system only when it is wanted, and shrugs at hosts that fail', async () => {
  let answer = Response.json({ root: '/', entries: null, truncated: false, maxEntries: 1 })
  const { service, local, id } = await opened(({ path }) => (path === '/fs/snapshot' ? answer : undefined))

  expect(await service.getSession(ann, id)).toMatchObject({ fileSystem: null })
  expect(local.of('/fs/snapshot')).toEqual([])
  const wanted = { includeFileSystem: true, showAllFiles: true }
  expect(await service.getSession(ann, id, wanted)).toMatchObject({ fileSystem: { root: '/', entries: [] } })
  expect(local.of('/fs/snapshot')).toMatchObject([{ cwd: '/default', query: { showAllFiles: 'true' } }])
  answer = new Response('oops', { status: 500 })
  expect(await service.getSession(ann, id, wanted)).toMatchObject({ fileSystem: null })
})

it('hides sessions of tenants that the caller does not see', async () => {
  const { service, id } = await opened()
  const more = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`k${n}`, 'v']))
  const wide = person('wide', { tenant: { ...more, org: 'A' } })

  expect(await service.listSessions(eve)).toEqual([])
  expect(await service.listSessions(bob)).toHaveLength(1)
  expect(await service.listSessions(wide)).toHaveLength(1)
  expect(await service.listSessions({ ...wide, tenant: more })).toEqual([])
  expect(await service.find(eve, id)).toBeUndefined()
  for (const refused of [
    () => service.getSession(eve, id),
    () => service.getSessionStatus(eve, id),
    () => service.sessionCommands(eve, id),
    () => service.history(eve, id),
    () => service.follow(eve, id, { signal: AbortSignal.abort() }),
    () => service.sessionSettings(eve, id),
    () => service.getSession(ann, '../../etc/passwd'),
    () => service.getSession(ann, '\0'),
  ])
    await expect(refused()).rejects.toMatchObject({ status: 404, message: 'Agent not found' })
  await expect(service.terminateSession(eve, id)).rejects.toMatchObject({
    message: `Session "${id}" not found`,
  })
  await expect(service.fetchSession(eve, id, { method: 'GET', path: '/queue' })).rejects.toMatchObject({
    status: 404,
  })
})

it('refuses whoever has no scope', async () => {
  const { service, id } = await opened()
  const nobody = person('nobody', { scopes: ['threads:read'] })

  for (const refused of [
    () => service.listSessions(nobody),
    () => service.getSession(nobody, id),
    () => service.settings(nobody),
  ])
    await expect(refused()).rejects.toMatchObject({ status: 403 })
})

it('follows a session: history, then live', async () => {
  const { core, service, id } = await opened()
  await tell(core, id, 'rpc', rpc('initialize'))
  const stopping = new AbortController()
  const seen: unknown[] = []
  const following = (async () => {
    for await (const item of await service.follow(ann, id, { signal: stopping.signal }))
      seen.push('mark' in item ? item.mark : item.type)
  })()
  await eventually(() => seen.length === 2)
  await tell(core, id, 'error', { message: 'x' })
  await eventually(() => seen.length === 3)
  stopping.abort()
  await following

  expect(seen).toEqual(['rpc', 'caught_up', 'error'])
})

it('counts every session that is stored', async () => {
  const { service, id } = await opened()
  await service.terminateSession(ann, id)

  expect(await service.health()).toEqual({ sessions: 1 })
})
