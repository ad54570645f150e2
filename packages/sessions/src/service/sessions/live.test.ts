import { expect, it } from 'vitest'
import { adHoc, ann, type Core, openCore, scriptedRuntime } from '../core.test.support.js'

/** A session of a server that was, on the ground of the next one. */
async function afterRestart(before: Core, over: Parameters<typeof openCore>[0]) {
  return openCore({ ground: before.ground, ...over })
}

const minutes = (n: number) => n * 60_000

it('finds sessions again by what their runtime remembers', async () => {
  const first = scriptedRuntime(undefined, { getRuntimeMeta: (id) => ({ container: `c-${id}` }) })
  const before = await openCore({ runtimes: { local: first.runtime } })
  const { id } = await before.service.createSession(ann, adHoc, {})
  const asked: unknown[] = []
  const second = scriptedRuntime(undefined, {
    reconnect: async (...args) => {
      asked.push(args)
      return true
    },
  })

  const { live, service } = await afterRestart(before, { runtimes: { local: second.runtime } })
  await live.recover()

  expect(asked).toEqual([[id, { container: `c-${id}` }]])
  expect(await service.getSession(ann, id)).toMatchObject({ status: 'active' })
})

it('asks for the session itself where a runtime can not reconnect, and then its host', async () => {
  const local = scriptedRuntime()
  const before = await openCore({ runtimes: { local: local.runtime } })
  const [there, elsewhere, gone] = await Promise.all(
    [1, 2, 3].map(() => before.service.createSession(ann, adHoc, {})),
  )
  local.running.delete(elsewhere!.id)
  local.running.delete(gone!.id)
  const probed: string[] = []
  const probe = async (url: string) => {
    probed.push(url)
    return url.includes(elsewhere!.id)
  }

  const { live, service } = await afterRestart(before, { runtimes: { local: local.runtime }, probe })
  await live.recover()

  const status = async (id: string) => (await service.getSession(ann, id)).status
  expect([await status(there!.id), await status(elsewhere!.id), await status(gone!.id)]).toEqual([
    'active',
    'active',
    'killed',
  ])
  expect(probed.sort()).toEqual(
    [elsewhere!, gone!].map(({ id }) => `http://host/sessions/${id}/health`).sort(),
  )
})

it('ends sessions of a runtime that throws, hangs or is not there any more', async () => {
  const runtimes = {
    a: scriptedRuntime().runtime,
    b: scriptedRuntime().runtime,
    c: scriptedRuntime().runtime,
  }
  const before = await openCore({ runtimes })
  const created = []
  for (const provider of ['a', 'b', 'c']) {
    const body = { name: provider, ...adHoc, runtime: { provider } }
    const { id } = await before.service.registerAgentTemplate(ann, body)
    created.push(await before.service.createSession(ann, { agentTemplateId: id }, {}))
  }
  const throwing = scriptedRuntime(() => Response.json({}, { status: 500 }), {
    reconnect: () => Promise.reject(new Error('no')),
  })
  const hanging = scriptedRuntime(undefined, { reconnect: () => new Promise(() => {}) })

  const after = await afterRestart(before, { runtimes: { a: throwing.runtime, b: hanging.runtime } })
  let isOver = false
  const recovered = after.live.recover().then(() => {
    isOver = true
  })
  while (!isOver) await before.clock.advance(1_000)
  await recovered

  expect((await after.service.listSessions(ann)).map(({ status }) => status)).toEqual([
    'killed',
    'killed',
    'killed',
  ])
  expect(await after.store.sessions.find(created[0]!.id)).toMatchObject({
    end: { reason: 'error', message: expect.stringContaining('not found') },
  })
})

it('leaves linked hosts alone: they say themselves what they have', async () => {
  const local = scriptedRuntime()
  const before = await openCore({ runtimes: { local: local.runtime }, hostOf: async () => 'h1' })
  const { id } = await before.service.createSession(ann, adHoc, {})

  const { live, service } = await afterRestart(before, { runtimes: {} })
  await live.recover()

  expect(await service.getSession(ann, id)).toMatchObject({ status: 'active' })
})

it('ends what was starting when the server died', async () => {
  const starting = scriptedRuntime(({ path }) => (path === '/start' ? new Promise(() => {}) : undefined))
  const before = await openCore({ runtimes: { local: starting.runtime } })
  void before.service.createSession(ann, adHoc, {}).catch(() => undefined)
  while (starting.asked.length === 0) await before.clock.advance(0)

  const { live, store } = await afterRestart(before, { runtimes: { local: scriptedRuntime().runtime } })
  await live.recover()

  expect(await store.sessions.listActive()).toEqual([])
})

it('finds a session again when it is used, and looks only once', async () => {
  const local = scriptedRuntime()
  const before = await openCore({ runtimes: { local: local.runtime } })
  const { id } = await before.service.createSession(ann, adHoc, {})
  let times = 0
  const again = scriptedRuntime(undefined, {
    reconnect: async () => {
      times += 1
      return true
    },
  })
  again.running.add(id)
  const { service } = await afterRestart(before, { runtimes: { local: again.runtime } })
  const ask = () => service.fetchSession(ann, id, { method: 'GET', path: '/queue' })

  const answers = await Promise.all([ask(), ask(), ask()])
  await ask()

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(times).toBe(1)
})

it('a session that does not answer is over only when nothing has happened for five minutes', async () => {
  const before = await openCore({ runtimes: { local: scriptedRuntime().runtime } })
  const { id } = await before.service.createSession(ann, adHoc, {})
  const { service } = await afterRestart(before, { runtimes: { local: scriptedRuntime().runtime } })
  const ask = () => service.fetchSession(ann, id, { method: 'GET', path: '/files' })

  expect(await ask()).toMatchObject({ status: 404 })
  expect(await service.getSession(ann, id)).toMatchObject({ status: 'active' })
  await before.clock.advance(minutes(5) + 1)
  expect(await service.listSessions(ann)).toMatchObject([{ status: 'active' }])
  expect(await ask()).toMatchObject({ status: 404 })
  expect(await service.getSession(ann, id)).toMatchObject({ status: 'killed' })
})
