import { expect, it } from 'vitest'
import {
  type Bench,
  bindingOf,
  bot,
  conversationOf,
  foreign,
  odd,
  ours,
  person,
  sibling,
  start,
} from './fixtures.js'

/** Cases of who owns what: codes and bindings. */
export function linkCases(bench: Bench): void {
  it('uses a code once, in time', async () => {
    const { links } = bench.store
    const code = { ...ours, hash: 'h1', platform: odd, expiresAt: start + 10 }
    await bench.commit(links.insertCode(code), links.insertCode({ ...code, hash: 'h2' }))
    expect(await links.findCode('h1')).toEqual(code)
    expect(await bench.outcome(links.insertCode({ ...code, ...foreign }))).toBe('refused')

    expect(await bench.outcome(links.useCode('h1', start + 10))).toBe('refused')
    const uses = [1, 2, 3].map(() => links.useCode('h1', start + 9))
    expect(await bench.winners(uses)).toBe(1)
    expect(await links.findCode('h1')).toBeUndefined()
    expect(await bench.outcome(links.useCode('h9', start))).toBe('refused')
    await bench.commit(links.purgeCodes(start + 10))
    expect(await links.findCode('h2')).toBeDefined()
    await bench.commit(links.purgeCodes(start + 11))
    expect(await links.findCode('h2')).toBeUndefined()
  })

  it("moves a person's binding of a tenant, and forgets what rested on the former one", async () => {
    const { links, routing } = bench.store
    const chats = async (key: typeof ours) =>
      (await routing.conversations(key, bot, conversationOf().chatId)).length
    await bench.commit(links.bind(bindingOf()), links.bind(bindingOf(foreign)))
    await bench.commit(
      routing.remember(conversationOf()),
      routing.remember(conversationOf({ userId: 'somebody' })),
      routing.remember(conversationOf({ ...bot, platform: 'discord' })),
      routing.remember(conversationOf(foreign)),
    )
    // To where it is already: nothing is forgotten.
    await bench.commit(links.bind(bindingOf({ dmDefaultAt: start })))
    expect(await chats(ours)).toBe(2)

    const moved = bindingOf({ ...sibling, linkedAt: start + 1 })
    await bench.commit(links.bind(moved))
    expect(await links.ofInstance(ours)).toEqual([])
    expect(await links.ofInstance(sibling)).toEqual([moved])
    expect(await chats(ours)).toBe(1)
    expect(await chats(foreign)).toBe(1)
    expect(
      (await routing.conversations(ours, { ...bot, platform: 'discord' }, conversationOf().chatId)).length,
    ).toBe(1)
  })

  it('unbinds one tenant, with the conversations', async () => {
    const { links, routing } = bench.store
    await bench.commit(links.bind(bindingOf()), links.bind(bindingOf(foreign)))
    await bench.commit(routing.remember(conversationOf()), routing.remember(conversationOf(foreign)))
    await bench.commit(links.unbind(ours.tenant, person), links.unbind(ours.tenant, person))

    expect(await links.ofPerson(person)).toEqual([bindingOf(foreign)])
    expect(await routing.listConversations({ limit: 9 })).toEqual([conversationOf(foreign)])
  })

  it('puts the one for direct messages first, then the latest linked', async () => {
    const { links } = bench.store
    const tenants = ['t1', 't2', 't3', 't4']
    const bindings = tenants.map((tenant, n) =>
      bindingOf({ tenant, linkedAt: start + n, dmDefaultAt: n < 2 ? start + 10 - n : null }),
    )
    await bench.commit(...bindings.map((row) => links.bind(row)))
    const order = async () => (await links.ofPerson(person)).map(({ tenant }) => tenant)
    expect(await order()).toEqual(['t1', 't4', 't3', 't2'])

    const key = { ...ours, tenant: 't3' }
    expect(await bench.outcome(links.setDmDefault(key, person, start + 99))).toBe('committed')
    expect(await order()).toEqual(['t3', 't4', 't2', 't1'])
    expect(await bench.outcome(links.setDmDefault({ ...key, instanceId: 'x' }, person, start))).toBe(
      'refused',
    )
    expect(await bench.outcome(links.setDmDefault({ ...ours, tenant: 't9' }, person, start))).toBe('refused')
    expect(await links.ofPerson({ ...person, userId: 'x' })).toEqual([])
    const first = async () => (await links.list({})).filter(({ isFirst }) => isFirst).map((row) => row.tenant)
    expect(await first()).toEqual(['t3'])
    await bench.commit(links.unbind('t3', person), links.unbind('t2', person), links.unbind('t1', person))
    await bench.commit(links.bind(bindingOf({ tenant: 't5', linkedAt: start + 3 })))
    expect(await order()).toEqual(['t5', 't4'])
    expect(await first()).toEqual(['t5'])
  })

  it('lists what an instance, a tenant and everybody has', async () => {
    const { links } = bench.store
    const rows = [
      bindingOf({ platform: 'discord', userId: '9' }),
      bindingOf({ platform: 'discord', userId: odd }),
      bindingOf(),
      bindingOf({ ...foreign, platform: 'discord' }),
    ]
    await bench.commit(...rows.toReversed().map((row) => links.bind(row)))

    expect(await links.ofInstance(ours)).toEqual(rows.slice(0, 3))
    expect(await links.ofInstance(ours, 'discord')).toEqual(rows.slice(0, 2))
    const listed = await links.list({ tenant: ours.tenant })
    expect(listed).toEqual(rows.slice(0, 3).map((row) => ({ ...row, isFirst: true })))
    expect((await links.list({})).length).toBe(4)
    expect(await links.has(ours.tenant, 'telegram')).toBe(true)
    expect(await links.has(foreign.tenant, 'telegram')).toBe(false)
  })
}
