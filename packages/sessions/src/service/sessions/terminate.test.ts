import { expect, it } from 'vitest'
import { adHoc, ann, openCore, scriptedRuntime, tell } from '../core.test.support.js'

const refusing = (status: number) => (asked: { path: string }) =>
  asked.path === '/terminate' ? Response.json({ error: 'host not connected' }, { status }) : undefined

it('ends the agent and the session, once', async () => {
  const local = scriptedRuntime()
  const { service, store, ground } = await openCore({ runtimes: { local: local.runtime } })
  const { id } = await service.createSession(ann, adHoc, {})

  await service.terminateSession(ann, id)

  expect(local.running.size).toBe(0)
  expect(await store.sessions.find(id)).toMatchObject({
    status: 'killed',
    end: { reason: 'terminated', exitCode: -1 },
  })
  const [event] = (await ground.log.read(`session:${id}`, { after: 0 })).events
  expect(event).toMatchObject({ type: 'session.terminated', actor: { id: 'ann' } })
  await expect(service.terminateSession(ann, id)).rejects.toMatchObject({
    status: 409,
    message: 'Cannot terminate an already-killed session',
  })
})

it('ends a session whose host can not be reached', async () => {
  const { service } = await openCore({ runtimes: { local: scriptedRuntime(refusing(500)).runtime } })
  const { id } = await service.createSession(ann, adHoc, {})

  await service.terminateSession(ann, id)

  expect(await service.getSession(ann, id)).toMatchObject({ status: 'killed' })
})

it('leaves word for a linked host that is away', async () => {
  const { service, store } = await openCore({
    runtimes: { local: scriptedRuntime(refusing(503)).runtime },
    hostOf: async () => 'h1',
  })
  const { id } = await service.createSession(ann, adHoc, {})

  await service.terminateSession(ann, id)

  expect(await service.getSession(ann, id)).toMatchObject({ status: 'killed' })
  expect(await store.calls.list('h1')).toMatchObject([
    { rank: 0, sessionId: id, method: 'POST', path: `/sessions/${id}/terminate` },
  ])
})

it('lets a linked host tell how its agent ended', async () => {
  const local = scriptedRuntime(({ path, sessionId }) => {
    // As a link does it: the answer comes, the events come after it.
    if (path === '/terminate')
      setImmediate(() => void tell(core, sessionId!, 'session.terminated', { exitCode: 7 }))
    return undefined
  })
  const core = await openCore({ runtimes: { local: local.runtime }, hostOf: async () => 'h1' })
  const { id } = await core.service.createSession(ann, adHoc, {})

  await core.service.terminateSession(ann, id)

  expect(await core.store.sessions.find(id)).toMatchObject({ status: 'killed', end: { exitCode: 7 } })
  expect((await core.service.getSession(ann, id)).logs).toHaveLength(1)
})

it('does not wait for long for a linked host that says nothing', async () => {
  const local = scriptedRuntime()
  const { service, clock } = await openCore({ runtimes: { local: local.runtime }, hostOf: async () => 'h1' })
  const { id } = await service.createSession(ann, adHoc, {})

  const ended = service.terminateSession(ann, id)
  while (local.of('/terminate').length === 0) await clock.advance(0)
  await clock.advance(2_000)

  await ended
  expect(await service.getSession(ann, id)).toMatchObject({ status: 'killed' })
})
