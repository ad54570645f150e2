import { testGrounds } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { changed } from '../changes.js'
import { openRoom, operator, outcomes, type Room, tenant } from './credentials.test.support.js'

const grounds = await testGrounds()
const open = () => openRoom(grounds[0]!)
const key = { tenant, instanceId: 'inst' }
const sibling = { tenant, instanceId: 'other' }
const twin = { tenant: 'org-18', instanceId: 'inst' }

describe.each(grounds)('deprovisioning on $name', (ground) => {
  // proves: relay.f21
  it('leaves nothing of the instance, and everything of its neighbours', async () => {
    const room = await openRoom(ground)
    const { enrol, lifecycle, store, deps, outcomeOf, revoked } = room
    const one = await enrol({ gatewayId: 'gw-1', instanceId: 'inst' })
    const two = await enrol({ gatewayId: 'gw-2', instanceId: 'inst' })
    const kept = await enrol({ gatewayId: 'gw-3', instanceId: 'other' })
    await enrol({ gatewayId: 'gw-4', instanceId: 'inst' }, { tenant: 'org-18' })
    for (const owner of [key, sibling, twin]) await furnish(room, owner)
    const stream = (await store.instances.find(key))!.stream

    await lifecycle.deprovision(operator, key)

    expect(await everythingOf(room, key)).toEqual(nothing)
    expect((await deps.ground.log.read(stream, { after: 0 })).events).toEqual([])
    expect(await outcomeOf(one.secret, 'gw-1')).toBe('unauthorized')
    expect(await outcomeOf(two.secret, 'gw-2')).toBe('unauthorized')
    expect(await outcomeOf(kept.secret, 'gw-3')).toBe('accepted')
    for (const other of [sibling, twin]) expect(await everythingOf(room, other)).toEqual(something)
    expect(revoked).toEqual([key])
  })

  it('of one instance many times at once is done once', async () => {
    const room = await openRoom(ground)
    await room.enrol({ gatewayId: 'gw-1', instanceId: 'inst' })

    const race = await outcomes(Array.from({ length: 4 }, () => room.lifecycle.deprovision(operator, key)))
    await room.lifecycle.deprovision(operator, key)

    expect(race.refused).toEqual([])
    const told = (await room.changes()).filter(({ type }) => type === 'relay.instance.deprovisioned')
    expect(told).toHaveLength(1)
  })

  it('against an enrolment leaves whoever was let in an instance', async () => {
    const room = await openRoom(ground)
    await room.enrol({ gatewayId: 'gw-1', instanceId: 'inst' })

    await outcomes<unknown>([
      room.lifecycle.deprovision(operator, key),
      room.enrol({ gatewayId: 'gw-2', instanceId: 'inst' }),
      room.lifecycle.deprovision(operator, key),
      room.enrol({ gatewayId: 'gw-3', instanceId: 'inst' }),
    ])

    const live = (await room.store.gateways.list(key)).filter(({ revokedAt }) => revokedAt === null)
    const instance = await room.store.instances.find(key)
    expect(instance !== undefined).toBe(live.length > 0)
  })

  it('two gateways that are revoked at once take their instance with them', async () => {
    const room = await openRoom(ground)
    await room.enrol({ gatewayId: 'gw-1', instanceId: 'inst' })
    await room.enrol({ gatewayId: 'gw-2', instanceId: 'inst' })

    await Promise.all(['gw-1', 'gw-2'].map((name) => room.lifecycle.revoke(operator, name)))

    expect(await room.store.instances.find(key)).toBeUndefined()
  })
})

