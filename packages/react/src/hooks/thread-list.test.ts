import type { ListedThread } from '@parley/threads/client'
import type { Page } from '@parley/threads/protocol'
import { expect, test } from 'vitest'
import { fakeClient } from '../fake-client.test.support.js'
import { aThread } from '../things.test.support.js'
import { createThreadList } from './thread-list.js'

test('an answer that comes after a later question was asked is dropped', async () => {
  const answers: ((page: Page<ListedThread>) => void)[] = []
  const { client } = fakeClient()
  const listThreads = () => new Promise<Page<ListedThread>>((resolve) => answers.push(resolve))
  const list = createThreadList({ ...client, listThreads }, {})

  const both = [list.refresh(), list.refresh()]
  answers[1]?.({ items: [aThread('late')], next_cursor: null })
  answers[0]?.({ items: [aThread('early')], next_cursor: null })
  await Promise.all(both)

  expect(list.read().threads.map(({ id }) => id)).toEqual(['late'])
  expect(list.read()).toMatchObject({ isLoading: false, isRefreshing: false })
})

test('a thread that moved between two pages is there once', async () => {
  const fake = fakeClient()
  fake.threads.push(aThread('a'), aThread('b'))
  const list = createThreadList(fake.client, { limit: 1 })
  await list.refresh()

  fake.threads.splice(1, 0, aThread('a'))
  await list.loadMore()

  expect(list.read().threads.map(({ id }) => id)).toEqual(['a'])
})
