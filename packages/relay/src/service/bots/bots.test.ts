import { eventually, type FakeClock, fakeClock, testGrounds } from '@parley/testkit'
import { afterEach, expect, it } from 'vitest'
import { relayErrors } from '../../errors.js'
import type { FakeBot } from '../fake-bot.test.support.js'
import { aRow, b1, b2, change, cleanUp, closeAll, insert, node } from './bots.test.support.js'
import { edgeOf, loadCursor, openBots, saveCursor } from './index.js'
import { credentialContext } from './keys.js'

const grounds = await testGrounds()
afterEach(closeAll)

async function oneNode(prepare?: (bot: FakeBot) => void) {
  const clock: FakeClock = fakeClock()
  const { ground, close } = await grounds[0]!.open({ clock })
  cleanUp.push(close)
  return { ...(await node(ground, prepare)), clock }
}

it('opens enabled bots with their credentials, and takes in what they deliver', async () => {
  const { deps, driver, open, changes } = await oneNode()
  const sealed = deps.sealer.seal('{"token":"t-1"}', credentialContext(b1))
  await insert(deps, aRow({ sealed, settings: { a: 1 } }), aRow({ ...b2, isEnabled: false }))

  const bots = await open()
  await eventually(() => bots.healthOf(b1)?.state === 'well')

  expect(driver.opened.map(({ openedWith }) => openedWith)).toMatchObject([
    { ...b1, label: 'One', settings: { a: 1 }, credentials: { token: 't-1' } },
  ])
  expect(bots.list().map(({ row }) => row.botId)).toEqual(['b1'])
  expect(bots.get(b1)).toMatchObject({ row: { driver: 'fake' }, bot: driver.bot() })
  expect(bots.get(b1)?.health()).toEqual({ state: 'well' })
  for (const none of [b2, { platform: '\ud800', botId: '/' }])
    expect([bots.get(none), bots.healthOf(none)]).toEqual([undefined, undefined])
  expect(changes).toEqual(['b1 well'])
  expect(driver.bot().calls).toMatchObject({ start: 1, stop: 0 })
})

it('a bot that cannot be opened is refused, and the others are not affected', async () => {
  const { deps, open } = await oneNode()
  const sealed = deps.sealer.seal('{"token":"canary"}', credentialContext(b2))
  await insert(
    deps,
    aRow(),
    aRow({ botId: 'unknown', driver: 'nobody' }),
    aRow({ botId: 'bad', settings: { bad: 1 } }),
    aRow({ botId: 'moved', sealed }),
  )

  const bots = await open()
  await eventually(() => bots.healthOf(b1)?.state === 'well')

  const of = (botId: string) => ({ platform: 'discord', botId })
  expect(['unknown', 'bad', 'moved'].map((id) => bots.healthOf(of(id)))).toEqual([
    { state: 'refused', detail: 'no such platform' },
    { state: 'refused', detail: 'settings.bad must not be' },
    { state: 'refused', detail: expect.not.stringContaining('canary') },
  ])
  expect(bots.get(of('bad'))).toBeUndefined()
  expect(bots.list()).toHaveLength(1)
})

it('tries again with growing pauses when a bot can not be started', async () => {
  const { deps, driver, open, clock } = await oneNode((bot) => {
    bot.failing.start = new Error('https://api.example/bot123:canary failed')
  })
  await insert(deps, aRow())
  const bots = await open()
  const starts = () => driver.bot().calls.start
  const idle = () => eventually(() => clock.pending === 1)
  await eventually(() => bots.healthOf(b1)?.state === 'failing')

  expect(bots.healthOf(b1)).toEqual({ state: 'failing', detail: 'it could not be started' })
  await idle()
  for (const [ms, expected] of [
    [1_999, 1],
    [1, 2],
    [3_999, 2],
    [1, 3],
  ] as const) {
    await clock.advance(ms)
    await eventually(() => starts() === expected && clock.pending === 1)
  }
  driver.bot().failing.start = relayErrors.credentialRefused()
  await clock.advance(8_000)
  await eventually(() => bots.healthOf(b1)?.state === 'refused')
  driver.bot().failing.start = undefined
  await idle()
  await clock.advance(16_000)
  await eventually(() => bots.healthOf(b1)?.state === 'well')
  expect(driver.opened).toHaveLength(1)
})

