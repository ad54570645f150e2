import { expect, test } from 'vitest'
import { a, b, everywhere, grounds, openRoom, shared } from './operator.test.support.js'

for (const kind of grounds) {
  const withInstances = async () => {
    const room = await openRoom(kind)
    for (const tenant of ['a', 'b'])
      await room.operator.enrollGateway(everywhere, { tenant, gatewayId: `gw-${tenant}`, instanceId: 'i1' })
    return room
  }
  const person = { platform: 'discord', userId: '5' }
  const linkOf = (tenant: string) => ({ tenant, instanceId: 'i1', ...person })

  test(`people are linked and unlinked, and where their direct messages go is shown (${kind.name})`, async () => {
    const { operator, clock } = await withInstances()
    const by = { kind: 'user' as const, id: 'ann' }
    const linked = await operator.link({ ...everywhere, by }, linkOf('a'))
    expect(linked).toEqual({ ...linkOf('a'), linkedAt: '2026-01-01T00:00:00.000000Z', isDmDefault: true })
    await clock.advance(1_000)
    expect(await operator.link(everywhere, linkOf('b'))).toMatchObject({ isDmDefault: true })

    const defaults = async (within: { tenant?: string }) =>
      (await operator.listLinks(within)).map(({ tenant, isDmDefault }) => [tenant, isDmDefault])
    expect(await defaults(everywhere)).toEqual([
      ['a', false],
      ['b', true],
    ])
    expect(await defaults(a)).toEqual([['a', false]])
    await operator.unlink(everywhere, { tenant: 'b', ...person })
    expect(await defaults(everywhere)).toEqual([['a', true]])
    expect(await operator.listChanges(a, { limit: 1 })).toMatchObject([
      { type: 'relay.link.bound', tenant: 'a', by: 'user:ann', detail: { ...person, instanceId: 'i1' } },
    ])
  })

  test(`another tenant's instances and links are as absent as any (${kind.name})`, async () => {
    const { operator } = await withInstances()
    await operator.link(everywhere, linkOf('a'))
    const absent = { code: 'relay.not_found' }
    const { instanceId, tenant, platform } = linkOf('a')
    await expect(operator.link(b, linkOf('a'))).rejects.toMatchObject(absent)
    await expect(operator.unlink(b, linkOf('a'))).rejects.toMatchObject(absent)
    await expect(operator.createLinkCode(b, { tenant, instanceId, platform })).rejects.toMatchObject(absent)
    await expect(operator.link(everywhere, { ...linkOf('b'), instanceId: 'x' })).rejects.toMatchObject(absent)

    expect((await operator.listLinks(everywhere)).length).toBe(1)
    const code = await operator.createLinkCode(a, { tenant, instanceId, platform })
    expect(code).toEqual({
      code: expect.stringMatching(/^.{4}-.{4}$/),
      expiresAt: expect.stringContaining('00:10:00'),
    })
  })

  // proves: relay.s8
  test(`a tenant's operator links nobody to whom a shared bot listens (${kind.name})`, async () => {
    const { operator } = await withInstances()
    await operator.link(everywhere, linkOf('a'))
    const asked = operator.link(b, linkOf('b'))
    await expect(asked).rejects.toMatchObject({ code: 'relay.forbidden' })

    await operator.changeBot(everywhere, shared, { tenants: ['a'] })
    expect(await operator.link(b, linkOf('b'))).toMatchObject({ tenant: 'b' })
  })

  test(`what is asked for is checked (${kind.name})`, async () => {
    const { operator } = await withInstances()
    for (const asked of [null, [], {}, { ...linkOf('a'), userId: 5 }, { ...linkOf('a'), platform: '' }])
      await expect(operator.link(everywhere, JSON.parse(JSON.stringify(asked)))).rejects.toMatchObject({
        code: 'relay.invalid_request',
      })
    expect(await operator.listLinks(everywhere)).toEqual([])
  })

  test(`scopes and policies are listed (${kind.name})`, async () => {
    const { operator, store, log, clock } = await withInstances()
    const at = clock.micros()
    const chat = { platform: 'discord', scopeId: 's1', chatId: 'c1' }
    const principals = { policy: 'allow-list' as const, userIds: ['7'] }
    const relevance = { requireAddress: false, freeResponseScopes: ['s1'], allowOtherBots: true }
    await log.commit({
      ops: [
        ...store.routing.claimKeys({ tenant: 'a', platform: 'discord', keys: ['s1'], at }),
        ...store.routing.grant({ tenant: 'b', instanceId: 'i1', ...chat, createdAt: at }),
        store.routing.setPrincipals({ tenant: 'a', instanceId: 'i1' }, 'discord', principals),
        store.routing.setRelevance({ tenant: 'b', instanceId: 'i1' }, 'discord', relevance),
      ],
      appends: [],
    })

    const route = { kind: 'route', tenant: 'a', platform: 'discord', key: 's1' }
    const createdAt = '2026-01-01T00:00:00.000000Z'
    const grant = { kind: 'grant', tenant: 'b', instanceId: 'i1', ...chat, createdAt }
    expect(await operator.listScopes(everywhere)).toEqual([route, grant])
    expect(await operator.listScopes(b)).toEqual([grant])
    const policyOf = (tenant: string) => ({ tenant, instanceId: 'i1', platform: 'discord' })
    expect(await operator.listPolicies(everywhere)).toEqual([
      { ...policyOf('a'), principals },
      { ...policyOf('b'), relevance },
    ])
    expect(await operator.listPolicies(a)).toEqual([{ ...policyOf('a'), principals }])
  })
}
