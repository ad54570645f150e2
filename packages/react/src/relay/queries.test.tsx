// @vitest-environment happy-dom
import type { RelayKind } from '@parley/relay/protocol'
import { act, renderHook, waitFor } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { cleanUpAfterEach } from '../render.test.support.js'
import type { Queried } from '../sessions/use-query.js'
import { fakeRelay, renderRelay } from './fake-relay.test.support.js'
import { useRelayClient } from './provider.js'
import * as queries from './queries.js'

cleanUpAfterEach()
afterEach(() => void vi.useRealTimers())

const answered = (name: string, answer: unknown) => {
  const fake = fakeRelay()
  fake.answers.set(name, answer)
  return fake
}

type Case = [name: string, use: () => Queried<unknown>, kinds: RelayKind[], given: unknown[]]

const cases: Case[] = [
  ['listBots', () => queries.useRelayBots({ tenant: 'a' }), ['changes'], [{ tenant: 'a' }]],
  ['listGateways', () => queries.useRelayGateways(), ['changes'], [{}]],
  ['listInstances', () => queries.useRelayInstances(), ['changes', 'buffers'], [{}]],
  ['listTenants', () => queries.useRelayTenants(), ['changes', 'buffers'], []],
  ['listLinks', () => queries.useRelayLinks(), ['changes'], [{}]],
  [
    'listReceipts',
    () => queries.useRelayReceipts({ state: 'dead', limit: 5 }),
    ['changes', 'sim'],
    [{ state: 'dead', limit: 5 }],
  ],
  ['listDecisions', () => queries.useRelayDecisions(), ['decisions'], [{}]],
  ['listConversations', () => queries.useRelayConversations(), ['decisions'], [{}]],
]

test.each(cases)(
  '%s is asked on mount, and again after news that concern it',
  async (name, use, kinds, given) => {
    const { result, fake } = renderRelay(use, undefined, answered(name, ['first']))
    expect(result.current).toMatchObject({ data: undefined, isLoading: true })
    await waitFor(() => expect(result.current.data).toEqual(['first']))
    expect(fake.callsOf(name)[0]).toEqual(given)

    for (const kind of ['changes', 'decisions', 'buffers', 'sim'] as const) {
      fake.answers.set(name, [kind])
      const before = fake.callsOf(name).length
      await act(async () => fake.tell(kind))
      if (kinds.includes(kind)) await waitFor(() => expect(result.current.data).toEqual([kind]))
      else expect(fake.callsOf(name)).toHaveLength(before)
    }
  },
)

test('all hooks share one connection, which ends with the last of them', async () => {
  const fake = fakeRelay()
  const first = renderRelay(() => [queries.useRelayBots(), queries.useRelayLinks()], undefined, fake)
  const second = renderRelay(() => queries.useRelayBots(), undefined, fake)
  await waitFor(() => expect(fake.streams.size).toBe(1))

  first.unmount()
  await act(async () => {})
  expect(fake.streams.size).toBe(1)
  second.unmount()
  await waitFor(() => expect(fake.streams.size).toBe(0))
})

test('a connection that breaks comes back, and everything is read again', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { fake } = renderRelay(() => queries.useRelayLinks(), undefined)
  await act(async () => {})
  const [stream] = fake.streams
  await act(async () => stream?.fail(new Error('gone')))
  expect(fake.streams.size).toBe(0)

  await act(() => vi.advanceTimersByTimeAsync(1_000))
  expect(fake.streams.size).toBe(1)
  const before = fake.callsOf('listLinks').length
  await act(async () => fake.tell('ready'))
  expect(fake.callsOf('listLinks')).toHaveLength(before + 1)
})

test('pauses between tries grow, and nothing is tried any more after the last hook', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const fake = fakeRelay()
  let tries = 0
  fake.client.watch = () => {
    tries += 1
    throw new Error('no')
  }
  const { unmount } = renderRelay(() => queries.useRelayLinks(), undefined, fake)
  await act(async () => {})
  const begun = tries
  await act(() => vi.advanceTimersByTimeAsync(1_000))
  expect(tries).toBe(begun + 1)
  await act(() => vi.advanceTimersByTimeAsync(1_000))
  expect(tries).toBe(begun + 1)
  await act(() => vi.advanceTimersByTimeAsync(1_000))
  expect(tries).toBe(begun + 2)

  unmount()
  await act(() => vi.advanceTimersByTimeAsync(60_000))
  expect([tries, vi.getTimerCount()]).toEqual([begun + 2, 0])
})

test('news that come faster than answers are answered, and asked for once more', async () => {
  const fake = fakeRelay()
  const waiting: ((answer: string[]) => void)[] = []
  fake.answers.set('listLinks', () => new Promise((resolve) => waiting.push(resolve)))
  const { result } = renderRelay(() => queries.useRelayLinks(), undefined, fake)
  await act(async () => waiting.at(-1)?.(['mounted']))
  expect(result.current.data).toEqual(['mounted'])
  const before = waiting.length

  for (let times = 0; times < 5; times++) await act(async () => fake.tell('changes'))
  expect(waiting).toHaveLength(before + 1)
  await act(async () => waiting.at(-1)?.(['in between']))
  expect(result.current.data).toEqual(['in between'])
  expect(waiting).toHaveLength(before + 2)
  await act(async () => waiting.at(-1)?.(['last']))
  expect(result.current.data).toEqual(['last'])
  expect(waiting).toHaveLength(before + 2)
})

test('what no news tell of is read at intervals while the page is looked at', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const { fake, unmount } = renderRelay(() => queries.useRelayGateways(), undefined)
  await act(async () => {})
  const before = fake.callsOf('listGateways').length
  await act(() => vi.advanceTimersByTimeAsync(5_000))
  expect(fake.callsOf('listGateways')).toHaveLength(before + 1)

  const seen = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
  await act(() => vi.advanceTimersByTimeAsync(20_000))
  expect(fake.callsOf('listGateways')).toHaveLength(before + 1)
  seen.mockRestore()
  unmount()
  expect(vi.getTimerCount()).toBe(0)
})

test('a failure is shown, what was there stays, and the next answer clears it', async () => {
  const { result, fake } = renderRelay(() => queries.useRelayLinks(), undefined, answered('listLinks', ['a']))
  await waitFor(() => expect(result.current.data).toEqual(['a']))
  fake.failures.set('listLinks', new Error('no'))
  await act(() => result.current.refresh())
  expect(result.current).toMatchObject({ data: ['a'], error: new Error('no') })

  fake.failures.clear()
  await act(async () => fake.tell('changes'))
  await waitFor(() => expect(result.current.error).toBeUndefined())
})

test('nothing is asked or followed that is not enabled', async () => {
  const { result, fake, rerender } = renderRelay(
    (enabled: boolean) => queries.useRelayBots({ enabled }),
    false as boolean,
    answered('listBots', ['a']),
  )
  await act(() => result.current.refresh())
  expect([result.current.isLoading, fake.calls, fake.streams.size]).toEqual([false, [], 0])

  rerender(true)
  await waitFor(() => expect(result.current.data).toEqual(['a']))
})

test('a hook without a provider says what is missing', () => {
  vi.spyOn(console, 'error').mockReturnValue(undefined)
  expect(() => renderHook(() => useRelayClient())).toThrow('There is no <RelayProvider>')
  vi.restoreAllMocks()
})
