import { describe, expect, it } from 'vitest'
import { tokenSource } from './token-source.js'

describe('the token', () => {
  it('is one for everybody who asks at once', async () => {
    const { token, minted } = source()

    expect(await Promise.all([token(), token()])).toEqual(['t1', 't1'])
    expect(minted).toHaveLength(1)
  })

  it('is renewed before it ends', async () => {
    const { token, minted, pass } = source()
    await token()

    pass(2_999)
    expect(await token()).toBe('t1')
    pass(1)
    expect(await token()).toBe('t2')
    expect(minted).toEqual([3_600, 3_600])
  })

  it('is asked for again when it was refused', async () => {
    const { token, fail } = source()
    fail()

    await expect(token()).rejects.toThrow('refused')

    expect(await token()).toBe('t2')
  })
})

function source() {
  const minted: number[] = []
  let nowMs = 0
  let fails = false
  const token = tokenSource({
    clock: { now: () => nowMs },
    mint: async (ttlSeconds) => {
      minted.push(ttlSeconds)
      const name = `t${minted.length}`
      if (fails) {
        fails = false
        throw new Error('refused')
      }
      return name
    },
  })
  return {
    token,
    minted,
    pass: (seconds: number) => (nowMs += seconds * 1000),
    fail: () => (fails = true),
  }
}
