import { expect, it } from 'vitest'
import {
  type Bench,
  bot,
  foreign,
  odd,
  otherBot,
  ours,
  promptOf,
  second,
  sibling,
  start,
} from './fixtures.js'

/** Cases of capabilities and of prompts. */
export function secretCases(bench: Bench): void {
  const capability = { ...ours, ...bot, sessionKey: odd, kind: odd, sealed: 's', expiresAt: start, uses: 0 }

  it('keeps one capability of a session and kind in a tenant', async () => {
    const { vault } = bench.store
    await bench.commit(
      vault.bind({ ...capability, uses: 3 }),
      vault.bind({ ...capability, ...foreign, sealed: 'f' }),
    )
    const replaced = { ...capability, ...sibling, ...otherBot, sealed: 't', expiresAt: start + 9 }
    await bench.commit(vault.bind(replaced))

    expect(await vault.find(ours.tenant, odd, odd)).toEqual(replaced)
    expect(await vault.find(foreign.tenant, odd, odd)).toMatchObject({ sealed: 'f' })
    expect(await vault.find(ours.tenant, odd, 'x')).toBeUndefined()
    await bench.commit(vault.purge(start + 1))
    expect(await vault.find(foreign.tenant, odd, odd)).toBeUndefined()
    expect(await vault.find(ours.tenant, odd, odd)).toBeDefined()
  })

  it('counts a use once for each count that is known', async () => {
    const { vault } = bench.store
    await bench.commit(vault.bind(capability))

    expect(await bench.winners([1, 2, 3].map(() => vault.used(capability)))).toBe(1)
    expect(await vault.find(ours.tenant, odd, odd)).toMatchObject({ uses: 1 })
    expect(await bench.outcome(vault.used({ ...capability, uses: 1 }))).toBe('committed')
    expect(await bench.outcome(vault.used({ ...capability, tenant: 'x' }))).toBe('refused')
  })

  it('finds whose a prompt is, while it lasts', async () => {
    const { prompts } = bench.store
    const row = promptOf(odd, { messageId: odd, rung: 'buttons' })
    await bench.commit(
      prompts.insert(promptOf(odd)),
      prompts.insert(row),
      prompts.insert(promptOf(odd, { ...foreign, createdAt: start + 1 })),
      prompts.insert(promptOf(odd, { ...sibling, createdAt: start - 1 })),
      prompts.insert(promptOf(odd, { chatId: 'c2' })),
      prompts.insert(promptOf(odd, otherBot)),
    )

    const find = (at: number) => prompts.find(bot, 'c1', odd, at)
    const [theirs, siblings] = [
      promptOf(odd, { ...foreign, createdAt: start + 1 }),
      promptOf(odd, { ...sibling, createdAt: start - 1 }),
    ]
    // Nobody takes a question over by asking one of the same name.
    expect(await find(start)).toEqual([theirs, row, siblings])
    expect(await find(start + 60 * second)).toEqual([])
    await bench.commit(prompts.remove({ ...row, ...sibling }), prompts.remove({ ...row, chatId: 'c3' }))
    expect((await find(start)).length).toBe(2)
    await bench.commit(prompts.remove(row))
    expect(await find(start)).toMatchObject([foreign])
    await bench.commit(prompts.purge(start + 60 * second))
    expect((await find(start)).length).toBe(1)
    await bench.commit(prompts.purge(start + 60 * second + 1))
    expect(await find(start)).toEqual([])
  })

  it('finds those that are shown as text, the latest first', async () => {
    const { prompts } = bench.store
    const late = promptOf('p2', { createdAt: start + 1 })
    await bench.commit(
      prompts.insert(promptOf('p1')),
      prompts.insert(late),
      prompts.insert(promptOf('p3', { rung: 'buttons' })),
      prompts.insert(promptOf('p4', { expiresAt: start })),
      prompts.insert(promptOf('p5', { chatId: 'c2' })),
    )

    expect(await prompts.openTexts(bot, 'c1', start)).toEqual([late, promptOf('p1')])
  })
}
