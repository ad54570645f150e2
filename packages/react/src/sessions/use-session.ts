import type { SessionSnapshot } from '@parley/sessions/client'
import { useMemo } from 'react'
import { useSelected } from '../hooks/use-selected.js'
import { useSessionsClient } from './provider.js'
import { createSessionStore, type SessionActions, type SessionStore } from './session-store.js'

/** A session as it is now, and what one can do in it. The actions stay the same functions. */
export type OpenSession = SessionSnapshot & SessionActions

/**
 * Follows a session from mount to unmount. Without an id nothing is opened and `status` stays `loading`.
 * With `select` only what it takes from the snapshot is answered, and the component renders again only when that
 * changes by `isEqual` (default `Object.is`). Components that follow the same session share one subscription.
 */
export function useSession(id: string | undefined): OpenSession
export function useSession<T>(
  id: string | undefined,
  select: (snapshot: SessionSnapshot) => T,
  isEqual?: (before: T, after: T) => boolean,
): T
export function useSession<T>(
  id: string | undefined,
  select?: (snapshot: SessionSnapshot) => T,
  isEqual: (before: T, after: T) => boolean = Object.is,
): T | OpenSession {
  const store = useSessionStore(id)
  // The cast: without `select` it is the snapshot itself that is compared, and only by identity.
  const picked = useSelected(store, (select ?? everything) as (snapshot: SessionSnapshot) => T, isEqual)
  const isWhole = select === undefined
  return useMemo(
    // The cast: `everything` picked the snapshot.
    () => (isWhole ? { ...(picked as SessionSnapshot), ...store.actions } : picked),
    [picked, store, isWhole],
  )
}

const everything = (snapshot: SessionSnapshot): SessionSnapshot => snapshot

/** The store of one session; the same one for the same client and id. */
export function useSessionStore(id: string | undefined): SessionStore {
  const client = useSessionsClient()
  return useMemo(() => createSessionStore(client, id), [client, id])
}
