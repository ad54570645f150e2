// @vitest-environment happy-dom

import type { SessionsClient } from '@parley/sessions/client'
import type { ThreadsClient } from '@parley/threads/client'
import { act, render, waitFor } from '@testing-library/react'
import { StrictMode, useEffect } from 'react'
import { expect, test, vi } from 'vitest'
import { fakeClient } from '../fake-client.test.support.js'
import { useThreadsClient } from '../provider.js'
import { cleanUpAfterEach } from '../render.test.support.js'
import { fakeSessions, renderSessions } from './fake-sessions.test.support.js'
import * as mutations from './mutations.js'
import { ParleyProvider, useSessionsClient } from './provider.js'
import * as queries from './queries.js'
import type { Queried } from './use-query.js'
import { useSessions } from './use-sessions.js'

cleanUpAfterEach()

const answered = (name: string, answer: unknown) => {
  const fake = fakeSessions()
  fake.answers.set(name, answer)
  return fake
}

test.each<[string, () => Queried<unknown>, unknown[]]>([
  ['fetchAgentTemplates', () => queries.useAgentTemplates(), []],
  ['fetchRuntimes', () => queries.useRuntimes(), []],
  ['listMessageQueue', () => queries.useMessageQueue(), []],
  [
    'fetchRuntimeFileSystem',
    () => queries.useRuntimeFileSystem('local', { path: 'a' }),
    ['local', { path: 'a' }],
  ],
  ['fetchSessionFileSystem', () => queries.useSessionFileSystem('s'), ['s', {}]],
  ['fetchRuntimeGitBranches', () => queries.useRuntimeGitBranches('local'), ['local', {}]],
  [
    'fetchRuntimeGitWorktrees',
    () => queries.useRuntimeGitWorktrees('local', { path: 'p' }),
    ['local', { path: 'p' }],
  ],
  ['fetchSessions', () => useSessions(), []],
])('%s is asked on mount, and answers', async (name, use, given) => {
  const { result, fake } = renderSessions(use, undefined, answered(name, ['answer']))
  expect(result.current).toMatchObject({ data: undefined, isLoading: true })

  await waitFor(() => expect(result.current.data).toEqual(['answer']))
  expect(result.current).toMatchObject({ isLoading: false, isRefreshing: false, error: undefined })
  expect(fake.callsOf(name)[0]).toEqual(given)
})

test('nothing is asked that is not enabled', async () => {
  const { result, rerender, fake } = renderSessions(
    (enabled: boolean) => queries.useRuntimes({ enabled }),
    false as boolean,
    answered('fetchRuntimes', []),
  )
  await result.current.refresh()
  expect([result.current.isLoading, fake.calls]).toEqual([false, []])

  rerender(true)
  await waitFor(() => expect(result.current.data).toEqual([]))
})

test('a failure is shown, what was there stays, the focus asks anew', async () => {
  const { result, fake } = renderSessions(
    () => queries.useRuntimes(),
    undefined,
    answered('fetchRuntimes', ['a']),
  )
  await waitFor(() => expect(result.current.data).toEqual(['a']))
  fake.fail('fetchRuntimes', new Error('no'))
  await act(() => result.current.refresh())
  expect(result.current).toMatchObject({ data: ['a'], error: new Error('no'), isLoading: false })

  fake.answers.set('fetchRuntimes', ['b'])
  act(() => void window.dispatchEvent(new Event('focus')))
  await waitFor(() => expect(result.current).toMatchObject({ data: ['b'], error: undefined }))
})

test('an answer that comes after a later question is dropped', async () => {
  const fake = fakeSessions()
  const waiting: ((answer: string[]) => void)[] = []
  fake.client.fetchRuntimes = () => new Promise<never>((resolve) => waiting.push(resolve as never))
  const { result } = renderSessions(() => queries.useRuntimes(), undefined, fake)
  act(() => void result.current.refresh())
  expect(waiting.length).toBeGreaterThan(1)

  await act(async () => waiting.at(-1)?.(['late']))
  await act(async () => waiting[0]?.(['early']))
  expect(result.current.data).toEqual(['late'])
})

