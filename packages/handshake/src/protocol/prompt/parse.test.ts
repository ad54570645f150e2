import { describe, expect, test } from 'vitest'
import { PromptError, parsePrompt } from './parse.js'
import { readLikeTheReference } from './reference-grammar.test.support.js'

const token = 'AbCdEfGhIjKlMnOpQrStUvWxYz012345'
const sessionId = '0123456789abcdef0123456789abcdef'
const prompt = (...lines: string[]) => lines.join('\n')
const credentials = [`- sessionId: ${sessionId}`, `- token: ${token}`, '- baseUrl: http://localhost:3000']

function failure(text: string): PromptError {
  try {
    parsePrompt(text)
  } catch (error) {
    if (error instanceof PromptError) return error
  }
  throw new Error('the text was read')
}

// proves: handshake.h23
describe.each([
  ['the reference grammar', readLikeTheReference],
  ['our grammar', parsePrompt],
])('%s', (_name, read) => {
  test('reads lines with or without a bullet, indented, blanks anywhere', () => {
    const text = prompt(
      '  sessionId:a-1',
      `- token : ${token}  `,
      '  -   baseUrl:   http://h  ',
      'mode: form-fill',
    )
    expect(read(text)).toMatchObject({ sessionId: 'a-1', token, baseUrl: 'http://h', mode: 'form-fill' })
  })

  test('reads windows line ends', () => {
    expect(read(credentials.join('\r\n'))).toMatchObject({ sessionId, token })
  })

  test('takes the first line of a name', () => {
    expect(
      read(prompt(...credentials, '- token: otherotherotherother', '- expiresIn: 1800s', 'expiresIn: 5')),
    ).toMatchObject({ token, expiresIn: '1800s' })
  })

  test('minds case', () => {
    expect(() => read(prompt('SessionId: a', ...credentials.slice(1)))).toThrow(
      /missing fields in prompt: .*sessionId/,
    )
  })

  test('names what is missing', () => {
    expect(() => read('sessionId: a')).toThrow(/missing fields in prompt: .*token.*baseUrl/)
    expect(() => read('')).toThrow('missing fields in prompt')
  })

  test('does not read bold names', () => {
    expect(() => read(prompt(...credentials.slice(0, 2), '**baseUrl**: http://h'))).toThrow('missing')
  })
})

describe('only the reference', () => {
  test('takes a comment for a part of the value, and a blank for a value', () => {
    const text = prompt(`- token: ${token} ← secret`, '- sessionId: ', '- baseUrl: http://h')
    expect(readLikeTheReference(text)).toEqual({
      token: `${token} ← secret`,
      sessionId: ' ',
      baseUrl: 'http://h',
    })
  })

  test('does not know star bullets and full-width colons', () => {
    expect(() =>
      readLikeTheReference(prompt(`* sessionId: ${sessionId}`, `token：${token}`, 'baseUrl: http://h')),
    ).toThrow("missing fields in prompt: ['sessionId', 'token']")
  })
})

describe('only ours', () => {
  test('reads star and dot bullets, full-width colons, and backquoted values', () => {
    const text = prompt(`* sessionId: \`${sessionId}\``, `• token：${token}`, '- baseUrl： ``http://h/a/``')
    expect(parsePrompt(text)).toEqual({ sessionId, token, baseUrl: 'http://h/a', warnings: [] })
  })

  test('refuses a blank value instead of looking further down', () => {
    const error = failure(prompt('- sessionId: ', ...credentials))
    expect(error).toMatchObject({ missing: ['sessionId'], invalid: [] })
  })

  test('reads past a name with nothing behind its colon', () => {
    expect(parsePrompt(prompt('token:', ...credentials)).token).toBe(token)
  })

  test.each([
    [`- token: ${token} ← secret`, 'token'],
    ['- token: short', 'token'],
    ['- sessionId: ../../x', 'sessionId'],
    ['- baseUrl: ftp://h', 'baseUrl'],
    ['- baseUrl: javascript:alert(1)', 'baseUrl'],
    ['- baseUrl: http://', 'baseUrl'],
    ['- baseUrl: http://h and more', 'baseUrl'],
  ])('refuses %s', (line, name) => {
    expect(failure(prompt(line, ...credentials))).toMatchObject({ missing: [], invalid: [name] })
  })

  test('warns of a credential that is named twice with different values', () => {
    const { warnings } = parsePrompt(
      prompt(...credentials, `token: ${token}`, 'baseUrl: http://evil.example'),
    )
    expect(warnings).toEqual(['the prompt names baseUrl twice with different values; the first one is used'])
  })

  test('reads a huge hostile text in one pass', () => {
    const text = prompt(
      `${' '.repeat(200_000)}x`,
      'a'.repeat(200_000),
      `token:${' '.repeat(200_000)}\u0001`,
      ...credentials,
    )
    expect(() => parsePrompt(text)).toThrow(PromptError)
  })
})
