import { expect, test } from 'vitest'
import { a, b, everywhere, grounds, ofA, ofB, openRoom, shared } from './operator.test.support.js'

for (const kind of grounds) {
  test(`platforms, and bots with how they are, are listed (${kind.name})`, async () => {
    const { operator, store, log } = await openRoom(kind)
    await log.commit({
      ops: [store.bots.provision('a', shared, 1), store.bots.provision('b', shared, 1)],
      appends: [],
    })

    expect(operator.listPlatforms()).toEqual([
      {
        driver: 'fake',
        platform: 'discord',
        credentials: [{ name: 'token', about: 'The secret of the bot', isOptional: false }],
      },
    ])
    const [first, ...others] = await operator.listBots(everywhere)
    expect(first).toEqual({
      ...shared,
      driver: 'fake',
      label: 'fake_bot',
      username: 'fake_bot',
      tenants: null,
      isEnabled: true,
      health: { state: 'starting' },
      provisioned: ['a', 'b'],
      edgePath: '/interactions/discord/b1',
      createdAt: '2026-01-01T00:00:00.000000Z',
    })
    expect(others.map(({ botId, tenants }) => [botId, tenants])).toEqual([
      ['b2', ['a']],
      ['b3', ['b']],
    ])
    expect(JSON.stringify(await operator.listBots(everywhere))).not.toContain('good')
  })

  test(`a tenant sees its own and shared bots, and of those nobody else (${kind.name})`, async () => {
    const { operator, store, log } = await openRoom(kind)
    await log.commit({
      ops: [
        store.bots.provision('a', shared, 1),
        store.bots.provision('b', shared, 1),
        store.bots.change(ofA, { tenants: ['a', 'c'] }),
      ],
      appends: [],
    })

    const seen = await operator.listBots(a)
    expect(seen.map(({ botId, tenants, provisioned }) => [botId, tenants, provisioned])).toEqual([
      ['b1', null, ['a']],
      ['b2', ['a'], []],
    ])
  })

  test(`a tenant changes only what is its alone (${kind.name})`, async () => {
    const { operator, driver } = await openRoom(kind)
    const forbidden = { code: 'relay.forbidden' }
    const absent = { code: 'relay.bot_not_found' }
    for (const [bot, refusal] of [
      [shared, forbidden],
      [ofB, absent],
      [{ ...ofA, botId: 'x' }, absent],
    ] as const) {
      await expect(operator.changeBot(a, bot, { label: 'Mine' })).rejects.toMatchObject(refusal)
      await expect(operator.removeBot(a, bot)).rejects.toMatchObject(refusal)
      await expect(operator.testBot(a, bot)).rejects.toMatchObject(refusal)
    }
    for (const tenants of [null, [], ['a', 'b'], ['b']])
      await expect(operator.changeBot(a, ofA, { tenants })).rejects.toMatchObject(forbidden)
    expect(driver.opened.flatMap(({ calls }) => calls.check)).toEqual([1, 0, 1, 0, 1, 0])

    expect(await operator.changeBot(a, ofA, { label: 'Mine', isEnabled: false })).toMatchObject({
      label: 'Mine',
      health: { state: 'off' },
      edgePath: null,
    })
    expect(await operator.testBot(a, ofA)).toMatchObject({ ok: true })
    await operator.removeBot(a, ofA)
    expect((await operator.listBots(everywhere)).map(({ botId }) => botId)).toEqual(['b1', 'b3'])
  })

  test(`a tenant adds bots for itself alone (${kind.name})`, async () => {
    const { operator, driver } = await openRoom(kind)
    const openedBefore = driver.opened.length
    const bot = { driver: 'fake', botId: 'b4', credentials: { token: 'good' } }
    for (const tenants of [null, ['b'], ['a', 'b']])
      await expect(operator.addBot(a, { ...bot, tenants })).rejects.toMatchObject({ code: 'relay.forbidden' })
    // Where a platform is: whoever answers there says who wrote what, and may lead the connector anywhere.
    const elsewhere = { ...bot, settings: { apiRoot: 'http://10.0.0.1' } }
    await expect(operator.addBot(a, elsewhere)).rejects.toMatchObject({ code: 'relay.forbidden' })
    expect(driver.opened).toHaveLength(openedBefore)

    expect(await operator.addBot(a, bot)).toMatchObject({ botId: 'b4', tenants: ['a'] })
    expect(await operator.listChanges(a, {})).toMatchObject([
      { type: 'relay.bot.added', tenant: 'a', detail: { botId: 'b4' } },
      { type: 'relay.bot.added', tenant: 'a', detail: { botId: 'b2' } },
    ])
    expect(operator.sim(a, ofA)).toBeUndefined()
    expect(operator.sim(b, shared)).toBeUndefined()
    expect(operator.sim(everywhere, shared)).toBeUndefined()
  })
}
