import { expect, it } from 'vitest'
import { eventually } from './eventually.js'

it('resolves with the first truthy value', async () => {
  let tries = 0

  expect(await eventually(() => ++tries > 3 && `try ${tries}`)).toBe('try 4')
})

it('tries again after an error', async () => {
  let tries = 0

  const value = await eventually(async () => {
    tries += 1
    if (tries < 3) throw new Error('not yet')
    return tries
  })

  expect(value).toBe(3)
})

it('shows the last value when the condition never comes true', async () => {
  const never = eventually(() => [].length, { deadlineMs: 20 })

  await expect(never).rejects.toThrow('within 20 ms; the last value was 0')
})

it('shows the last error when the condition keeps throwing', async () => {
  const never = eventually(() => JSON.parse('{'), { deadlineMs: 20 })

  await expect(never).rejects.toThrow(/it threw SyntaxError/)
})
