// A client of a relay whose server is the test, and hooks under a provider with it.
import type { RelayClient, RelayNews, WatchQuery } from '@parley/relay/client'
import { renderHook } from '@testing-library/react'
import type { ReactNode } from 'react'
import { RelayProvider } from './provider.js'

export type Call = readonly [name: string, ...given: unknown[]]

type Stream = { tell(news: RelayNews): void; fail(error: unknown): void }

export function fakeRelay() {
  const calls: Call[] = []
  const answers = new Map<string, unknown>()
  const failures = new Map<string, unknown>()
  const streams = new Set<Stream>()

  const method =
    (name: string) =>
    async (...given: unknown[]): Promise<never> => {
      calls.push([name, ...given])
      if (failures.has(name)) throw failures.get(name)
      const answer = answers.get(name)
      // The cast: the test answers what the caller expects.
      return (typeof answer === 'function' ? await answer() : answer) as never
    }

  async function* watch({ signal }: WatchQuery): AsyncGenerator<RelayNews> {
    const waiting: (RelayNews | { error: unknown })[] = []
    let wake = () => {}
    const put = (one: (typeof waiting)[number]) => {
      waiting.push(one)
      wake()
    }
    const stream: Stream = { tell: put, fail: (error) => put({ error }) }
    streams.add(stream)
    signal.addEventListener('abort', () => wake())
    try {
      while (!signal.aborted) {
        const next = waiting.shift()
        if (typeof next === 'object') throw next.error
        if (next) yield next
        else
          await new Promise<void>((resolve) => {
            wake = resolve
          })
      }
    } finally {
      streams.delete(stream)
    }
  }

  const sim = new Proxy({}, { get: (_, name) => method(`sim.${String(name)}`) })
  const own = {
    watch,
    sim: (bot: unknown) => {
      calls.push(['sim', bot])
      return sim
    },
  }
  // The cast: every method that is not one's own is a call that the test answers.
  const client = new Proxy(own, {
    get: (target, name) => Reflect.get(target, name) ?? method(String(name)),
  }) as unknown as RelayClient

  return {
    client,
    calls,
    /** What calls resolve with, by name; a function is called for it. */
    answers,
    /** What calls reject with, by name. */
    failures,
    callsOf: (name: string) => calls.filter(([called]) => called === name).map(([, ...given]) => given),
    /** Open connections of the stream. */
    streams,
    tell: (news: RelayNews) => {
      for (const stream of streams) stream.tell(news)
    },
  }
}

/** A hook under a provider with a fake client, in StrictMode. */
export function renderRelay<T, P>(use: (props: P) => T, initialProps: P, fake = fakeRelay()) {
  const wrapper = ({ children }: { children: ReactNode }) => (
    <RelayProvider client={fake.client}>{children}</RelayProvider>
  )
  return { ...renderHook(use, { initialProps, wrapper, reactStrictMode: true }), fake }
}
