import type { ThreadsClient } from '@parley/threads/client'
import { createContext, type ReactNode, useContext, useMemo } from 'react'

type Session = { client: ThreadsClient; identityId: string | undefined }

const SessionContext = createContext<Session | undefined>(undefined)

export type ThreadsProviderProps = {
  /** Who makes it closes it: the provider does neither. */
  client: ThreadsClient
  /** Whom the client acts as. Without it no message is the reader's own, and nothing is marked as unread. */
  identityId?: string
  children?: ReactNode
}

/** Gives everything below it the client. */
export function ThreadsProvider({ client, identityId, children }: ThreadsProviderProps) {
  const session = useMemo(() => ({ client, identityId }), [client, identityId])
  return <SessionContext.Provider value={session}>{children}</SessionContext.Provider>
}

function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('There is no <ThreadsProvider> above this component.')
  return session
}

/** The client of the nearest `<ThreadsProvider>`. Throws where there is none. */
export function useThreadsClient(): ThreadsClient {
  return useSession().client
}

/** The `identityId` of the nearest `<ThreadsProvider>`. */
export function useIdentityId(): string | undefined {
  return useSession().identityId
}
