import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eventually, fakeClock, settle, testGrounds } from '@parley/testkit'
import { afterEach, expect, it } from 'vitest'
import { limits } from '../../protocol/index.js'
import type { InstanceKey, InstanceRow } from '../../store/port.js'
import { newInstance } from '../new-instance.js'
import type { RelayOptions } from '../options.js'
import { openDeps } from '../rooms.test.support.js'
import { createWaker } from './index.js'

const grounds = await testGrounds()
const cleanUp: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
})

async function serve(listener: RequestListener = (_, response) => response.end('never read')) {
  const asked: IncomingMessage[] = []
  const server = createServer((request, response) => {
    asked.push(request)
    listener(request, response)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  cleanUp.push(async () => {
    server.closeAllConnections()
    server.close()
  })
  return { asked, url: `http://wake.example:${(server.address() as AddressInfo).port}/up?x=1` }
}

const key = (instanceId: string): InstanceKey => ({ tenant: 'tenant-canary', instanceId })

async function open(options: RelayOptions = { allowPrivateAddresses: true }, kind = grounds[0]!) {
  const clock = fakeClock()
  const { ground, close } = await kind.open({ clock })
  const deps = await openDeps(ground, options)
  const waker = createWaker(deps, { resolve: async () => [{ address: '127.0.0.1', family: 4 }] })
  cleanUp.push(close, () => waker.stop())
  const add = async (instanceId: string, row: Partial<InstanceRow> = {}) => {
    const op = deps.store.instances.insert({
      ...newInstance(key(instanceId), `relay-buffer:${instanceId}`, clock.micros()),
      ...row,
    })
    await ground.log.commit({ ops: [op], appends: [] })
  }
  const poked = async (instanceId: string) => (await deps.store.instances.find(key(instanceId)))?.pokedAt
  return { waker, deps, clock, add, poked }
}

// proves: relay.f20
for (const ground of grounds)
  it(`pokes once for the first event, and again only after a minute (${ground.name})`, async () => {
    const { asked, url } = await serve()
    const { waker, add, clock, deps } = await open(undefined, ground)
    await add('i1', { wakeUrl: url })
    await add('i2')

    for (let event = 0; event < 5; event++) waker.wake([key('i1'), key('i2'), key('gone')])
    await eventually(() => asked.length === 1)
    await clock.advance(limits.pokeMs - 1)
    waker.wake([key('i1')])
    await add('marker', { wakeUrl: url })
    waker.wake([key('marker')])
    await eventually(() => asked.length === 2)
    await clock.advance(1)
    waker.wake([key('i1')])
    await eventually(() => asked.length === 3)

    expect(deps.tally.read().pokes).toBe(3)
    expect(deps.faults).toEqual([])
  })

// proves: relay.f20
it('sends a plain GET: no body, and no header but those of HTTP itself', async () => {
  const { asked, url } = await serve()
  const { waker, add } = await open()
  await add('i1', { wakeUrl: url })

  waker.wake([key('i1')])
  const [request] = await eventually(() => asked.length > 0 && asked)

  expect([request?.method, request?.url]).toEqual(['GET', '/up?x=1'])
  expect(Object.keys(request?.headers ?? {}).toSorted()).toEqual(['connection', 'host'])
})

it('pokes only those that sleep', async () => {
  const { asked, url } = await serve()
  const { waker, add, clock, poked } = await open()
  const now = clock.micros()
  await add('live', { wakeUrl: url, state: 'live', node: 'n', liveUntil: now + 1 })
  await add('expired', { wakeUrl: url, state: 'live', node: 'n', liveUntil: now - 1 })
  await add('poked', { wakeUrl: url, pokedAt: now - 1_000_000 })

  waker.wake(['live', 'poked', 'expired'].map(key))
  await eventually(() => asked.length === 1)
  await waker.stop()

  expect([await poked('live'), await poked('expired')]).toEqual([null, now])
})

// proves: relay.s12
it.each([
  'http://127.0.0.1:PORT/',
  'http://localhost:PORT/',
  'http://[::1]:PORT/',
  'http://wake.example:PORT/',
  'http://169.254.169.254/latest/meta-data/',
  'http://10.0.0.1/',
  'file:///etc/passwd',
  'not an address',
])('never reaches %s', async (wakeUrl) => {
  const { asked, url } = await serve()
  const { waker, add, poked } = await open({})
  await add('i1', { wakeUrl: wakeUrl.replace('PORT', new URL(url).port) })

  waker.wake([key('i1')])
  await eventually(() => poked('i1'))
  await waker.stop()

  expect(asked).toEqual([])
})

// proves: relay.s12
it('follows no redirect, and does not mind what it is answered', async () => {
  const target = await serve()
  const { asked, url } = await serve((_, response) => response.writeHead(302, { location: target.url }).end())
  const failing = await serve((request) => request.socket.destroy())
  const { waker, add, deps } = await open()
  await add('i1', { wakeUrl: url })
  await add('i2', { wakeUrl: failing.url })

  waker.wake([key('i1'), key('i2')])
  await eventually(() => asked.length === 1 && failing.asked.length > 0)
  await waker.stop()

  expect([target.asked, deps.faults]).toEqual([[], []])
})

it('has sixteen under way at most, each for five seconds', async () => {
  const { asked, url } = await serve(() => {})
  const { waker, add, clock } = await open()
  const names = Array.from({ length: 20 }, (_, n) => `i${n}`)
  for (const name of names) await add(name, { wakeUrl: url })

  waker.wake(names.map(key))
  await eventually(() => asked.length === 16)
  await settle()
  expect(asked.length).toBe(16)
  await clock.advance(limits.pokeWithinMs)
  await eventually(() => asked.length === 20)
})

it('one that is stopped ends what is under way and begins nothing', async () => {
  const { asked, url } = await serve(() => {})
  const { waker, add, clock } = await open()
  await add('i1', { wakeUrl: url })
  await add('i2', { wakeUrl: url })
  waker.wake([key('i1')])
  await eventually(() => asked.length === 1)

  await waker.stop()
  waker.wake([key('i2')])

  expect([asked.length, clock.pending]).toEqual([1, 0])
})
