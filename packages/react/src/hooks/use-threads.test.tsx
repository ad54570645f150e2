// @vitest-environment happy-dom
import { act, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { fakeClient } from '../fake-client.test.support.js'
import { cleanUpAfterEach, renderUse } from '../render.test.support.js'
import { aThread } from '../things.test.support.js'
import { useThreads } from './use-threads.js'

cleanUpAfterEach()

const use = (query: { limit?: number; unread?: boolean }) => useThreads(query)
const idsOf = (threads: readonly { id: string }[]): string[] => threads.map(({ id }) => id)

function withThreads(...ids: string[]) {
  const fake = fakeClient()
  fake.threads.push(...ids.map((id) => aThread(id)))
  return fake
}

// proves: threads.t33
test('threads are listed, page by page', async () => {
  const { result } = renderUse(use, { limit: 2 }, withThreads('a', 'b', 'c'))

  expect(result.current).toMatchObject({ threads: [], isLoading: true })
  await waitFor(() => expect(idsOf(result.current.threads)).toEqual(['a', 'b']))
  expect(result.current).toMatchObject({ isLoading: false, hasMore: true, error: undefined })

  await act(() => result.current.loadMore())
  expect(idsOf(result.current.threads)).toEqual(['a', 'b', 'c'])
  expect(result.current.hasMore).toBe(false)
})

test('a created thread is answered and listed', async () => {
  const { result } = renderUse(use, {}, withThreads('a'))
  await waitFor(() => expect(result.current.isRefreshing).toBe(false))

  const thread = await act(() => result.current.create({ metadata: { title: 'New' } }))

  expect(thread.metadata).toEqual({ title: 'New' })
  await waitFor(() => expect(idsOf(result.current.threads)).toEqual([thread.id, 'a']))
})

test('a refresh reads as much as was there, when asked and when the page gets the focus', async () => {
  const fake = withThreads('a', 'b', 'c')
  const { result } = renderUse(use, { limit: 1 }, fake)
  await waitFor(() => expect(result.current.isRefreshing).toBe(false))
  await act(() => result.current.loadMore())

  fake.threads.unshift(aThread('new'))
  await act(() => result.current.refresh())
  expect(idsOf(result.current.threads)).toEqual(['new', 'a'])

  fake.threads.shift()
  act(() => void window.dispatchEvent(new Event('focus')))
  await waitFor(() => expect(idsOf(result.current.threads)).toEqual(['a', 'b']))
})

test('a failure is shown, what was there stays, and the next answer clears it', async () => {
  const fake = withThreads('a')
  const { result } = renderUse(use, {}, fake)
  await waitFor(() => expect(result.current.isRefreshing).toBe(false))
  const refusal = new Error('no')

  fake.fail('listThreads', refusal)
  await act(() => result.current.refresh())
  expect(result.current).toMatchObject({ error: refusal, isLoading: false, isRefreshing: false })
  expect(idsOf(result.current.threads)).toEqual(['a'])

  await act(() => result.current.refresh())
  expect(result.current.error).toBeUndefined()
})

test('another query begins anew, and an equal one does not', async () => {
  const fake = withThreads('a')
  const { result, rerender } = renderUse(use, { unread: true }, fake)
  await waitFor(() => expect(result.current.isLoading).toBe(false))
  const before = fake.callsOf('listThreads').length

  rerender({ unread: true })
  expect(fake.callsOf('listThreads')).toHaveLength(before)

  rerender({ unread: false })
  expect(result.current.isLoading).toBe(true)
  await waitFor(() => expect(result.current.isLoading).toBe(false))
  expect(fake.callsOf('listThreads').at(-1)).toEqual([{ unread: false }])
})
