// @vitest-environment happy-dom
import { ThreadsClientError } from '@parley/threads/client'
import { act, render, screen } from '@testing-library/react'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { fakeClient } from '../fake-client.test.support.js'
import { Thread, ThreadsProvider, useThreadSettings } from '../index.js'
import { cleanUpAfterEach, providerFor, renderThread } from '../render.test.support.js'
import { aMessage, ann, bob, common, helper } from '../things.test.support.js'

cleanUpAfterEach()

test.each([
  ['loading', undefined, 'Loading the conversation …'],
  ['reconnecting', undefined, 'The connection is lost. Trying again …'],
  ['gone', undefined, 'This conversation does not exist any more, or is not yours.'],
  ['refused', new ThreadsClientError('forbidden', 'no'), 'This conversation cannot be opened: no'],
  ['live', undefined, ''],
] as const)('a thread that is %s says so', (status, error, words) => {
  const { container } = renderThread({ status, error })
  expect(container.querySelector('[data-parley-status]')?.textContent).toBe(words)
})

test('members, who of them is there, and who types', () => {
  const { container } = renderThread({ online: ['u_bob'], typing: ['u_bob', 'helper'] })
  const there = [...container.querySelectorAll('[data-parley-member]')].map((one) => [
    one.textContent,
    one.getAttribute('data-parley-online'),
  ])

  expect(there).toEqual([
    ['Ann', 'false'],
    ['Bob', 'true'],
    ['Helper', 'false'],
  ])
  expect(container.querySelector('[data-parley-typing]')?.textContent).toBe('Bob and Helper are typing …')
})

test('notices say what happened; the start and the end of a run are no news', () => {
  const events = [
    { ...common(1, ann), type: 'thread.created', thread: { id: 'th_1', tenant: {} } },
    { ...common(2, ann), type: 'thread.member_added', member: bob },
    { ...common(3, bob), type: 'thread.member_removed', member: bob },
    { ...common(4, ann), type: 'thread.tenant_changed', from: {}, to: {} },
    { ...common(5, helper), type: 'run.started' },
    { ...common(6, helper), type: 'run.failed', error: { code: 'timeout', message: 'too slow' } },
    { ...common(7, helper), type: 'run.cancelled' },
    { ...common(8, ann), type: 'poll.closed' },
  ] as const
  const { container } = renderThread({
    timeline: events.map((event) => ({ key: event.id, kind: 'notice', event })),
  })

  expect([...container.querySelectorAll('[data-parley-notice] span')].map((one) => one.textContent)).toEqual([
    'Ann started the conversation.',
    'Ann added Bob.',
    'Bob left.',
    'Ann changed who can see the conversation.',
    'Helper could not go on: too slow',
    'Helper was stopped.',
    'Something happened: poll.closed',
  ])
})

test('labels and components can be replaced, and the parts be put together anew', () => {
  const fake = fakeClient()
  fake.thread('th_1').set({ timeline: [aMessage('hello')] })
  const components = { Message: Loud }
  render(
    <Thread.Root threadId="th_1" labels={{ send: 'Absenden' }} components={components} className="room">
      <Thread.Composer />
      <Thread.Timeline />
    </Thread.Root>,
    { wrapper: providerFor(fake) },
  )

  expect(screen.getByRole('button', { name: 'Absenden' })).toBeDefined()
  expect(screen.getByText('Bob in th_1!')).toBeDefined()
  expect(document.querySelector('.room [data-parley-presence]')).toBeNull()
})

function Loud({ item }: { item: ReturnType<typeof aMessage> }) {
  const { threadId } = useThreadSettings()
  return `${item.event.author.name} in ${threadId}!`
}

test('another thread begins anew', () => {
  const fake = fakeClient()
  fake.thread('th_2').set({ timeline: [aMessage('second')] })
  const view = render(<Thread threadId="th_1" />, { wrapper: providerFor(fake) })

  view.rerender(<Thread threadId="th_2" />)
  expect(screen.getByText('second')).toBeDefined()
  expect([fake.thread('th_1').followers, fake.thread('th_2').followers]).toEqual([0, 1])

  act(() => view.rerender(<Thread threadId={undefined} />))
  expect(fake.thread('th_2').followers).toBe(0)
})

test('a server renders a thread that is loading, and opens nothing', () => {
  const fake = fakeClient()
  const html = renderToString(
    <ThreadsProvider client={fake.client}>
      <Thread threadId="th_1" />
    </ThreadsProvider>,
  )

  expect(html).toContain('data-parley-status="loading"')
  expect(fake.thread('th_1').followers).toBe(0)
})

test('what stands in the wrong place says so', () => {
  expect(() => renderToString(<Thread threadId="th_1" />)).toThrow('<ThreadsProvider>')
  expect(() => renderToString(<Thread.Typing />)).toThrow('<Thread.Root>')
})
