import { useCallback, useRef, useSyncExternalStore } from 'react'

/** Something that is followed: its snapshot is the same object until something changes. */
type Store<S> = { subscribe(listener: () => void): () => void; read(): S }
type Seen<S, T> = { snapshot: S; select: (snapshot: S) => T; value: T }

/** What `select` takes from a store; the same value as before where `isEqual` says so. */
export function useSelected<S, T>(
  store: Store<S>,
  select: (snapshot: S) => T,
  isEqual: (before: T, after: T) => boolean,
): T {
  const seen = useRef<Seen<S, T> | undefined>(undefined)
  const read = useCallback(() => {
    const snapshot = store.read()
    const last = seen.current
    if (last?.snapshot === snapshot && last.select === select) return last.value
    const picked = select(snapshot)
    const value = last && isEqual(last.value, picked) ? last.value : picked
    seen.current = { snapshot, select, value }
    return value
  }, [store, select, isEqual])
  // On a server nothing subscribes, so that nothing is open and the same function reads the empty snapshot.
  return useSyncExternalStore(store.subscribe, read, read)
}
