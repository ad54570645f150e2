// @vitest-environment happy-dom
import type { ContentPart } from '@parley/threads/protocol'
import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { cleanUpAfterEach, renderThread } from '../render.test.support.js'
import { aMessage } from '../things.test.support.js'

cleanUpAfterEach()

const show = (...content: ContentPart[]) => renderThread({ timeline: [aMessage(content)] }).container
const url = 'https://files.example/a'

test('images load late, sound not at all, documents are links', () => {
  const container = show(
    { type: 'image', url, mime: 'image/png', name: 'A cat' },
    { type: 'image', url, mime: 'image/png' },
    { type: 'audio', url, mime: 'audio/ogg', name: 'A song' },
    { type: 'document', url, mime: 'application/pdf', name: 'A plan', size: 12_345 },
  )

  expect(screen.getByAltText('A cat').getAttribute('loading')).toBe('lazy')
  expect(screen.getByAltText('Image').getAttribute('src')).toBe(url)
  expect(container.querySelector('audio')?.getAttribute('preload')).toBe('none')
  expect(screen.getByRole('link', { name: 'A plan' }).getAttribute('rel')).toBe('noopener noreferrer')
  expect(container.querySelector('[data-parley-size]')?.textContent).toBe(' 12 kB')
})

test.each([
  'javascript:alert(1)',
  'data:text/html,x',
  'blob:https://a/b',
  'ftp://a/b',
  'a/b',
  'mailto:a@b.c',
])('%s is neither loaded nor linked', (bad) => {
  const file = { url: bad, mime: 'a/b', name: 'thing' }
  const container = show(
    { type: 'image', ...file },
    { type: 'audio', ...file },
    { type: 'document', ...file },
  )

  expect(container.querySelector('img, audio, a')).toBeNull()
  expect(container.querySelectorAll('[data-parley-blocked]')).toHaveLength(3)
})

test('a kind of part from the future is named', () => {
  // The cast: today's types do not have it.
  show({ type: 'poll' } as unknown as ContentPart)
  expect(screen.getByText('This kind of content cannot be shown: poll')).toBeDefined()
})
