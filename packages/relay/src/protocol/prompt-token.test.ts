import { describe, expect, it } from 'vitest'
import { promptToken, readPromptToken } from './prompt-token.js'

// proves: relay.f13
describe('the token of a control', () => {
  it.each([
    ['hp1:a1b2c3.0f3e9d77:once', 'a1b2c3.0f3e9d77', 'once'],
    ['hp1:p:c0', 'p', 'c0'],
  ])('%s goes both ways', (token, promptId, optionId) => {
    expect(readPromptToken(token)).toEqual({ promptId, optionId })
    expect(promptToken(promptId, optionId)).toBe(token)
  })

  it.each([
    'hp1::once',
    'hp1:p:',
    'hp1:p',
    'hp1:p:a:b',
    'HP1:p:a',
    'hp2:p:a',
    'hp1:p q:a',
    `hp1:${'p'.repeat(33)}:a`,
    'hp1:p:a\n',
    '',
    'hp1:é:a',
  ])('%j is none', (text) => {
    expect(readPromptToken(text)).toBeUndefined()
  })

  it('has room for 59 characters of ids, and no more', () => {
    const promptId = 'p'.repeat(32)

    expect(promptToken(promptId, 'o'.repeat(27))).toHaveLength(64)
    expect(promptToken(promptId, 'o'.repeat(28))).toBeUndefined()
    expect(readPromptToken(`hp1:${promptId}:${'o'.repeat(28)}`)).toBeUndefined()
  })

  it('is not made of ids that could not be read again', () => {
    expect(promptToken('a:b', 'c')).toBeUndefined()
    expect(promptToken('', 'c')).toBeUndefined()
  })
})
