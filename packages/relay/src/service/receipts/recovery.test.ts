import type { Ground } from '@parley/kernel/ground'
import { eventually, fakeClock, testGrounds } from '@parley/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PlatformResult } from '../../platforms/port.js'
import { fakeBot } from '../fake-bot.test.support.js'
import { aSend, later, openOutbound } from '../outbound/outbound.test.support.js'

const never = () => new Promise<PlatformResult>(() => undefined)

for (const testGround of await testGrounds())
  describe(`receipts that were left, on ${testGround.name}`, () => {
    let ground: Ground
    let another: ((options?: object) => Promise<Ground>) | undefined
    let close: () => Promise<void>
    const clock = fakeClock()

    beforeEach(async () => {
      const opened = await testGround.open({ clock })
      ground = opened.ground
      another = opened.another
      close = opened.close
    })
    afterEach(() => close())

    // proves: relay.f9
    it('of a connector that was killed are parked where a call was begun, dead where none was, and never sent again', async () => {
      const first = await openOutbound({ ground, bot: { limits: { chatRate: { calls: 2, perMs: 60_000 } } } })
      const { ask, bot, receipts } = first
      await ask('a1', aSend('c-a1', 'sent'))
      bot.answer(never)
      void ask('a1', aSend('c-a1', 'begun'))
      await eventually(() => bot.performed.length === 2)
      void ask('a1', aSend('c-a1', 'waiting'))
      await eventually(async () => (await receipts()).length === 3)

      const bot2 = fakeBot()
      const { outbound, ...next } = await first.again([bot2])
      outbound.start()
      await eventually(async () => (await next.deps.store.receipts.listQueued(null)).length === 0)

      expect((await next.receipts()).map(({ state, error, attempts }) => [state, error, attempts])).toEqual([
        ['sent', null, 1],
        ['parked', 'the connector stopped in between', 1],
        ['dead', 'not sent: the connector stopped', 0],
      ])
      expect(bot2.performed).toEqual([])
      await outbound.stop()
    })

    it('are not taken for left by the one who does them', async () => {
      const { ask, bot, commit, deps, outbound, receipts } = await openOutbound({ ground })
      const call = later<PlatformResult>()
      bot.answer(() => call.promise)
      const asked = ask('a1', aSend('c-a1'))
      await eventually(() => bot.performed.length === 1)
      const [row] = await receipts()

      outbound.start()
      await commit(deps.store.receipts.insert({ ...row!, id: 'left' }))
      // Somebody else's is settled by the same look.
      await eventually(async () => {
        await clock.advance(1_000)
        return (await deps.store.receipts.find('left'))?.state === 'parked'
      })
      expect(await deps.store.receipts.find(row!.id)).toMatchObject({ state: 'queued' })

      call.resolve({ outcome: 'done', messageId: 'm1' })
      await asked
      await eventually(async () => (await deps.store.receipts.find(row!.id))?.state === 'sent')
      await outbound.stop()
    })

    it('of a node that died are settled by another one, those of a node that lives are not', async (context) => {
      if (!another) return context.skip('one node only')
      const dying = await another({ clock })
      const dead = await openOutbound({ ground: dying })
      dead.bot.answer(never)
      void dead.ask('a1', aSend('c-a1', 'of the dead'))
      await eventually(async () => (await dead.receipts()).length === 1)
      const living = await openOutbound({ ground: await another({ clock }) })
      living.bot.answer({ outcome: 'limited', retryAfterMs: 300_000 })
      living.outbound.start()
      void living.ask('b1', aSend('c-b1', 'of the living'))
      await eventually(async () => (await dead.receipts()).length === 2)
      await eventually(() => ground.leases.holder(`relay-outbound:${living.deps.ground.node}`))
      // The dead one has no lease: as one whose lease has run out.
      const { outbound, receipts, commit, deps } = await openOutbound({ ground })
      outbound.start()
      const stateOf = async (tenant: string) => (await receipts()).find((row) => row.tenant === tenant)?.state
      const waitUntilParked = (tenant: string) =>
        eventually(async () => {
          await clock.advance(500)
          return (await stateOf(tenant)) === 'parked'
        })
      await waitUntilParked('a')
      // One more look, when all of them are old enough.
      const [row] = await receipts()
      await commit(
        deps.store.receipts.insert({ ...row!, id: 'left', tenant: 'c', state: 'queued', node: ground.node }),
      )
      await waitUntilParked('c')

      expect(Object.fromEntries((await receipts()).map(({ tenant, state }) => [tenant, state]))).toEqual({
        a: 'parked',
        b: 'queued',
        c: 'parked',
      })
      await Promise.all([outbound.stop(), living.outbound.stop()])
    })
  })
