import { expect, it } from 'vitest'
import { adHoc, ann, bob, openCore, scriptedRuntime } from './core.test.support.js'
import { tellHosts } from './settings.js'

const on = { autoApprovePermissions: true }
const off = { autoApprovePermissions: false }

it('keeps the settings of the plane, and tells of them for every active session', async () => {
  const local = scriptedRuntime()
  const core = await openCore({ runtimes: { local: local.runtime } })
  const { id } = await core.service.createSession(ann, adHoc, {})
  expect(await core.service.settings(bob)).toEqual(off)

  expect(await core.service.updateSettings(ann, {})).toEqual(off)
  expect(await core.service.updateSettings(ann, on)).toEqual(on)

  expect(core.told).toMatchObject([[{ id }]])
  expect(await core.store.settings.read()).toEqual({ autoApprove: true })
  await expect(core.service.updateSettings(bob, off)).rejects.toMatchObject({ status: 403 })
  await core.service.createSession(ann, adHoc, {})
  expect(local.of('/start').map(({ body }) => body)).toMatchObject([{}, { autoApprove: true }])
})

it('keeps the settings of a session, and tells of them while it lives', async () => {
  const core = await openCore({ runtimes: { local: scriptedRuntime().runtime } })
  const { id } = await core.service.createSession(ann, adHoc, {})

  expect(await core.service.updateSessionSettings(bob, id, {})).toEqual(off)
  expect(await core.service.updateSessionSettings(bob, id, on)).toEqual(on)
  expect(await core.service.sessionSettings(bob, id)).toEqual(on)
  expect(core.told).toMatchObject([[{ id, autoApprove: true }]])

  await core.service.terminateSession(ann, id)
  expect(await core.service.updateSessionSettings(bob, id, off)).toEqual(off)
  expect(core.told).toHaveLength(1)
})

it('tells linked hosts what holds for each session, and only them', async () => {
  const local = scriptedRuntime()
  const core = await openCore({ runtimes: { local: local.runtime }, hostOf: async () => 'h1' })
  const { id } = await core.service.createSession(ann, adHoc, {})
  const row = (await core.store.sessions.find(id))!
  const router = {
    session: async (_row: unknown, request: { body?: unknown }) => {
      told.push(request.body)
      return { status: 200, body: {} }
    },
    instance: async () => ({ status: 200 }),
  }
  const told: unknown[] = []
  const deps = { router, store: core.store, onFault: () => undefined }

  await tellHosts(deps, [row, { ...row, hostId: null }, { ...row, autoApprove: true }])
  await core.service.updateSettings(ann, on)
  await tellHosts(deps, [row])

  expect(told).toEqual([off, on, on])
})
