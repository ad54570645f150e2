import { randomUUID } from 'node:crypto'
import { eventually, fakeClock, settle } from '@parley/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { createFeeds } from '../../service/feeds/index.js'
import { openRooms, type TestRooms } from '../../service/rooms.test.support.js'
import { fakeRuntime } from '../fake/index.js'
import type { AttachedRuntime } from '../port.js'
import { externalRuntime } from './index.js'
import { type Generation, openScriptedHost } from './scripted-host.test.support.js'

/** A plane's feed for a runtime, until the test is over or `stop` is called. */
function attach(rooms: TestRooms, runtime: AttachedRuntime, typeName: string) {
  const feeds = createFeeds({ ...rooms })
  onTestFinished(() => feeds.stop())
  const unused = () => {
    throw new Error('not used')
  }
  runtime.attach({
    links: { request: unused, isConnected: unused, connected: unused, register: unused },
    acceptLink: unused,
    typeName,
    onFault: rooms.onFault,
    feed: feeds.of(typeName),
    clock: rooms.clock,
  })
  return feeds
}

const post = (path: string, body: unknown) =>
  new Request(`http://session.invalid${path}`, { method: 'POST', body: JSON.stringify(body) })

async function opened(generation: Generation) {
  const rooms = await openRooms()
  const scripted = await openScriptedHost(generation)
  onTestFinished(() => scripted.close())
  const open = () => {
    const runtime = externalRuntime({ url: scripted.url })
    onTestFinished(async () => runtime.dispose?.())
    return { runtime, feeds: attach(rooms, runtime, 'external') }
  }
  const first = open()
  const id = randomUUID()
  const started = await first.runtime.fetchSession(
    id,
    post('/start', { command: 'x', args: [], workspace: '/w' }),
  )
  const { hostUrl } = await started.json()
  const suffix = generation === 'a' ? `/sessions/${id}` : ''
  const websocketUrl = `${scripted.url.replace('http', 'ws')}${suffix}`
  await rooms.session({
    id,
    hostId: null,
    runtimeType: 'external',
    runtimeInfo: { hostUrl, websocketUrl, runtimeName: 'external' },
  })
  const prompt = (text: string) => first.runtime.fetchSession(id, post('/prompt', { text }))
  const isComplete = () =>
    eventually(
      async () =>
        (await rooms.types(id)).join() ===
        scripted.host
          .eventsOf(id)
          .map(({ event }) => event.type)
          .join(),
    )
  /** The list of sessions is looked at again, a pause is over. */
  const pass = async (condition: () => boolean | Promise<boolean>) => {
    await eventually(async () => {
      if (await condition()) return true
      await rooms.clock.advance(500)
      return condition()
    })
  }
  const bodies = async () =>
    (await rooms.ground.log.read(`session:${id}`, { after: 0 })).events.map(({ body }) => JSON.parse(body))
  return { rooms, scripted, id, ...first, open, prompt, isComplete, pass, bodies }
}

for (const generation of ['a', 'b'] as const)
  it(`generation ${generation.toUpperCase()}: stores history and what follows, in order, each once, also over cut connections and restarts`, async () => {
    const { rooms, scripted, id, feeds, open, prompt, isComplete, pass, bodies } = await opened(generation)
    await prompt('chunks 30')
    await pass(async () => (await rooms.types(id)).length > 0)
    await isComplete()

    scripted.cut()
    await prompt('chunks 300')
    await pass(async () => (await rooms.types(id)).length > 300)
    await isComplete()
    await feeds.stop()
    await prompt('echo while nobody followed')
    open()
    await pass(async () => (await rooms.types(id)).length > 335)
    await isComplete()

    expect(await bodies()).toEqual(scripted.host.eventsOf(id).map(({ event }) => event))
    expect(rooms.faults).toEqual([])
    expect(await rooms.row(id)).toMatchObject({ status: 'active', processing: false, title: 'chunks 30' })
  })

it('asks a host with numbers only for what is new', async () => {
  const { scripted, id, rooms, prompt, pass, isComplete } = await opened('b')
  await prompt('echo x')
  await pass(async () => (await rooms.types(id)).length > 0)
  await isComplete()
  scripted.cut()
  await pass(() => scripted.subscriptions.length === 2)

  const channel = `session:${id}`
  expect(scripted.subscriptions).toEqual([
    { channel, since: 0 },
    { channel, since: scripted.host.eventsOf(id).at(-1)!.seq },
  ])
})

it('keeps no listings of whole trees', async () => {
  const { rooms, scripted, id, prompt, pass } = await opened('b')
  await prompt('tree')
  await pass(async () => (await rooms.types(id)).length === 5)

  expect(scripted.host.eventsOf(id).map(({ event }) => event.type)).toContain('filesystem.snapshot')
  expect(await rooms.types(id)).toEqual(['rpc', 'rpc', 'rpc', 'filesystem.changed', 'rpc'])
})

it('an agent that ends, ends its session with its exit code', async () => {
  const { rooms, id, prompt, pass } = await opened('b')
  await prompt('exit 3')
  await pass(async () => (await rooms.row(id)).status === 'killed')

  expect(await rooms.row(id)).toMatchObject({ end: { reason: 'agent_exit', exitCode: 3 } })
})

it('a session that its host has forgotten ends', async () => {
  const { rooms, scripted, id, pass } = await opened('b')
  await pass(() => scripted.sockets() === 1)
  scripted.host.sessions.delete(id)
  scripted.cut()
  await pass(async () => (await rooms.row(id)).status === 'killed')

  expect(await rooms.row(id)).toMatchObject({
    end: { reason: 'error', message: 'host no longer has this session' },
  })
})

it('a host that is away keeps its sessions for five minutes', async () => {
  const { rooms, scripted, id, pass } = await opened('b')
  await pass(() => scripted.sockets() === 1)
  await scripted.close()
  const began = rooms.clock.now()
  await pass(async () => (await rooms.row(id)).status === 'killed')

  expect(rooms.clock.now() - began).toBeGreaterThanOrEqual(5 * 60_000)
  expect(await rooms.row(id)).toMatchObject({ end: { reason: 'error', message: 'host lost' } })
})

it('follows no more once the session has ended here', async () => {
  const { rooms, scripted, id, pass } = await opened('b')
  await pass(() => scripted.sockets() === 1)
  await rooms.happen(id, { type: 'session.terminated', data: { exitCode: -1, reason: 'terminated' } })
  await pass(() => scripted.sockets() === 0)
  await settle()

  expect(await rooms.types(id)).toContain('session.terminated')
})

it('the runtime in memory tells its events to a plane as well', async () => {
  const clock = fakeClock()
  const rooms = await openRooms({ clock })
  const runtime = fakeRuntime({ clock })
  attach(rooms, runtime, 'fake')
  await runtime.start?.('staging')
  const id = randomUUID()
  await runtime.fetchSession(id, post('/start', { command: 'x', instanceName: 'staging' }))
  const runtimeInfo = { hostUrl: '', websocketUrl: '', runtimeName: 'staging' }
  await rooms.session({ id, hostId: null, runtimeType: 'fake', runtimeInfo })
  await runtime.fetchSession(id, post('/prompt', { text: 'echo x' }))
  await runtime.stop?.('staging')

  await eventually(async () => {
    await clock.advance(500)
    return (await rooms.row(id)).status === 'killed'
  })
  expect(await rooms.types(id)).toEqual(['rpc', 'rpc', 'rpc', 'rpc', 'rpc', 'session.terminated'])
})
