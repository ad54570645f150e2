import { expect, test } from 'vitest'
import { readMarkdownV2 } from './fake-markdown.test.support.js'
import { renderMarkdown } from './render.js'

test.each([
  ['plain text.', 'plain text\\.'],
  ['**bold** and *italic*', '*bold* and _italic_'],
  ['_also_ but not a_b_c', '_also_ but not a\\_b\\_c'],
  ['~~gone~~', '~gone~'],
  ['run `rm -rf .` now!', 'run `rm -rf .` now\\!'],
  ['```ts\nconst a = `x`\n```', '```ts\nconst a = \\`x\\`\n```'],
  ['```\nleft open', '```\nleft open\n```'],
  ['[a.b](https://x.example/c_d)', '[a\\.b](https://x.example/c_d)'],
  ['[a](javascript:x)', '\\[a\\]\\(javascript:x\\)'],
  ['2 * 3 * 4', '2 \\* 3 \\* 4'],
  ['- one\n# two', '\\- one\n\\# two'],
])('%j is %j', (text, rendered) => {
  expect(renderMarkdown(text)).toBe(rendered)
})

test('whatever is written, Telegram can read it', () => {
  const marks = '`*_~[]()>#+-=|{}.!\\ab \n'
  let seed = 7
  const next = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % below
  }

  for (let round = 0; round < 3_000; round++) {
    const text = Array.from({ length: next(24) }, () => marks.charAt(next(marks.length))).join('')
    expect(readMarkdownV2(renderMarkdown(text)), JSON.stringify(text)).toHaveProperty('text')
  }
})
