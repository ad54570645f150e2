import type { Ground } from '@parley/kernel/ground'
import { eventually, fakeClock, testGrounds } from '@parley/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { InstanceKey } from '../../store/port.js'
import { changesStream } from '../changes.js'
import { newInstance } from '../new-instance.js'
import { openDeps } from '../rooms.test.support.js'
import { createLinks } from './index.js'

const operator = { kind: 'user', id: 'op' } as const
const key = (name: string): InstanceKey => ({ tenant: name[0]!, instanceId: name })
const rowOf = (name: string) => newInstance(key(name), `relay-inbox:${name}`, 0)

async function openLinks(ground: Ground) {
  const deps = await openDeps(ground)
  const links = createLinks(deps)
  onTestFinished(() => links.stop())
  const { store } = deps
  const redeem = (text: string, userId = 'u1', platform = 'discord') =>
    links.redeem({ platform, userId, text })
  return {
    deps,
    links,
    store,
    redeem,
    add: async (...names: string[]) =>
      void (await ground.log.commit({
        ops: names.map((name) => store.instances.insert(rowOf(name))),
        appends: [],
      })),
    code: async (name = 'a1', platform = 'discord') => (await links.createCode(key(name), platform)).code,
    owned: async (userId = 'u1') =>
      (await store.links.ofPerson({ platform: 'discord', userId })).map(({ instanceId }) => instanceId),
    changes: async () => (await ground.log.read(changesStream, { after: 0 })).events,
  }
}

const grounds = await testGrounds()

for (const { name, open } of grounds)
  describe(`links on ${name}`, () => {
    const start = async () => {
      const clock = fakeClock()
      const { ground, another, close } = await open({ clock })
      onTestFinished(close)
      const one = await openLinks(ground)
      await one.add('a1', 'a2', 'b1')
      return { ...one, clock, another }
    }

    // proves: relay.f27, relay.s14
    it('a code binds who types it, once', async () => {
      const { code, redeem, owned, changes } = await start()
      const typed = await code()

      expect(await redeem(` ${typed.toLowerCase().replace('-', ' ')}`)).toBe('bound')
      expect(await redeem(typed, 'u2')).toBe('refused')

      expect([await owned(), await owned('u2')]).toEqual([['a1'], []])
      expect(await changes()).toMatchObject([
        { type: 'relay.link.bound', actor: { kind: 'user', id: 'discord:u1' } },
      ])
      const detail = { tenant: 'a', instanceId: 'a1', platform: 'discord', userId: 'u1' }
      expect(JSON.parse((await changes())[0]!.body)).toEqual(detail)
    })

    it('of many who type one code at the same time one is bound', async () => {
      const { code, redeem, another } = await start()
      const typed = await code()
      const two = another && (await openLinks(await another()))
      const redeems = two ? [redeem, two.redeem] : [redeem]

      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, n) => redeems[n % redeems.length]!(typed, `u${n}`)),
      )

      expect(answers.toSorted()).toEqual(['bound', ...Array.from({ length: 9 }, () => 'refused')])
    })

    it('is good for ten minutes, on its own platform, and for an instance that is there', async () => {
      const { links, code, redeem, clock, deps, store } = await start()
      const { code: late, expiresAt } = await links.createCode(key('a1'), 'discord')
      expect(expiresAt).toBe(new Date(clock.now() + 600_000).toISOString())
      expect(await redeem(await code('a1', 'telegram'))).toBe('refused')

      const gone = await code('b1')
      await deps.ground.log.commit({ ops: store.instances.remove(key('b1')), appends: [] })
      expect(await redeem(gone)).toBe('refused')

      await clock.advance(600_000)
      expect(await redeem(late)).toBe('refused')
    })

    it('a person has five wrong ones an hour; then a good one is refused as well', async () => {
      const { code, redeem, clock, deps } = await start()
      const typed = await code()
      for (const wrong of ['', '2222-2222', 'nonsense', '3333-3333', '4444-4444'])
        expect(await redeem(wrong)).toBe('refused')

      expect(await redeem(typed)).toBe('refused')
      expect(await redeem(typed, 'u2')).toBe('bound')
      expect(deps.tally.read()['links.wrong']).toBe(5)

      await clock.advance(3_600_000)
      expect(await redeem(await code())).toBe('bound')
    })

    it('good ones are not counted', async () => {
      const { code, redeem } = await start()

      for (let n = 0; n < 7; n++) expect(await redeem(await code())).toBe('bound')
    })

    it('moves a binding in its tenant, and leaves those of others', async () => {
      const { code, redeem, owned } = await start()

      await redeem(await code('a1'))
      await redeem(await code('b1'))
      await redeem(await code('a2'))

      expect((await owned()).toSorted()).toEqual(['a2', 'b1'])
    })

    it('an operator binds and unbinds without one', async () => {
      const { links, owned, changes } = await start()
      const person = { platform: 'discord', userId: 'u1' }

      expect(await links.link(key('a1'), person, operator)).toMatchObject({ ...key('a1'), ...person })
      expect(await owned()).toEqual(['a1'])
      await links.unlink('a', person, operator)

      expect(await owned()).toEqual([])
      expect((await changes()).map(({ type, actor }) => [type, actor.id])).toEqual([
        ['relay.link.bound', 'op'],
        ['relay.link.unbound', 'op'],
      ])
      await expect(links.unlink('a', person, operator)).rejects.toMatchObject({ code: 'relay.not_found' })
      await expect(links.link(key('x1'), person, operator)).rejects.toMatchObject({ code: 'relay.not_found' })
      await expect(links.createCode(key('x1'), 'discord')).rejects.toMatchObject({ code: 'relay.not_found' })
    })

    it('an owner may choose who takes direct messages', async () => {
      const { links, owned, clock } = await start()
      const person = { platform: 'discord', userId: 'u1' }
      await links.link(key('a1'), person, operator)
      await clock.advance(1_000)
      await links.link(key('b1'), person, operator)
      expect(await owned()).toEqual(['b1', 'a1'])

      await links.setDmDefault(key('a1'), person, operator)

      expect(await owned()).toEqual(['a1', 'b1'])
      await expect(links.setDmDefault(key('a2'), person, operator)).rejects.toMatchObject({
        code: 'relay.not_found',
      })
    })
  })

const postgres = grounds.find(({ engine }) => engine === 'postgres')

it.skipIf(!postgres)('nodes tell each other of wrong codes', async () => {
  const { ground, another, close } = await postgres!.open()
  onTestFinished(close)
  const one = await openLinks(ground)
  const two = await openLinks(await another!())
  await one.add('a1')
  const typed = await one.code()
  const heard: string[] = []
  two.deps.ground.bus.onSignal((stream) => stream === 'relay-links:wrong' && heard.push(stream))

  for (let n = 0; n < 5; n++) await one.redeem('wrong')
  await eventually(() => heard.length === 5)

  expect(await two.redeem(typed)).toBe('refused')
  expect(await two.redeem(typed, 'u2')).toBe('bound')
})
