// @vitest-environment happy-dom
import { act } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { cleanUpAfterEach } from '../render.test.support.js'
import { renderSessions } from './fake-sessions.test.support.js'
import { useIsMobile } from './use-is-mobile.js'
import { useRuntimeWebSocket } from './use-runtime-web-socket.js'
import { useTerminal } from './use-terminal.js'

cleanUpAfterEach()

const terminal = { terminalId: 't', command: 'sh', output: '', isCut: false, exitCode: null }

test('terminals of a runtime are followed from mount to unmount', async () => {
  const { result, fake, unmount } = renderSessions((url: string) => useTerminal(url), 'ws://h/ws')
  fake.answers.set('create', 't')
  act(() => fake.terminals.set({ terminals: [terminal] }))
  expect(result.current).toMatchObject({ status: 'connected', terminals: [terminal] })
  expect(fake.callsOf('terminals').at(-1)).toEqual(['ws://h/ws'])
  expect(fake.terminals.followers).toBe(1)

  expect(await result.current.create({ command: 'sh' })).toBe('t')
  expect(result.current.input('t', 'x')).toBe(true)
  expect(result.current.resize('t', 80, 24)).toBe(true)
  expect(result.current.kill('t')).toBe(true)
  const read: string[] = []
  result.current.onOutput('t', (text) => read.push(text))
  expect(read).toEqual(['kept of t'])

  const { create, input, onOutput } = result.current
  unmount()
  expect([fake.terminals.followers, input('t', 'x'), onOutput('t', () => {})()]).toEqual([
    0,
    false,
    undefined,
  ])
  await expect(create()).rejects.toMatchObject({ code: 'closed' })
})

test('a socket is open while the component is there, and channels follow it', () => {
  const { result, fake, unmount } = renderSessions((url: string) => useRuntimeWebSocket(url), 'ws://h/ws')
  expect(result.current.connectionState).toBe('connecting')
  expect(result.current.send({ action: 'ping' })).toBe(false)
  const stop = result.current.subscribe('session:s', () => {}, { getSince: () => 7 })
  result.current.subscribe('agents', () => {})
  expect(fake.subscriptions.map(({ channel, since }) => [channel, since])).toEqual([
    ['session:s', 7],
    ['agents', undefined],
  ])

  act(() => fake.connection.set({ state: 'connected' }))
  expect(result.current.connectionState).toBe('connected')
  expect(result.current.send({ action: 'ping' })).toBe(true)
  stop()
  expect(fake.subscriptions.map(({ channel }) => channel)).toEqual(['agents'])
  unmount()
  expect([fake.connection.followers, fake.subscriptions]).toEqual([0, []])
})

test('a screen is narrow or not, and may change', () => {
  let isNarrow = false
  const listeners = new Set<() => void>()
  const matchMedia = vi.spyOn(window, 'matchMedia').mockImplementation((query) => {
    const list = {
      media: query,
      matches: isNarrow,
      addEventListener: (_type: string, listener: () => void) => listeners.add(listener),
      removeEventListener: (_type: string, listener: () => void) => listeners.delete(listener),
    }
    // The cast: the hook uses no more of it.
    return list as unknown as MediaQueryList
  })
  const { result, unmount } = renderSessions((below: number) => useIsMobile(below), 600)
  expect([result.current, matchMedia.mock.lastCall]).toEqual([false, ['(max-width: 599px)']])

  isNarrow = true
  act(() => {
    for (const listener of listeners) listener()
  })
  expect(result.current).toBe(true)
  unmount()
  expect(listeners.size).toBe(0)
  matchMedia.mockRestore()
})
