import { testGrounds } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { openManaged } from './management.test.support.js'

const grounds = await testGrounds()
const open = () => openManaged(grounds[0]!)
const chat = { platform: 'discord', scopeId: 'G1', chatId: 'C1' }
const other = { status: 409, code: 'relay.scope_taken' }

describe.each(grounds)('claiming on $name', (ground) => {
  it('gives a chat to one of many', async () => {
    const { management, mine, sibling, theirs, store, outcomes } = await openManaged(ground)

    const race = await outcomes([mine, sibling, theirs, mine].map((who) => management.claimScope(who, chat)))

    const holder = await store.routing.granted(chat)
    const wins = holder?.instanceId === 'inst' && holder.tenant === 'org-17' ? 2 : 1
    expect(race.done).toHaveLength(wins)
    expect(race.refused).toEqual(Array(4 - wins).fill('relay.scope_taken'))
  })

  it('against a deprovisioning leaves no grant of an instance that is gone', async () => {
    const { management, mine, store, outcomes } = await openManaged(ground)

    await outcomes([
      management.deprovision(mine),
      management.claimScope(mine, chat),
      management.setPrincipals(mine, { platform: 'discord', policy: 'any' }),
    ])

    expect(await store.routing.granted(chat)).toBeUndefined()
    expect(await store.routing.listPolicies({})).toEqual([])
    await expect(management.claimScope(mine, chat)).rejects.toMatchObject({ status: 404 })
  })
})

describe('a chat', () => {
  it('is refused with 409 within the tenant, with 403 in another’s scope, and may be claimed again by who has it', async () => {
    const { management, mine, sibling, theirs, claimKey } = await open()
    await claimKey('org-17', 'G1')
    await management.claimScope(mine, chat)

    await management.claimScope(mine, chat)
    await expect(management.claimScope(sibling, chat)).rejects.toMatchObject(other)
    for (const chatId of ['C1', 'C2'])
      await expect(management.claimScope(theirs, { ...chat, chatId })).rejects.toMatchObject({ status: 403 })
    await management.claimScope(theirs, { ...chat, platform: 'telegram' })
  })

  it('that another tenant took before its scope was claimed goes to the owner of the scope', async () => {
    const { management, mine, theirs, claimKey, store } = await open()
    await management.claimScope(theirs, chat)
    await expect(management.claimScope(mine, chat)).rejects.toMatchObject(other)
    await claimKey('org-17', 'G1')

    await management.claimScope(mine, chat)

    expect(await store.routing.granted(chat)).toMatchObject({ tenant: 'org-17', instanceId: 'inst' })
    expect(await store.routing.listGrants({ tenant: 'org-18' })).toEqual([])
  })

  it("whose own id is another tenant's route key is refused", async () => {
    const { management, theirs, claimKey } = await open()
    await claimKey('org-17', 'C1')
    await expect(management.claimScope(theirs, chat)).rejects.toMatchObject({ status: 403 })
  })

  it('is released by who has it, and by nobody else', async () => {
    const { management, mine, sibling, theirs, store, changes } = await open()
    await management.releaseScope(mine, chat)
    await management.claimScope(mine, chat)

    await management.releaseScope(sibling, chat)
    await management.releaseScope(theirs, chat)
    expect(await store.routing.granted(chat)).toMatchObject({ tenant: 'org-17', instanceId: 'inst' })
    await management.releaseScope(mine, chat)
    await management.releaseScope(mine, chat)

    expect(await store.routing.granted(chat)).toBeUndefined()
    await management.claimScope(theirs, chat)
    const told = (await changes()).filter(({ type }) => type.startsWith('relay.scope'))
    expect(told).toMatchObject([
      { type: 'relay.scope.claimed', tenant: 'org-17', instanceId: 'inst', ...chat },
      { type: 'relay.scope.released', tenant: 'org-17', instanceId: 'inst', ...chat },
      { type: 'relay.scope.claimed', tenant: 'org-18' },
    ])
  })

  it('that no owner may see is refused; one who may is enough, and so is not knowing', async () => {
    const { management, mine, link, bot, store } = await open()
    bot.chats.set('C1', { scopeId: 'G1', members: ['u2'] })
    await link('inst', 'u1')
    await expect(management.claimScope(mine, chat)).rejects.toMatchObject({ status: 403 })
    expect(await store.routing.granted(chat)).toBeUndefined()

    bot.failing.canView = new Error('the platform is away')
    await management.claimScope(mine, chat)
    await management.releaseScope(mine, chat)
    delete bot.failing.canView
    await link('inst', 'u2')
    await management.claimScope(mine, chat)
  })
})

