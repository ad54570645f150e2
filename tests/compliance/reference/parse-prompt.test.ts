import { describe, expect, test } from 'vitest'
import { parsePrompt } from './parse-prompt.js'

const complete = '- sessionId: abc\n- token: tok\n- baseUrl: http://h\n'

describe('the reference grammar of prompts', () => {
  test('takes rows with and without a dash, with blanks around', () => {
    const text = 'sessionId: abc\n  -  token :  tok  \n\t- baseUrl:http://h:80/x\r\n'

    expect(parsePrompt(text)).toEqual({ sessionId: 'abc', token: 'tok', baseUrl: 'http://h:80/x' })
  })

  test('takes the optional keys as text', () => {
    const text = `${complete}- mode: form-fill\n- expiresIn: 1800s\n- skill: filler\n`

    expect(parsePrompt(text)).toMatchObject({ mode: 'form-fill', expiresIn: '1800s', skill: 'filler' })
  })

  test('the first occurrence of a key wins', () => {
    expect(parsePrompt(`${complete}- token: other\n`).token).toBe('tok')
  })

  test('keys are told apart by case', () => {
    expect(() => parsePrompt('- SessionId: a\n- token: t\n- baseUrl: b')).toThrow(
      'missing fields in prompt: [sessionId]',
    )
  })

  test('names everything that is missing', () => {
    expect(() => parsePrompt('hello')).toThrow('missing fields in prompt: [sessionId, token, baseUrl]')
  })

  test.each([
    ['a star as bullet', '* token: tok'],
    ['a bold name', '- **token**: tok'],
    ['a full-width colon', '- token：tok'],
    ['nothing after the colon', '- token:'],
  ])('does not take %s', (_, row) => {
    expect(() => parsePrompt(`- sessionId: a\n${row}\n- baseUrl: b`)).toThrow('[token]')
  })

  test('a comment behind a value becomes part of it', () => {
    expect(parsePrompt(complete.replace(': tok', ': tok  <- secret')).token).toBe('tok  <- secret')
  })

  test('a single blank after the colon is a value', () => {
    expect(parsePrompt('- sessionId: \n- token: t\n- baseUrl: b').sessionId).toBe(' ')
  })
})
