// @vitest-environment happy-dom
import { act, renderHook, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { cleanUpAfterEach } from '../render.test.support.js'
import { renderSessions } from './fake-sessions.test.support.js'
import { useSessionsClient } from './provider.js'
import { useFiles } from './use-files.js'
import { usePermissions } from './use-permissions.js'
import { usePrompt } from './use-prompt.js'
import { useSession } from './use-session.js'
import { useSessionEvents } from './use-session-events.js'
import { useSessionState } from './use-session-state.js'

cleanUpAfterEach()

const question = { requestId: 'r1', toolCallId: 'c', title: 'Write', options: [] }
const time = '2026-01-01T00:00:00.000Z'

test('a session is followed from mount to unmount', () => {
  const { result, fake, unmount } = renderSessions((id: string) => useSession(id), 's')
  act(() => fake.session('s').set({ isProcessing: true }))

  expect(result.current).toMatchObject({ id: 's', status: 'live', isProcessing: true })
  expect(fake.session('s').followers).toBe(1)
  unmount()
  expect(fake.session('s').followers).toBe(0)
})

test('what is answered stays the same object until something changes, and so do the actions', () => {
  const { result, rerender, fake } = renderSessions((id: string) => useSession(id), 's')
  const before = result.current
  rerender('s')
  expect(result.current).toBe(before)

  act(() => fake.session('s').set({ title: 'T' }))
  expect(result.current).not.toBe(before)
  expect(result.current.prompt).toBe(before.prompt)
})

test('another id opens the other session; without one actions say so', async () => {
  const use = (id: string | undefined) => useSession(id)
  const { result, rerender, fake } = renderSessions(use, undefined as string | undefined)
  expect(result.current).toMatchObject({ status: 'loading', timeline: [] })
  await expect(result.current.prompt('x')).rejects.toMatchObject({ code: 'closed' })
  expect(() => result.current.discard('key')).not.toThrow()

  rerender('a')
  rerender('b')
  expect(result.current.id).toBe('b')
  expect([fake.session('a').followers, fake.session('b').followers]).toEqual([0, 1])
})

test('every action is the session’s', async () => {
  const { result, fake } = renderSessions((id: string) => useSession(id), 's')
  const { current: session } = result
  await session.prompt('x')
  await session.retry('k')
  await session.respond('r', { optionId: 'o' })
  await session.cancel('q')
  await session.terminate()
  await session.clearQueue()
  await session.reorderQueue(['a'])
  await session.pauseQueue()
  await session.resumeQueue()
  await session.setMode('m')
  await session.setModel('m')
  await session.setConfigOption('c', true)
  session.discard('k')

  expect(fake.calls).toEqual([
    ['prompt', 'x'],
    ['retry', 'k'],
    ['respond', 'r', { optionId: 'o' }],
    ['cancel', 'q'],
    ['terminate'],
    ['clearQueue'],
    ['reorderQueue', ['a']],
    ['pauseQueue'],
    ['resumeQueue'],
    ['setMode', 'm'],
    ['setModel', 'm'],
    ['setConfigOption', 'c', true],
    ['discard', 'k'],
  ])
})

test('with a selector only what it takes renders again', () => {
  let renders = 0
  const { result, fake } = renderSessions(() => {
    renders += 1
    return useSession('s', ({ pendingPermissions }) => pendingPermissions.length)
  }, undefined)
  const before = renders
  act(() => fake.session('s').set({ isProcessing: true }))
  expect([result.current, renders]).toEqual([0, before])

  act(() => fake.session('s').set({ pendingPermissions: [question] }))
  expect(result.current).toBe(1)
})

test('without a provider there is no client', () => {
  expect(() => renderHook(() => useSessionsClient())).toThrow('<SessionsProvider>')
})

test('prompts are sent while the session is there, and a running turn is cancelled', async () => {
  const { result, fake } = renderSessions((id: string) => usePrompt(id), 's')
  expect(result.current).toMatchObject({ isProcessing: false, canSend: true, queue: undefined })
  expect(await result.current.send('hi')).toBe(true)
  fake.fail('prompt', new Error('no'))
  expect(await result.current.send('again')).toBe(false)
  expect(fake.callsOf('prompt')).toEqual([['hi'], ['again']])

  const queue = { processing: true, paused: false, items: [], size: 0 }
  act(() => fake.session('s').set({ isProcessing: true, queue }))
  expect(result.current).toMatchObject({ isProcessing: true, queue })
  fake.fail('cancel', new Error('idle'))
  await act(() => result.current.cancel.run())
  expect(result.current.cancel.error).toEqual(new Error('idle'))

  act(() => fake.session('s').set({ status: 'ended' }))
  expect(result.current.canSend).toBe(false)
})

test('questions are answered once, and a failure is shown', async () => {
  const { result, fake } = renderSessions((id: string) => usePermissions(id), 's')
  act(() => fake.session('s').set({ pendingPermissions: [question] }))
  expect(result.current.pending).toEqual([question])

  let answered: Promise<boolean> | undefined
  act(() => {
    answered = result.current.respond('r1', 'yes')
  })
  expect([...result.current.responding]).toEqual(['r1'])
  expect(await act(() => answered)).toBe(true)
  expect(result.current).toMatchObject({ error: undefined })
  expect(result.current.responding.size).toBe(0)

  fake.fail('respond', new Error('gone'))
  expect(await act(() => result.current.respond('r1'))).toBe(false)
  expect(result.current.error).toEqual(new Error('gone'))
  expect(fake.callsOf('respond')).toEqual([
    ['r1', { optionId: 'yes' }],
    ['r1', { outcome: 'cancelled' }],
  ])
})

test('files are read anew when the agent changed some', async () => {
  const { result, fake } = renderSessions((id: string) => useFiles(id, { path: 'src' }), 's')
  await waitFor(() => expect(result.current.isLoading).toBe(false))
  const snapshot = { root: '/w', entries: [], truncated: false, maxEntries: 1 }
  fake.answers.set('fetchSessionFileSystem', snapshot)

  act(() => fake.session('s').set({ files: { count: 1, changes: [] } }))

  await waitFor(() => expect(result.current.snapshot).toEqual(snapshot))
  await result.current.preview('a.ts')
  await result.current.search('x', { kind: 'text' })
  expect(fake.callsOf('fetchSessionFilePreview')).toEqual([['s', 'a.ts']])
  expect(fake.callsOf('searchSessionFiles')).toEqual([['s', 'x', { kind: 'text' }]])
  expect(fake.callsOf('fetchSessionFileSystem').at(-1)).toEqual([
    's',
    { path: 'src', showAllFiles: undefined },
  ])
})

test('the log grows, and says how the connection is', async () => {
  const { result, fake } = renderSessions((id: string) => useSessionEvents(id), 's')
  const events = [{ type: 'error', data: { message: 'm' }, timestamp: time }]
  act(() => fake.setLogs(events))
  expect(result.current).toMatchObject({ events, connectionState: 'connected', isConnected: true })

  for (const [status, state] of [
    ['loading', 'connecting'],
    ['reconnecting', 'reconnecting'],
    ['ended', 'disconnected'],
  ] as const) {
    act(() => fake.session('s').set({ status }))
    expect(result.current).toMatchObject({ connectionState: state, isConnected: false })
  }
  await result.current.requestFsSnapshot()
  await result.current.requestFilePreview('a')
  await result.current.respondToPermission('r', { optionId: 'o' })
  expect(fake.calls.map(([name]) => name)).toEqual([
    'fetchSessionFileSystem',
    'fetchSessionFilePreview',
    'respond',
  ])
})

test('a page has it in one object', () => {
  const { result, fake } = renderSessions((id: string) => useSessionState(id), 's')
  act(() => {
    fake.setLogs([{ type: 'prompt_sent', data: { text: 'hi' }, timestamp: time }])
    fake.session('s').set({ pendingPermissions: [question], isProcessing: true })
  })

  expect(result.current).toMatchObject({
    isLoading: false,
    isProcessing: true,
    pendingPermissions: [question],
    markdownSegments: [{ kind: 'user', markdown: 'hi' }],
    showAllFiles: false,
  })
  act(() => result.current.setShowAllFiles(true))
  expect(result.current.showAllFiles).toBe(true)
})
