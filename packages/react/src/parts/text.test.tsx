// @vitest-environment happy-dom
import { screen, waitFor } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { cleanUpAfterEach, renderThread } from '../render.test.support.js'
import { aMessage, aStream } from '../things.test.support.js'

cleanUpAfterEach()

const show = (text: string) => renderThread({ timeline: [aMessage(text)] }).container

test('Markdown is rendered, tables and task lists too', () => {
  const container = show('# Title\n\n**bold** and ~~gone~~\n\n| a |\n|-|\n| b |\n\n- [x] done')

  for (const tag of ['h1', 'strong', 'del', 'table', 'input[type=checkbox]'])
    expect(container.querySelector(`[data-parley-text] ${tag}`), tag).not.toBeNull()
})

test('a link opens elsewhere and tells nothing', () => {
  show('[web](https://a.example) <mailto:a@b.example> http://c.example')

  for (const link of screen.getAllByRole('link')) {
    expect(link.getAttribute('target')).toBe('_blank')
    expect(link.getAttribute('rel')).toBe('noopener noreferrer')
  }
  expect(screen.getAllByRole('link').map((link) => link.getAttribute('href'))).toEqual([
    'https://a.example',
    'mailto:a@b.example',
    'http://c.example',
  ])
})

test('an image is a link: nothing loads before somebody wants it', () => {
  const container = show('![secret](https://evil.example/?q=secret)')

  expect(container.querySelector('img')).toBeNull()
  expect(screen.getByRole('link', { name: 'secret' }).getAttribute('href')).toContain('evil.example')
})

test.each([
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](java&#115;cript:alert(1))',
  '[x](\u0001javascript:alert(1))',
  '[x](data:text/html,<b>)',
  '[x](vbscript:x)',
  '[x](file:///etc/passwd)',
  '[x](//evil.example)',
  '[x](/path)',
  '![x](javascript:alert(1))',
  '<javascript:alert(1)>',
  '[x][1]\n\n[1]: javascript:alert(1)',
])('%j makes no link', (text) => {
  const container = show(text)
  expect(container.querySelector('a, img')).toBeNull()
  expect(container.querySelector('[data-parley-text]')?.textContent).not.toBe('')
})

test.each([
  '<script>alert(1)</script>',
  'a <img src=x onerror=alert(1)> b',
  '<iframe src="https://evil.example"></iframe>',
  '<svg onload=alert(1)>',
  '<style>*{display:none}</style>',
  '<a href="https://a.example" onclick="x()">a</a>',
  '<form><button formaction="javascript:x">b</button></form>',
  '- <script>x</script>\n- `<script>`',
])('HTML stays text: %j', (text) => {
  const container = show(text)
  const shown = container.querySelector('[data-parley-text]')

  expect(shown?.querySelector('script, img, iframe, svg, style, a, form, button, [onclick]')).toBeNull()
  expect(shown?.textContent).toContain('<')
})

test.each([['>'.repeat(9000)], ['a'.repeat(60_000)]])(
  'a text that nobody can read is shown as it is: %#',
  (text) => {
    expect(show(text).querySelector('[data-parley-plain]')?.textContent).toBe(text)
  },
)

test('a text that breaks its renderer is shown as it is, until it is another', async () => {
  // React reports what the guard caught.
  const report = vi.spyOn(console, 'error').mockImplementation(() => {})
  const { container, set } = renderThread(
    { timeline: [aMessage('```\nbad\n```')] },
    { components: { Code: Brittle } },
  )
  expect(container.querySelector('[data-parley-plain]')?.textContent).toBe('```\nbad\n```')

  set({ timeline: [aMessage('```\ngood\n```')] })
  await waitFor(() => expect(container.querySelector('pre')?.textContent).toBe('good'))
  report.mockRestore()
})

function Brittle({ code }: { code: string }) {
  if (code === 'bad') throw new Error('broken')
  return <pre>{code}</pre>
}

test.each(['**bo', '[a](https://a.ex', '```ts\nconst a', '| a |\n|-', '<scr', '`', '![', '1. a\n  - '])(
  'an incomplete %j renders while it is written, busy and silent',
  (text) => {
    const { container } = renderThread({ timeline: [aStream(text)] })
    const article = container.querySelector('[data-parley-streaming]')

    expect(article?.getAttribute('aria-busy')).toBe('true')
    expect(article?.getAttribute('aria-live')).toBe('off')
    expect(container.querySelector('script')).toBeNull()
  },
)

test('a stream grows, and ends as a message in the same place', async () => {
  const { container, set } = renderThread({ timeline: [aStream('One.\n\nTw')] })
  const place = container.querySelector('[data-parley-item]')

  set({ timeline: [aStream('One.\n\nTwo **th')] })
  await waitFor(() =>
    expect(container.querySelectorAll('[data-parley-text] p')[1]?.textContent).toBe('Two **th'),
  )

  set({ timeline: [aMessage('One.\n\nTwo **three**', { key: 'evt_9' })] })
  expect(container.querySelector('strong')?.textContent).toBe('three')
  expect(container.querySelector('[aria-busy]')).toBeNull()
  expect(container.querySelector('[data-parley-item]')).toBe(place)
})

test('streaming reasoning is closed', () => {
  const { container } = renderThread({ timeline: [aStream('hm', 'reasoning')] })
  expect(container.querySelector('details')?.open).toBe(false)
})
