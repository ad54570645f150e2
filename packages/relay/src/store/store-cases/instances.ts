import { expect, it } from 'vitest'
import type { RelayStore } from '../port.js'
import {
  type Bench,
  bindingOf,
  bot,
  conversationOf,
  entryOf,
  foreign,
  instanceOf,
  odd,
  ours,
  person,
  promptOf,
  sibling,
  start,
} from './fixtures.js'

/** Cases of instances: where they are, and how they are forgotten. */
export function instanceCases(bench: Bench): void {
  it('makes an instance once, harmlessly, and lists by tenant and id', async () => {
    const { instances } = bench.store
    const row = instanceOf({ displayName: odd, wakeUrl: odd, stream: odd, ackedAt: start })
    await bench.commit(instances.insert(row), instances.insert(instanceOf(foreign)))
    expect(await bench.outcome(instances.insert(instanceOf(sibling)), instances.insert(instanceOf()))).toBe(
      'committed',
    )

    expect(await instances.find(ours)).toEqual(row)
    expect((await instances.list({})).map(({ instanceId, tenant }) => ({ tenant, instanceId }))).toEqual([
      ours,
      sibling,
      foreign,
    ])
    expect((await instances.list({ tenant: ours.tenant })).length).toBe(2)
    const many = await instances.findMany([foreign, ours, ours, { ...foreign, instanceId: 'x' }])
    expect(many.map(({ tenant }) => tenant).sort()).toEqual([ours.tenant, foreign.tenant].sort())
    expect(await instances.findMany([sibling])).toMatchObject([sibling])
    expect(await instances.findMany([])).toEqual([])
    const absent = Array.from({ length: 250 }, (_, n) => ({ tenant: 't', instanceId: `${n}` }))
    expect(await instances.findMany([...absent, ours])).toEqual([row])
  })

  it('changes what is named, and only what is there', async () => {
    const { instances } = bench.store
    await bench.commit(instances.insert(instanceOf()), instances.insert(instanceOf(foreign)))
    await bench.commit(instances.change(ours, { displayName: odd }), instances.change(ours, {}))
    await bench.commit(instances.change(ours, { wakeUrl: 'http://x', pokedAt: start }))

    const changed = instanceOf({ displayName: odd, wakeUrl: 'http://x', pokedAt: start })
    expect(await instances.find(ours)).toEqual(changed)
    expect(await instances.find(foreign)).toEqual(instanceOf(foreign))
    await bench.commit(instances.change(ours, { displayName: null, wakeUrl: null, pokedAt: null }))
    expect(await instances.find(ours)).toEqual(instanceOf())
    expect(await bench.outcome(instances.change(sibling, {}))).toBe('refused')
  })

  it('moves only from the known epoch', async () => {
    const { instances } = bench.store
    await bench.commit(instances.insert(instanceOf()), instances.insert(instanceOf(foreign)))
    const to = (node: string) => ({ state: 'live' as const, node, epoch: 1, liveUntil: start })
    const moves = ['n1', 'n2', 'n3'].map((node) => instances.move(ours, { epoch: 0 }, to(node)))

    expect(await bench.winners(moves)).toBe(1)
    expect(await instances.find(ours)).toMatchObject({ state: 'live', epoch: 1, liveUntil: start })
    expect(await instances.find(foreign)).toMatchObject({ state: 'vacant', epoch: 0, node: null })
    expect(await bench.outcome(instances.move(sibling, { epoch: 0 }, to('n1')))).toBe('refused')
  })

  it('beats for the live instances of a node, and leaves with all of it', async () => {
    const { instances } = bench.store
    const live = { state: 'live' as const, epoch: 3, liveUntil: start }
    await bench.commit(
      instances.insert(instanceOf({ ...live, node: odd })),
      instances.insert(instanceOf({ ...sibling, ...live, node: 'n2' })),
      instances.insert(instanceOf({ ...foreign, epoch: 7 })),
    )
    await bench.commit(instances.beat(odd, start + 9))
    expect(await instances.find(ours)).toMatchObject({ liveUntil: start + 9, epoch: 3 })
    expect(await instances.find(sibling)).toMatchObject({ liveUntil: start })

    const gone = { state: 'vacant', node: null, liveUntil: null, epoch: 4 }
    await bench.commit(instances.leave(odd))
    expect(await instances.find(ours)).toMatchObject(gone)
    expect(await instances.find(sibling)).toMatchObject({ state: 'live', epoch: 3 })
    await bench.commit(instances.leave(null))
    expect(await instances.find(sibling)).toMatchObject(gone)
    expect(await instances.find(foreign)).toMatchObject({ epoch: 7 })
  })

  it('is poked by one at a time, and remembers the first acknowledgement', async () => {
    const { instances } = bench.store
    await bench.commit(instances.insert(instanceOf()), instances.insert(instanceOf(sibling)))
    const poke = (at: number) => instances.poke(ours, { at, before: at - 60 })

    expect(await bench.winners([poke(start), poke(start), poke(start)])).toBe(1)
    expect(await bench.outcome(poke(start + 59))).toBe('refused')
    expect(await bench.outcome(poke(start + 60))).toBe('committed')
    expect(await instances.find(ours)).toMatchObject({ pokedAt: start + 60 })
    expect(await instances.find(sibling)).toMatchObject({ pokedAt: null })

    await bench.commit(instances.acked(ours, start + 1), instances.acked(ours, start + 2))
    expect(await instances.find(ours)).toMatchObject({ ackedAt: start + 1 })
    expect(await instances.find(sibling)).toMatchObject({ ackedAt: null })
  })

  it("is forgotten with all that is its own, and nobody else's", async () => {
    const { store } = bench
    for (const key of [ours, sibling, foreign]) await bench.commit(everythingOf(store, key))
    expect(await leftOf(store, ours)).toEqual(everything)

    await bench.commit(store.instances.remove(ours))

    expect(await leftOf(store, ours)).toEqual(
      Object.fromEntries(Object.keys(everything).map((name) => [name, 0])),
    )
    expect(await leftOf(store, sibling)).toEqual(everything)
    expect(await leftOf(store, foreign)).toEqual(everything)
    expect(await bench.outcome(store.entries.append(entryOf('late')))).toBe('refused')
  })
}

