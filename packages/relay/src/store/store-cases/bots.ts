import { expect, it } from 'vitest'
import { type Bench, bot, botOf, odd, otherBot, ours, promptOf, start } from './fixtures.js'

/** Cases of bots, who fronts them, and what is kept by name. */
export function botCases(bench: Bench): void {
  it('keeps a bot once, changes what is named, lists by platform and id', async () => {
    const { bots } = bench.store
    const row = botOf({ sealed: 'x', tenants: [odd], username: odd, isEnabled: false })
    await bench.commit(bots.insert(row), bots.insert(botOf(otherBot)))

    expect(await bots.find(bot)).toEqual(row)
    expect(await bench.outcome(bots.insert(botOf()))).toBe('refused')
    expect((await bots.list()).map(({ platform }) => platform)).toEqual(['discord', 'telegram'])

    const change = {
      label: 'New',
      username: null,
      settings: { a: 1 },
      sealed: null,
      tenants: null,
      isEnabled: true,
    }
    expect(await bench.outcome(bots.change(bot, change))).toBe('committed')
    expect(await bench.again.bots.find(bot)).toEqual({ ...row, ...change })
    await bench.commit(bots.change(bot, { label: odd }), bots.change(bot, {}))
    expect(await bots.find(bot)).toEqual({ ...row, ...change, label: odd })
    expect(await bench.outcome(bots.change({ ...bot, botId: 'x' }, {}))).toBe('refused')
    expect(await bots.find(otherBot)).toEqual(botOf(otherBot))
  })

  it('remembers who fronts a bot, and removes it with all that hangs on it', async () => {
    const { bots, prompts } = bench.store
    await bench.commit(
      bots.insert(botOf()),
      bots.provision(odd, bot, start),
      bots.provision(odd, bot, start + 1),
      bots.provision(odd, otherBot, start),
      bots.provision('b', bot, start),
      bots.setCommands(bot, 'b', [{ name: odd }]),
      prompts.insert(promptOf('p')),
      prompts.insert(promptOf('p', otherBot)),
    )

    expect(await bots.isProvisioned(odd, bot)).toBe(true)
    expect(await bots.isProvisioned('b', otherBot)).toBe(false)
    expect(await bots.listProvisioned(odd)).toEqual([otherBot, bot])
    expect(await bots.listTenants(bot)).toEqual(['b', odd])
    expect(await bots.listFronts({})).toEqual([
      { tenant: 'b', ...bot },
      { tenant: odd, ...otherBot },
      { tenant: odd, ...bot },
    ])
    expect(await bots.listFronts({ tenant: 'b' })).toEqual([{ tenant: 'b', ...bot }])

    expect(await bench.outcome(bots.remove(bot))).toBe('committed')
    expect(await bots.find(bot)).toBeUndefined()
    expect(await bots.listTenants(bot)).toEqual([])
    expect(await bots.listCommands(bot)).toEqual([])
    expect(await prompts.find(bot, 'c1', 'p', start)).toEqual([])
    expect(await bots.listProvisioned(odd)).toEqual([otherBot])
    expect((await prompts.find(otherBot, 'c1', 'p', start)).length).toBe(1)
    expect(await bench.outcome(bots.remove(bot))).toBe('refused')
  })

  it("replaces a tenant's commands and leaves the others'", async () => {
    const { bots } = bench.store
    await bench.commit(
      bots.setCommands(bot, 'b', [{ name: 'x' }]),
      bots.setCommands(bot, odd, [{ name: odd }, 5]),
      bots.setCommands(otherBot, 'b', []),
    )
    await bench.commit(bots.setCommands(bot, 'b', []))

    expect(await bots.listCommands(bot)).toEqual([
      { tenant: 'b', manifest: [] },
      { tenant: odd, manifest: [{ name: odd }, 5] },
    ])
  })

  it('keeps small things by name, and lets one insert win', async () => {
    const { settings } = bench.store
    expect(await settings.get(odd)).toBeUndefined()
    expect(await bench.winners(['a', 'b', 'c'].map((value) => settings.insert(odd, value)))).toBe(1)

    await bench.commit(settings.set(odd, ours.tenant), settings.set('new', ''))
    expect(await settings.get(odd)).toBe(ours.tenant)
    expect(await settings.get('new')).toBe('')
    expect(await bench.outcome(settings.insert('new', 'x'))).toBe('refused')
  })
}
