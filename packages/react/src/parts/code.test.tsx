// @vitest-environment happy-dom
import { waitFor } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { tokensOf } from '../code/engine.js'
import { languageOf } from '../code/languages.js'
import { cleanUpAfterEach, renderThread } from '../render.test.support.js'
import { aMessage, aStream } from '../things.test.support.js'

cleanUpAfterEach()

test('a block is there at once and gets its tokens later, with the same text and no styles', async () => {
  const code = 'const a = "<b>" // why\n\nreturn a'
  const { container } = renderThread({ timeline: [aMessage(`\`\`\`ts\n${code}\n\`\`\``)] })
  const block = container.querySelector('[data-parley-code]')
  expect(block?.textContent).toBe(code)

  await waitFor(() => expect(block?.querySelector('[data-parley-token=keyword]')?.textContent).toBe('const'))
  expect(block?.textContent).toBe(code)
  expect(block?.getAttribute('data-parley-language')).toBe('ts')
  expect(block?.querySelector('[style], b')).toBeNull()
})

test('an unknown language and inline code stay plain', () => {
  const { container } = renderThread({ timeline: [aMessage('```"><script>\na < b\n```\n\n`x < y`')] })

  expect(container.querySelector('pre')?.textContent).toBe('a < b')
  expect(container.querySelector('p code')?.textContent).toBe('x < y')
  expect(container.querySelector('script')).toBeNull()
})

test('a block that is still written is plain', () => {
  const { container } = renderThread({ timeline: [aStream('```ts\nconst a')] })
  expect(container.querySelector('[data-parley-code]')?.textContent).toBe('const a')
})

test('every language has a grammar that this engine reads', async () => {
  const names = 'ts tsx json sh python html css sql yaml md go rust java diff'.split(' ')
  const read = await Promise.all(
    names.map(async (name) => {
      const language = languageOf(name)
      return language && tokensOf('a "b" # 1', language)
    }),
  )

  expect(read.map((lines) => lines?.[0]?.map(({ text }) => text).join(''))).toEqual(
    names.map(() => 'a "b" # 1'),
  )
  expect([languageOf('JavaScript'), languageOf('constructor'), languageOf('')]).toEqual([
    'typescript',
    undefined,
    undefined,
  ])
})

test('highlighting makes no code from text, which strict pages forbid', async () => {
  const compile = vi.fn()
  vi.stubGlobal('Function', new Proxy(Function, { construct: compile, apply: compile }))
  vi.stubGlobal('WebAssembly', undefined)

  const lines = await tokensOf('SELECT 1', 'sql')

  vi.unstubAllGlobals()
  expect(lines[0]?.[0]).toEqual({ text: 'SELECT', kind: 'keyword' })
  expect(compile).not.toHaveBeenCalled()
})
