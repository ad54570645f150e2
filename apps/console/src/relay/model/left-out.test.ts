import { expect, it } from 'vitest'
import { leftOutNote } from './left-out.js'

it('the lines have room for one bot of each platform', () => {
  const [first, second, third] = [
    { platform: 'telegram', botId: '1' },
    { platform: 'discord', botId: '2' },
    { platform: 'telegram', botId: '3' },
  ] as const

  expect(leftOutNote([first, second, third])).toContain('leave out telegram:1.')
  expect(leftOutNote([second, third])).toBeUndefined()
})