it('merges what a bot says of itself', async () => {
  const { deps, driver, open, sinks, changes } = await oneNode()
  await insert(deps, aRow())
  const bots = await open()
  await eventually(() => driver.bot().sink)

  driver.bot().sink?.health({ state: 'limited', detail: 'x'.repeat(1_000) })

  expect(bots.healthOf(b1)).toEqual({ state: 'limited', detail: 'x'.repeat(200) })
  expect([changes.at(-1), sinks.get('b1')?.states]).toEqual(['b1 limited', ['limited']])
})

it('follows changes of the rows', async () => {
  const { deps, driver, open } = await oneNode()
  await insert(deps, aRow())
  const bots = await open()
  await eventually(() => driver.bot().sink)
  const first = driver.bot()

  await change(deps, b1, { tenants: ['a'] })
  await bots.refresh(b1)
  expect([bots.get(b1)?.row.tenants, bots.get(b1)?.bot]).toEqual([['a'], first])

  await change(deps, b1, { settings: { b: 2 } })
  await bots.refresh(b1)
  expect([bots.get(b1)?.bot, first.calls.stop]).toEqual([driver.opened[1], 1])
  await eventually(() => driver.bot().sink)

  await change(deps, b1, { isEnabled: false })
  await bots.refresh(b1)
  expect([bots.get(b1), bots.healthOf(b1), driver.bot().calls.stop]).toEqual([undefined, undefined, 1])

  await insert(deps, aRow(b2))
  await Promise.all([bots.refresh(b2), bots.refresh(b2), bots.refresh({ platform: 'x', botId: 'gone' })])
  expect([bots.list().length, driver.opened.length]).toEqual([1, 3])
})

it('one that is stopped has stopped its bots and given their leases back', async () => {
  const { deps, driver, open, clock } = await oneNode()
  await insert(deps, aRow(), aRow(b2))
  const bots = await open()
  await eventually(() => driver.opened.every(({ sink }) => sink))

  await bots.stop()

  expect(driver.opened.map(({ calls }) => calls.stop)).toEqual([1, 1])
  expect([await deps.ground.leases.holder('relay-bot:discord/b1'), clock.pending]).toEqual([undefined, 0])
})

it('a bot that never finishes to start can be stopped', async () => {
  const { deps, driver, open } = await oneNode((bot) => {
    bot.start = async () => {
      bot.calls.start += 1
      await new Promise(() => {})
    }
  })
  await insert(deps, aRow())
  const bots = await open()
  await eventually(() => driver.bot().calls.start === 1)

  await bots.stop()

  expect(driver.bot().calls.stop).toBe(1)
})

it('keeps cursors', async () => {
  const { deps } = await oneNode()

  expect(await loadCursor(deps, b1)).toBeUndefined()
  await saveCursor(deps, b1, '17')
  await saveCursor(deps, b1, '18')

  expect([await loadCursor(deps, b1), await loadCursor(deps, b2)]).toEqual(['18', undefined])
  await expect(saveCursor(deps, b1, 'x'.repeat(5_000))).rejects.toMatchObject({
    code: 'relay.invalid_request',
  })
})

it('answers requests of a platform, also where the bot is not started', async () => {
  const { deps, driver, sinkOf, sinks } = await oneNode((bot) => {
    bot.onEdge = async ({ body }, sink) => {
      await sink.seen({ chatId: 'c', scopeId: null }, String(body.length))
      return { status: body.length === 0 ? 401 : 200 }
    }
  })
  await insert(deps, aRow(), aRow(b2))
  const bots = await openBots(deps, { sinkOf })
  cleanUp.push(() => bots.stop())
  delete driver.bot('b2').edge
  const edge = edgeOf(bots, sinkOf, deps.tally)
  const request = (bytes: number) => ({
    method: 'POST',
    path: '/',
    headers: new Headers(),
    body: new Uint8Array(bytes),
  })

  const answers = await Promise.all([
    edge(b1, request(1)),
    edge(b1, request(0)),
    edge(b1, request(262_145)),
    edge(b2, request(1)),
    edge({ platform: 'telegram', botId: 'b1' }, request(1)),
  ])

  expect(answers.map((answer) => answer?.status)).toEqual([200, 401, 413, undefined, undefined])
  expect([driver.bot().calls, sinks.size]).toEqual([expect.objectContaining({ start: 0, edge: 2 }), 1])
  expect(deps.tally.read()).toEqual({ 'edge.refused': 1 })
})
