// A client of sessions whose server is the test, and hooks under a provider with it.
import type {
  ChannelHandler,
  ChannelSocket,
  ConnectionState,
  LiveSession,
  LiveTerminals,
  SessionSnapshot,
  SessionsClient,
  TerminalsSnapshot,
} from '@parley/sessions/client'
import type { SessionLog } from '@parley/sessions/protocol'
import { renderHook } from '@testing-library/react'
import type { ReactNode } from 'react'
import { SessionsProvider } from './provider.js'

export type Call = readonly [name: string, ...given: unknown[]]

/** What is followed: its state is set by the test. */
function followed<S>(initial: S) {
  const listeners = new Set<() => void>()
  let state = initial
  return {
    followers: 0,
    read: () => state,
    set(change: Partial<S>): void {
      state = { ...state, ...change }
      for (const listener of Array.from(listeners)) listener()
    },
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const live: SessionSnapshot = {
  id: 's',
  status: 'live',
  timeline: [],
  isProcessing: false,
  pendingPermissions: [],
  configOptions: [],
  commands: [],
  terminals: [],
  files: { count: 0, changes: [] },
  isTruncated: false,
}

export function fakeSessions() {
  const calls: Call[] = []
  const failures = new Map<string, unknown>()
  const answers = new Map<string, unknown>()
  const sessions = new Map<string, ReturnType<typeof followed<SessionSnapshot>>>()
  const logs = { value: [] as readonly SessionLog[] }
  const terminals = followed<TerminalsSnapshot>({ status: 'connected', terminals: [] })
  const connection = followed<{ state: ConnectionState }>({ state: 'connecting' })
  const subscriptions: { channel: string; handler: ChannelHandler; since?: number }[] = []

  /** Anything that is not told otherwise resolves with what the test put in `answers`. */
  const asked = async (...call: Call): Promise<never> => {
    calls.push(call)
    const [name] = call
    if (failures.has(name)) {
      const failure = failures.get(name)
      failures.delete(name)
      throw failure
    }
    // The cast: the test answers what the caller expects.
    return answers.get(name) as never
  }
  const method =
    (name: string) =>
    (...given: unknown[]) =>
      asked(name, ...given)

  const sessionOf = (id: string) => {
    const session = sessions.get(id) ?? followed({ ...live, id })
    sessions.set(id, session)
    return session
  }

  function openSession(id: string): LiveSession {
    const session = sessionOf(id)
    session.followers += 1
    const names = [
      'prompt',
      'retry',
      'respond',
      'cancel',
      'terminate',
      'clearQueue',
      'reorderQueue',
      'pauseQueue',
    ]
    const more = ['resumeQueue', 'setMode', 'setModel', 'setConfigOption']
    const given: Partial<LiveSession> = {
      ...Object.fromEntries([...names, ...more].map((name) => [name, method(name)])),
      id,
      getState: session.read,
      logs: () => logs.value,
      subscribe: session.subscribe,
      discard: (key) => void calls.push(['discard', key]),
      close: () => {
        session.followers -= 1
      },
    }
    // The cast: every action is among the names.
    return given as LiveSession
  }

  function openTerminals(url?: string): LiveTerminals {
    calls.push(['terminals', url])
    terminals.followers += 1
    return {
      getState: terminals.read,
      subscribe: terminals.subscribe,
      create: method('create'),
      input: (...given) => calls.push(['input', ...given]) > 0,
      resize: (...given) => calls.push(['resize', ...given]) > 0,
      kill: (...given) => calls.push(['kill', ...given]) > 0,
      onOutput: (terminalId, listener) => {
        listener(`kept of ${terminalId}`)
        return () => {}
      },
      close: () => {
        terminals.followers -= 1
      },
    }
  }

  function connect(url = 'ws://own/ws'): ChannelSocket {
    connection.followers += 1
    const mine = new Set<(typeof subscriptions)[number]>()
    const drop = (one: (typeof subscriptions)[number]) => {
      const place = subscriptions.indexOf(one)
      if (place >= 0) subscriptions.splice(place, 1)
    }
    return {
      url,
      state: () => connection.read().state,
      error: () => undefined,
      onState: connection.subscribe,
      onError: () => () => {},
      subscribe: (channel, handler, { since } = {}) => {
        const told = typeof handler === 'function' ? { onEvent: handler } : handler
        const one = { channel, handler: told, ...(since !== undefined && { since }) }
        subscriptions.push(one)
        mine.add(one)
        return () => drop(one)
      },
      send: (message) => {
        calls.push(['send', message])
        return connection.read().state === 'connected'
      },
      close: () => {
        connection.followers -= 1
        for (const one of mine) drop(one)
      },
    }
  }

  const own: Partial<SessionsClient> = { session: openSession, terminals: openTerminals, connect }
  // The cast: every method that is not one's own is a call that the test answers.
  const client = new Proxy(own, {
    get: (target, name) => Reflect.get(target, name) ?? method(String(name)),
  }) as SessionsClient

  return {
    client,
    calls,
    /** What calls resolve with, by name. */
    answers,
    callsOf: (name: string) => calls.filter(([called]) => called === name).map(([, ...given]) => given),
    /** The next call of `name` rejects. */
    fail: (name: string, error: unknown) => void failures.set(name, error),
    session: sessionOf,
    setLogs(value: readonly SessionLog[]): void {
      logs.value = value
      sessionOf('s').set({})
    },
    terminals,
    connection,
    subscriptions,
  }
}

/** A hook under a provider with a fake client, in StrictMode. */
export function renderSessions<T, P>(use: (props: P) => T, initialProps: P, fake = fakeSessions()) {
  const wrapper = ({ children }: { children: ReactNode }) => (
    <SessionsProvider client={fake.client}>{children}</SessionsProvider>
  )
  // WHY not in the wrapper: below a root that is not strict nothing is taken down and put up again.
  return { ...renderHook(use, { initialProps, wrapper, reactStrictMode: true }), fake }
}
