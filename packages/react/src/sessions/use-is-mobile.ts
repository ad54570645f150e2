import { useCallback, useSyncExternalStore } from 'react'

/** True on a screen narrower than `belowPx` (default 768). False where nothing is measured, as on a server. */
export function useIsMobile(belowPx = 768): boolean {
  const query = `(max-width: ${belowPx - 1}px)`
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = window.matchMedia(query)
      list.addEventListener('change', listener)
      return () => list.removeEventListener('change', listener)
    },
    [query],
  )
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(query).matches,
    () => false,
  )
}