test.each<[string, () => { mutateAsync(input: never): Promise<unknown> }, unknown, unknown[]]>([
  ['createSession', () => mutations.useCreateSession(), { agentTemplateId: 't' }, [{ agentTemplateId: 't' }]],
  ['terminateSession', () => mutations.useTerminateSession(), 's', ['s']],
  ['registerAgentTemplate', () => mutations.useRegisterAgentTemplate(), { name: 'n' }, [{ name: 'n' }]],
  ['updateAgentTemplate', () => mutations.useUpdateAgentTemplate('t'), { name: 'n' }, ['t', { name: 'n' }]],
  ['deleteAgentTemplate', () => mutations.useDeleteAgentTemplate(), 't', ['t']],
  ['startRuntime', () => mutations.useStartRuntime(), { typeName: 'docker', name: 'a' }, ['docker', 'a']],
  ['stopRuntime', () => mutations.useStopRuntime(), 'a', ['a']],
  ['pauseRuntime', () => mutations.usePauseRuntime(), 'a', ['a']],
  ['deleteRuntime', () => mutations.useDeleteRuntime(), 'a', ['a']],
  [
    'createRuntimeGitWorktree',
    () => mutations.useCreateRuntimeGitWorktree('a'),
    { name: 'w' },
    ['a', { name: 'w' }],
  ],
  ['enqueueMessage', () => mutations.useEnqueueMessage(), { text: 'x' }, [{ text: 'x' }]],
  ['sendQueuedMessage', () => mutations.useSendQueuedMessage(), 1, [1]],
  ['removeQueuedMessage', () => mutations.useRemoveQueuedMessage(), 1, [1]],
  ['clearMessageQueue', () => mutations.useClearMessageQueue(), undefined, []],
])('%s is called', async (name, use, input, given) => {
  const { result, fake } = renderSessions(use, undefined, answered(name, 'done'))
  // The cast: each hook gets what it takes.
  const done = await act(() => result.current.mutateAsync(input as never))
  expect([done, fake.calls]).toEqual(['done', [[name, ...given]]])
})

test('a change is told, and what it changed is read anew', async () => {
  const fake = answered('fetchSessions', ['a'])
  const told: unknown[] = []
  const { result } = renderSessions(
    () => {
      const sessions = useSessions()
      const terminate = mutations.useTerminateSession({
        onMutate: (id) => told.push(['mutate', id]),
        onSuccess: (_, id) => told.push(['success', id]),
        onError: (error, id) => told.push(['error', error, id]),
        onSettled: () => told.push('settled'),
      })
      return { sessions, terminate }
    },
    undefined,
    fake,
  )
  await waitFor(() => expect(result.current.sessions.data).toEqual(['a']))

  fake.answers.set('fetchSessions', ['b'])
  act(() => result.current.terminate.mutate('s'))
  expect(result.current.terminate.isPending).toBe(true)
  await waitFor(() => expect(result.current.sessions.data).toEqual(['b']))
  expect(told).toEqual([['mutate', 's'], ['success', 's'], 'settled'])

  fake.fail('terminateSession', new Error('no'))
  act(() => result.current.terminate.mutate('s'))
  await waitFor(() => expect(result.current.terminate.error).toEqual(new Error('no')))
  expect(told.slice(3)).toEqual([['mutate', 's'], ['error', new Error('no'), 's'], 'settled'])
})

test('a live list is read anew after what it shows has changed, and not after every word', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const { fake, unmount } = renderSessions(() => useSessions({ live: true }), undefined)
    const [{ channel, handler } = { channel: '', handler: { onEvent: () => {} } }] = fake.subscriptions
    expect([channel, fake.subscriptions.length]).toEqual(['agents', 1])
    const before = fake.callsOf('fetchSessions').length
    const happened = (type: string, data = {}) =>
      handler.onEvent({ type: 'event', channel: 'agents', seq: 1, event: { type, data, timestamp: '' } })

    for (const method of ['session/update', 'fs/read_text_file']) happened('rpc', { method })
    await act(() => vi.advanceTimersByTimeAsync(1_000))
    expect(fake.callsOf('fetchSessions')).toHaveLength(before)

    happened('rpc', { method: 'session/prompt' })
    happened('permission_request')
    happened('session.terminated')
    await act(() => vi.advanceTimersByTimeAsync(1_000))
    expect(fake.callsOf('fetchSessions')).toHaveLength(before + 1)

    happened('queue.updated')
    unmount()
    expect([vi.getTimerCount(), fake.connection.followers]).toEqual([0, 0])
  } finally {
    vi.useRealTimers()
  }
})

type Clients = { sessions?: SessionsClient; threads?: ThreadsClient; effects?: number }

function Probe({ seen }: { seen: Clients }) {
  seen.sessions = useSessionsClient()
  seen.threads = useThreadsClient()
  useEffect(() => {
    seen.effects = (seen.effects ?? 0) + 1
  }, [seen])
  return null
}

test('one provider has the clients of both planes; its own is closed after it', async () => {
  const threads = fakeClient().client
  const seen: Clients = {}
  const { unmount } = render(
    <StrictMode>
      <ParleyProvider baseUrl="http://127.0.0.1:9/api" threads={threads}>
        <Probe seen={seen} />
      </ParleyProvider>
    </StrictMode>,
  )
  expect(seen.threads).toBe(threads)
  expect(seen.effects).toBe(2)
  await act(async () => {})
  const closed = { code: 'closed' }
  const call = () => seen.sessions?.request('GET', '/..')
  // Still open: it is refused for its path, and not for being closed.
  await expect(call()).rejects.not.toMatchObject(closed)

  unmount()
  await act(async () => {})
  await expect(call()).rejects.toMatchObject(closed)
})
