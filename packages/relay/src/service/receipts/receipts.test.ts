import type { Ground } from '@parley/kernel/ground'
import { eventually, fakeClock, testGrounds } from '@parley/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PlatformResult } from '../../platforms/port.js'
import { changesStream } from '../changes.js'
import { aSend, instance, openOutbound } from '../outbound/outbound.test.support.js'

const never = () => new Promise<PlatformResult>(() => undefined)

for (const testGround of await testGrounds())
  describe(`receipts on ${testGround.name}`, () => {
    let ground: Ground
    let close: () => Promise<void>
    const clock = fakeClock()

    beforeEach(async () => {
      const opened = await testGround.open({ clock })
      ground = opened.ground
      close = opened.close
    })
    afterEach(() => close())

    it('are there before the call, with its attempt, and say afterwards what became of it', async () => {
      const { ask, bot, receipts } = await openOutbound({ ground })
      let before: unknown
      bot.answer(async () => {
        before = await receipts()
        return { outcome: 'done', messageId: 'm5' }
      })
      const action = { ...aSend('c-a1'), metadata: { user_id: 'u-a1', token: 'SECRET' } }

      await ask('a1', action, { requestId: 'r77' })

      const row = {
        ...instance('a1'),
        ...bot.identity,
        gatewayId: 'gw-a1',
        requestId: 'r77',
        op: 'send',
        chatId: 'c-a1',
        attempts: 1,
        node: ground.node,
      }
      expect(before).toMatchObject([{ ...row, state: 'queued', messageId: null }])
      const after = await receipts()
      expect(after).toMatchObject([{ ...row, state: 'sent', messageId: 'm5', rung: 'native', error: null }])
      expect(JSON.parse(after[0]!.action)).toEqual({ ...aSend('c-a1'), metadata: { user_id: 'u-a1' } })
    })

    it('cost one commit before the call and one after it', async () => {
      let commits = 0
      const log = over(ground.log, {
        commit: async (unit) => {
          commits += 1
          return await ground.log.commit(unit)
        },
      })
      const counted = over(ground, { log })
      const { ask } = await openOutbound({ ground: counted })
      commits = 0

      await ask('a1', aSend('c-a1'))

      expect(commits).toBe(2)
    })

    it('are confirmed when the message is seen, also when that is faster than the answer', async () => {
      const { ask, bot, outbound, receipts } = await openOutbound({ ground })
      await ask('a1', aSend('c-a1'))
      await outbound.seen(bot.identity, 'c-a1', 'm1')
      await outbound.seen(bot.identity, 'c-a1', 'somebody else')
      bot.answer(async () => {
        await outbound.seen(bot.identity, 'c-a1', 'early')
        return { outcome: 'done', messageId: 'early' }
      })
      await ask('a1', aSend('c-a1'))
      await ask('a1', aSend('c-a1'))

      expect((await receipts()).map(({ state }) => state)).toEqual(['confirmed', 'confirmed', 'sent'])
    })

    it('are sent again by an operator, which is a change, and only then', async () => {
      const first = await openOutbound({ ground })
      first.bot.answer({ outcome: 'ambiguous', error: 'who knows' }, { outcome: 'refused', error: 'no' })
      await first.ask('a1', aSend('c-a1', 'parked'))
      await first.ask('a1', aSend('c-a1', 'dead'))
      await first.ask('a1', aSend('c-a1', 'fine'))
      const [parked, dead, fine] = (await first.receipts()).map(({ id }) => id)
      const { retry } = first.outbound
      const by = { kind: 'user', id: 'op-1' } as const

      expect(await retry(parked!, by)).toMatchObject({
        id: parked,
        state: 'sent',
        attempts: 2,
        messageId: 'm2',
      })
      first.bot.answer({ outcome: 'refused', error: 'still no' })
      expect(await retry(dead!)).toMatchObject({ state: 'dead', attempts: 2, error: 'still no' })

      await expect(retry(fine!)).rejects.toMatchObject({ code: 'relay.not_retryable' })
      await expect(retry(parked!)).rejects.toMatchObject({ code: 'relay.not_retryable' })
      await expect(retry('nothing')).rejects.toMatchObject({ code: 'relay.receipt_not_found' })
      const { events } = await ground.log.read(changesStream, { after: 0 })
      expect(events).toMatchObject([
        { type: 'relay.receipt.retried', actor: by },
        { type: 'relay.receipt.retried' },
      ])
      expect(JSON.parse(events[0]!.body)).toMatchObject({ tenant: 'a', receiptId: parked, op: 'send' })
    })

    it('are sent again once, when two operators want it at the same time', async () => {
      const { ask, bot, outbound, receipts } = await openOutbound({ ground })
      bot.answer({ outcome: 'refused', error: 'no' })
      await ask('a1', aSend('c-a1'))
      const id = (await receipts())[0]!.id

      const tries = await Promise.allSettled([outbound.retry(id), outbound.retry(id), outbound.retry(id)])

      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(bot.performed).toHaveLength(2)
      expect(await receipts()).toMatchObject([{ state: 'sent' }])
    })

    it('are not sent again to where the instance may not speak any more, nor when they are blank', async () => {
      const { ask, bot, commit, deps, outbound, receipts } = await openOutbound({ ground })
      bot.answer({ outcome: 'refused', error: 'no' })
      await ask('a1', aSend('c-a1'))
      const row = (await receipts())[0]!
      await commit(deps.store.routing.purgeConversations(1))

      expect(await outbound.retry(row.id)).toMatchObject({
        state: 'dead',
        error: expect.stringContaining('egress declined:'),
      })
      expect(bot.performed).toHaveLength(1)
      await commit(deps.store.receipts.insert({ ...row, id: 'old', action: '' }))
      await expect(outbound.retry('old')).rejects.toMatchObject({ code: 'relay.not_retryable' })
    })

    it('are settled when the connector stops: what waits is dead, what is under way is parked', async () => {
      const { ask, bot, outbound, receipts } = await openOutbound({ ground })
      bot.answer(never)
      const asked = [ask('a1', aSend('c-a1', 'begun')), ask('a1', aSend('c-a1', 'waiting'))]
      await eventually(async () => (await receipts()).length === 2 && bot.performed.length === 1)

      const stopped = outbound.stop()
      await clock.advance(3_000)
      await stopped

      expect(await Promise.all(asked)).toEqual([
        { success: false, error: 'the connector stopped in between', ambiguous: true },
        { success: false, error: 'not sent: the connector stopped' },
      ])
      expect((await receipts()).map(({ state, attempts }) => [state, attempts])).toEqual([
        ['parked', 1],
        ['dead', 0],
      ])
    })
  })

/** The same object, but for some of its members. */
const over = <T extends object>(target: T, members: Partial<T>): T =>
  new Proxy(target, {
    get: (_, name) => {
      const value: unknown = Reflect.get(name in members ? members : target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
