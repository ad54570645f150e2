import {
  createSessionsClient,
  type SessionsClient,
  type SessionsClientOptions,
} from '@parley/sessions/client'
import type { ThreadsClient } from '@parley/threads/client'
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react'
import { ThreadsProvider } from '../provider.js'

const SessionsContext = createContext<SessionsClient | undefined>(undefined)

export type SessionsProviderProps = {
  /** Who makes it closes it: the provider does neither. */
  client: SessionsClient
  children?: ReactNode
}

/** Gives everything below it the client of a sessions server. */
export function SessionsProvider({ client, children }: SessionsProviderProps) {
  return <SessionsContext.Provider value={client}>{children}</SessionsContext.Provider>
}

/** The client of the nearest `<SessionsProvider>` or `<ParleyProvider>`. Throws where there is none. */
export function useSessionsClient(): SessionsClient {
  const client = useContext(SessionsContext)
  if (!client) throw new Error('There is no <SessionsProvider> or <ParleyProvider> above this component.')
  return client
}

export type ParleyProviderProps = SessionsClientOptions & {
  /** For the components and hooks of threads, as `<ThreadsProvider>` takes it. */
  threads?: ThreadsClient
  identityId?: string
  children?: ReactNode
}

/**
 * Gives everything below it a client of the sessions server at `baseUrl`, made on mount and closed after unmount; and, where
 * one is given, a client of threads. Options are read on mount: another server wants another `key`.
 */
export function ParleyProvider({ threads, identityId, children, ...options }: ParleyProviderProps) {
  const [client] = useState(() => createSessionsClient(options))
  useClosing(client)
  const inner = <SessionsProvider client={client}>{children}</SessionsProvider>
  if (!threads) return inner
  return (
    <ThreadsProvider client={threads} {...(identityId !== undefined && { identityId })}>
      {inner}
    </ThreadsProvider>
  )
}

function useClosing(client: SessionsClient): void {
  const mounts = useRef(0)
  useEffect(() => {
    mounts.current += 1
    return () => {
      mounts.current -= 1
      // WHY not at once: StrictMode takes everything down and puts it up again in one turn.
      queueMicrotask(() => {
        if (mounts.current === 0) client.close()
      })
    }
  }, [client])
}