describe('policies', () => {
  // proves: relay.f24
  it('of relevance are replaced whole', async () => {
    const { management, mine, sibling, store } = await open()
    const read = () => store.routing.relevance(mine, 'discord')
    expect(await read()).toBeUndefined()

    await management.setPolicy(mine, {
      platform: 'discord',
      requireAddress: false,
      freeResponseScopes: ['C1', 'C1', 'C2'],
      allowOtherBots: true,
    })
    expect(await read()).toEqual({
      requireAddress: false,
      freeResponseScopes: ['C1', 'C2'],
      allowOtherBots: true,
    })
    await management.setPolicy(mine, { platform: 'discord', freeResponseScopes: ['C3'] })
    expect(await read()).toEqual({ requireAddress: true, freeResponseScopes: ['C3'], allowOtherBots: false })
    expect(await store.routing.relevance(mine, 'telegram')).toBeUndefined()
    expect(await store.routing.relevance(sibling, 'discord')).toBeUndefined()
  })

  it('are for a bounded number of platforms, whatever a gateway calls them', async () => {
    const { management, mine, sibling, store } = await open()
    for (let n = 0; n < 64; n++) await management.setPolicy(mine, { platform: `p${n}` })

    await expect(management.setPolicy(mine, { platform: 'more' })).rejects.toMatchObject({ status: 409 })
    await expect(management.setPrincipals(mine, { platform: 'more', policy: 'any' })).rejects.toMatchObject({
      status: 409,
    })
    await management.setPrincipals(mine, { platform: 'p1', policy: 'any' })
    await management.setPolicy(sibling, { platform: 'more' })
    expect(await store.routing.listPolicies({ tenant: 'org-17' })).toHaveLength(65)
  })

  it('of principals say who is listened to', async () => {
    const { management, mine, store } = await open()
    await management.setPrincipals(mine, { platform: 'discord', policy: 'allow-list', userIds: ['u1', 'u1'] })
    expect(await store.routing.principals(mine, 'discord')).toEqual({ policy: 'allow-list', userIds: ['u1'] })
    await management.setPrincipals(mine, { platform: 'discord', policy: 'owner-only' })
    expect(await store.routing.principals(mine, 'discord')).toEqual({ policy: 'owner-only', userIds: [] })
  })

  // proves: relay.s6
  it('go to the own instance, whatever a body says', async () => {
    const { management, mine, theirs, sibling, store } = await open()
    const forged = {
      platform: 'discord',
      tenant: 'org-18',
      instanceId: 'other',
      gatewayId: 'gw-3',
      policy: 'any',
    }

    await management.setPolicy(mine, forged)
    await management.setPrincipals(mine, forged)
    await management.claimScope(mine, { ...forged, ...chat })
    await management.setWakeUrl(mine, { ...forged, wakeUrl: 'https://a.example' })

    expect(await store.routing.granted(chat)).toMatchObject({ tenant: 'org-17', instanceId: 'inst' })
    for (const untouched of [theirs, sibling]) {
      expect(await store.routing.relevance(untouched, 'discord')).toBeUndefined()
      expect(await store.routing.principals(untouched, 'discord')).toBeUndefined()
      expect(await store.instances.find(untouched)).toMatchObject({ wakeUrl: null })
    }
  })
})

describe('an instance', () => {
  // proves: relay.f20 relay.p21
  it('says later where it is woken, and that it is not', async () => {
    const { management, mine, store, changes } = await open()
    const read = async () => (await store.instances.find(mine))?.wakeUrl

    await management.setWakeUrl(mine, { wakeUrl: 'https://i.example/wake?key=hush' })
    expect(await read()).toBe('https://i.example/wake?key=hush')
    await expect(management.setWakeUrl(mine, { wakeUrl: 'gopher://i.example' })).rejects.toMatchObject({
      status: 400,
    })
    await management.setWakeUrl(mine, { wakeUrl: null })
    expect(await read()).toBeNull()
    expect(JSON.stringify(await changes())).not.toContain('hush')
  })

  it("takes its owner's direct messages, and nobody else's", async () => {
    const { management, mine, link, store } = await open()
    await link('inst', 'u1')
    await management.setDmDefault(mine, { platform: 'discord', userId: 'u1' })

    expect((await store.links.ofInstance(mine, 'discord'))[0]?.dmDefaultAt).not.toBeNull()
    await expect(management.setDmDefault(mine, { platform: 'discord', userId: 'u2' })).rejects.toMatchObject({
      status: 404,
    })
  })

  it('is deprovisioned as often as it is asked for', async () => {
    const { management, mine, store, theirs } = await open()
    await Promise.all([management.deprovision(mine), management.deprovision(mine)])
    await management.deprovision(mine)

    expect(await store.instances.find(mine)).toBeUndefined()
    expect(await store.instances.find(theirs)).toBeDefined()
  })

  it('keeps what is done in its name by an operator apart', async () => {
    const { management, mine, deps } = await open()
    await management.setPolicy({ ...mine, operator: 'ana' }, { platform: 'discord' })

    const [event] = await deps.ground.log.last('relay-changes:all', { limit: 1 })
    expect(event?.actor).toEqual({ kind: 'user', id: 'ana', tenant: { org: 'org-17' } })
  })
})

describe('a body', () => {
  it.each([
    ['setPolicy', {}],
    ['setPolicy', { platform: 'discord', requireAddress: 'yes' }],
    ['setPolicy', { platform: 'discord', freeResponseScopes: [1] }],
    ['setPolicy', { platform: 'discord', allowOtherBots: 0 }],
    ['setPrincipals', { platform: 'discord' }],
    ['setPrincipals', { platform: 'discord', policy: 'everybody' }],
    ['setPrincipals', { platform: 'discord', policy: 'allow-list', userIds: 'u1' }],
    ['claimScope', { platform: 'discord', scopeId: 'G1' }],
    ['claimScope', { ...chat, chatId: 7 }],
    ['releaseScope', { ...chat, scopeId: '' }],
    ['setDmDefault', { platform: 'discord' }],
    ['setWakeUrl', { wakeUrl: {} }],
    ['setWakeUrl', {}],
    ['setWakeUrl', []],
  ] as const)('of %s is refused when it is %j', async (name, body) => {
    const { management, mine } = await open()
    await expect(management[name](mine, body)).rejects.toMatchObject({ status: 400 })
  })
})
