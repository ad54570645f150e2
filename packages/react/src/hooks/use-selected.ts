import type { ThreadSnapshot } from '@parley/threads/client'
import { useCallback, useRef, useSyncExternalStore } from 'react'
import type { ThreadStore } from './thread-store.js'

type Select<T> = (snapshot: ThreadSnapshot) => T
type Seen<T> = { snapshot: ThreadSnapshot; select: Select<T>; value: T }

/** What `select` takes from a thread; the same value as before where `isEqual` says so. */
export function useSelected<T>(
  store: ThreadStore,
  select: Select<T>,
  isEqual: (before: T, after: T) => boolean,
): T {
  const seen = useRef<Seen<T> | undefined>(undefined)
  const read = useCallback(() => {
    const snapshot = store.read()
    const last = seen.current
    if (last?.snapshot === snapshot && last.select === select) return last.value
    const picked = select(snapshot)
    const value = last && isEqual(last.value, picked) ? last.value : picked
    seen.current = { snapshot, select, value }
    return value
  }, [store, select, isEqual])
  // On a server nothing subscribes, so that nothing is open and the same function reads the empty thread.
  return useSyncExternalStore(store.subscribe, read, read)
}