describe('revoking a gateway', () => {
  it('leaves its instance to the others, until the last one goes', async () => {
    const room = await open()
    await room.enrol({ gatewayId: 'gw-1', instanceId: 'inst' })
    const other = await room.enrol({ gatewayId: 'gw-2', instanceId: 'inst' })
    await furnish(room, key)

    await room.lifecycle.revoke(operator, 'gw-1')
    expect(await everythingOf(room, key)).toMatchObject(something)
    expect(await room.outcomeOf(other.secret, 'gw-2')).toBe('accepted')
    expect(room.revoked).toEqual([{ gatewayId: 'gw-1' }])

    await room.lifecycle.revoke(operator, 'gw-2')
    expect(await everythingOf(room, key)).toEqual(nothing)
    expect(room.revoked).toEqual([{ gatewayId: 'gw-1' }, key, { gatewayId: 'gw-2' }])
    const types = (await room.changes()).map(({ type }) => type).slice(2)
    expect(types).toEqual(['relay.gateway.revoked', 'relay.gateway.revoked', 'relay.instance.deprovisioned'])
  })

  it('may be asked for again, and its name stays taken', async () => {
    const room = await open()
    await room.enrol({ gatewayId: 'gw-1' })
    await room.lifecycle.revoke(operator, 'gw-1')
    const [before, told] = [await room.store.gateways.find('gw-1'), await room.changes()]

    await room.lifecycle.revoke(operator, 'gw-1')

    expect(await room.store.gateways.find('gw-1')).toEqual(before)
    expect(await room.changes()).toEqual(told)
    await expect(room.lifecycle.revoke(operator, 'gw-2')).rejects.toMatchObject({
      code: 'relay.gateway_not_found',
    })
  })
})

const now = 1_767_225_600_000_000
const nothing = {
  instance: false,
  links: 0,
  grants: 0,
  policies: 0,
  vault: false,
  media: 0,
  depth: 0,
  codes: false,
}
const something = {
  instance: true,
  links: 1,
  grants: 1,
  policies: 1,
  vault: true,
  media: 1,
  depth: 1,
  codes: true,
}

/** Gives an instance one of everything. */
async function furnish({ store, deps }: Room, owner: typeof key): Promise<void> {
  const name = `${owner.tenant}-${owner.instanceId}`
  const { stream } = (await store.instances.find(owner))!
  const later = now + 1e9
  const media = { id: hexOf(name), mime: 'a/b', size: 1, filename: '', createdAt: now, expiresAt: later }
  const entry = {
    ...owner,
    bufferId: name,
    kind: 'inbound',
    bytes: 1,
    createdAt: now,
    expiresAt: later,
  } as const
  const bot = { platform: 'sim', botId: 'b' }
  const ops = [
    ...store.links.bind({ ...owner, platform: 'sim', userId: name, linkedAt: now, dmDefaultAt: null }),
    store.links.insertCode({ ...owner, hash: name, platform: 'sim', expiresAt: later }),
    ...store.routing.grant({ ...owner, platform: 'sim', scopeId: 's', chatId: name, createdAt: now }),
    store.routing.setPrincipals(owner, 'sim', { policy: 'any', userIds: [] }),
    store.vault.bind({
      ...owner,
      ...bot,
      sessionKey: name,
      kind: 'k',
      sealed: 'x',
      expiresAt: later,
      uses: 0,
    }),
    store.media.insertChunk(media.id, 0, new Uint8Array([1]), now),
    ...store.media.insert(media, [owner.tenant], owner),
    ...store.entries.append(entry),
  ]
  const { drafts } = changed('relay.policy.set', operator, { tenant: owner.tenant })
  await deps.ground.log.commit({ ops, appends: [{ stream, drafts }] })
}

async function everythingOf({ store }: Room, owner: typeof key) {
  const name = `${owner.tenant}-${owner.instanceId}`
  const grants = await store.routing.listGrants({ tenant: owner.tenant })
  const policies = await store.routing.listPolicies({ tenant: owner.tenant })
  const isOwn = ({ instanceId }: typeof key) => instanceId === owner.instanceId
  return {
    instance: (await store.instances.find(owner)) !== undefined,
    links: (await store.links.ofInstance(owner)).length,
    grants: grants.filter(isOwn).length,
    policies: policies.filter(isOwn).length,
    vault: (await store.vault.find(owner.tenant, name, 'k')) !== undefined,
    media: (await store.media.find(hexOf(name), owner.tenant, now)) ? 1 : 0,
    depth: (await store.entries.depth(owner)).entries,
    codes: (await store.links.findCode(name)) !== undefined,
  }
}

const hexOf = (name: string): string => Buffer.from(name.padEnd(16, '.')).toString('hex').slice(0, 32)