const everything = {
  instances: 1,
  entries: 1,
  bindings: 1,
  codes: 1,
  grants: 1,
  policies: 1,
  conversations: 1,
  routes: 1,
  vault: 1,
  prompts: 1,
}

/** One of each thing that an instance can have; ids that are unique anywhere are made from its key. */
function everythingOf(store: RelayStore, key: typeof ours) {
  const name = JSON.stringify(key)
  const { tenant } = key
  return [
    store.instances.insert(instanceOf(key)),
    ...store.entries.append(entryOf(name, key)),
    ...store.links.bind(bindingOf({ ...key, userId: name })),
    store.links.insertCode({ ...key, hash: name, platform: person.platform, expiresAt: start + 1 }),
    ...store.routing.grant({ ...key, platform: 'p', scopeId: 's', chatId: name, createdAt: start }),
    store.routing.setPrincipals(key, 'p', { policy: 'any', userIds: [] }),
    ...store.routing.remember(conversationOf({ ...key, sessionKey: name })),
    store.vault.bind({
      ...key,
      ...bot,
      sessionKey: name,
      kind: 'k',
      sealed: '',
      expiresAt: start,
      uses: 0,
    }),
    store.prompts.insert(promptOf(name, { ...key, tenant })),
  ]
}

async function leftOf(store: RelayStore, key: typeof ours): Promise<typeof everything> {
  const name = JSON.stringify(key)
  const conversation = conversationOf()
  const counts: Record<keyof typeof everything, unknown> = {
    instances: await store.instances.find(key),
    entries: (await store.entries.list(key, { after: 0, limit: 10 }))[0],
    bindings: (await store.links.ofInstance(key))[0],
    codes: await store.links.findCode(name),
    grants: await store.routing.granted({ platform: 'p', scopeId: 's', chatId: name }),
    policies: await store.routing.principals(key, 'p'),
    conversations: (await store.routing.conversations(key, bot, conversation.chatId))[0],
    routes: await store.routing.sessionRoute(key.tenant, name, start),
    vault: await store.vault.find(key.tenant, name, 'k'),
    prompts: (await store.prompts.find(bot, 'c1', name, start))[0],
  }
  const numbers = Object.entries(counts).map(([what, found]) => [what, found === undefined ? 0 : 1])
  // The cast: the names are those of `counts`.
  return Object.fromEntries(numbers) as typeof everything
}
