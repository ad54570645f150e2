// @vitest-environment happy-dom
import type { MessageItem } from '@parley/threads/client'
import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { cleanUpAfterEach, renderThread } from '../render.test.support.js'
import { aMessage, ann, aPending } from '../things.test.support.js'

cleanUpAfterEach()

const messages = (from: number, to: number): MessageItem[] =>
  Array.from({ length: to - from + 1 }, (_, at) => aMessage(`m${from + at}`, { seq: from + at }))

const shown = (timeline: MessageItem[]) => ({ timeline, events: timeline.map(({ event }) => event) })
const log = () => screen.getByRole('log', { name: 'Conversation' })

/** Gives the page the layout that happy-dom has not: every entry is 100 pixels high, 200 are in view. */
function layOut(container: HTMLElement): void {
  const entries = () => [...container.querySelectorAll('[data-parley-item]')]
  Object.defineProperty(log(), 'clientHeight', { value: 200 })
  Object.defineProperty(log(), 'scrollHeight', { configurable: true, get: () => entries().length * 100 })
  Object.defineProperty(HTMLElement.prototype, 'offsetTop', {
    configurable: true,
    get(this: HTMLElement) {
      return entries().indexOf(this) * 100
    },
  })
  // A browser would have scrolled to the end when the first entries came.
  scrollTo(log().scrollHeight - 200)
}

const scrollTo = (top: number) => {
  log().scrollTop = top
  fireEvent.scroll(log())
}

test('at the end it stays at the end, elsewhere it stays where it is', () => {
  const { container, set } = renderThread(shown(messages(1, 5)))
  layOut(container)
  set(shown(messages(1, 6)))
  expect(log().scrollTop).toBe(600)

  scrollTo(100)
  set(shown(messages(1, 7)))
  expect(log().scrollTop).toBe(100)

  fireEvent.click(screen.getByRole('button', { name: 'Jump to the newest message' }))
  expect(log().scrollTop).toBe(700)
  expect(screen.queryByRole('button', { name: 'Jump to the newest message' })).toBeNull()
})

test('what has just grown is no reason to leave the end', () => {
  const { container, set } = renderThread(shown(messages(1, 5)))
  layOut(container)
  set(shown(messages(1, 9)))
  log().scrollTop = 700

  fireEvent.scroll(log())
  Object.defineProperty(log(), 'scrollHeight', { value: 1_500 })
  fireEvent.scroll(log())

  expect(screen.queryByRole('button', { name: 'Jump to the newest message' })).toBeNull()
})

test('a message of one’s own brings the end into view', () => {
  const { container, set } = renderThread(shown(messages(1, 5)))
  layOut(container)
  scrollTo(0)

  set({ timeline: [...messages(1, 5), aPending('mine')] })
  expect(log().scrollTop).toBe(600)
})

test('older messages come in above without moving what is read', async () => {
  const { container, fake, set } = renderThread({ ...shown(messages(11, 20)), hasOlder: true })
  layOut(container)
  set(shown(messages(11, 20)))
  scrollTo(50)
  // What was noted before there was a layout is of no use.
  set(shown(messages(11, 20)))

  fireEvent.click(screen.getByRole('button', { name: 'Load older messages' }))
  await waitFor(() => expect(fake.callsOf('loadOlder')).toHaveLength(1))
  set({ ...shown(messages(1, 20)), hasOlder: false })

  expect(log().scrollTop).toBe(1050)
  expect(screen.queryByRole('button', { name: 'Load older messages' })).toBeNull()
})

test('the log is polite, and silent while the past is read', async () => {
  const { fake, set } = renderThread({ ...shown(messages(1, 1)), hasOlder: true, status: 'loading' })
  expect(log().getAttribute('aria-live')).toBe('off')
  set({ status: 'live' })
  expect(log().getAttribute('aria-live')).toBe('polite')

  fake.fail('loadOlder', new Error('too far'))
  fireEvent.click(screen.getByRole('button', { name: 'Load older messages' }))
  expect(log().getAttribute('aria-live')).toBe('off')
  await waitFor(() => expect(screen.getByRole('alert').textContent).toBe('too far'))
})

test('the unread line stands before the first new message of others, and stays', () => {
  const timeline = [...messages(1, 2), aMessage('mine', { seq: 3, author: ann }), ...messages(4, 5)]
  const { container, set } = renderThread({ ...shown(timeline), reads: { u_ann: 2 } })
  const next = () => container.querySelector('[data-parley-unread]')?.nextElementSibling?.textContent

  expect(next()).toContain('m4')
  set({ reads: { u_ann: 5 } })
  expect(next()).toContain('m4')
})

test('who has read nothing or everything sees no line', () => {
  const some: Record<string, number>[] = [{}, { u_ann: 2 }]
  for (const reads of some) {
    const { container, unmount } = renderThread({ ...shown(messages(1, 2)), reads })
    expect(container.querySelector('[data-parley-unread]')).toBeNull()
    unmount()
  }
})

test('what is in view is marked as read, once, and only while the page is visible', async () => {
  const { container, fake, set } = renderThread({ ...shown(messages(1, 2)), reads: { u_ann: 2 } })
  layOut(container)
  expect(fake.callsOf('markRead')).toEqual([])

  set(shown(messages(1, 3)))
  set({ hasOlder: true })
  expect(fake.callsOf('markRead')).toEqual([[3]])

  const visibility = Object.getOwnPropertyDescriptor(Document.prototype, 'visibilityState')
  const turn = (value: string) =>
    act(() => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, value })
      document.dispatchEvent(new Event('visibilitychange'))
    })
  turn('hidden')
  set(shown(messages(1, 4)))
  expect(fake.callsOf('markRead')).toEqual([[3]])
  turn('visible')
  expect(fake.callsOf('markRead')).toEqual([[3], [4]])
  if (visibility) Reflect.deleteProperty(document, 'visibilityState')

  scrollTo(0)
  set(shown(messages(1, 5)))
  expect(fake.callsOf('markRead')).toHaveLength(2)
})
