/// <reference types="node" />
import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { curlLine } from './curl-line.js'

describe('the command to try', () => {
  it('reaches curl as an address, a token and a body of JSON', () => {
    const words = wordsOf(
      curlLine('https://example.com', { actionUrl: '/handshake/action/ab', token: 'to-ken' }),
    )

    expect(words.slice(0, 4)).toEqual([
      '-sS',
      'https://example.com/handshake/action/ab',
      '-H',
      'X-Handshake-Token: to-ken',
    ])
    expect(JSON.parse(words.at(-1)!)).toMatchObject({
      actions: [{ type: 'set', key: 'name' }, {}, {}, {}, {}, {}, {}, {}],
    })
  })

  it('keeps a quote from ending the word', () => {
    expect(wordsOf(curlLine("https://o'x", { actionUrl: '/a', token: 't' }))[1]).toBe("https://o'x/a")
  })
})

/** The words that a shell makes of the line, without the first. */
function wordsOf(line: string): string[] {
  const script = `set -- ${line.replace(/^curl/, '')}\nprintf '%s\\0' "$@"`
  return execFileSync('sh', ['-c', script]).toString().split('\0').slice(0, -1)
}
