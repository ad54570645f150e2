import type { LiveSession, SessionSnapshot } from '@parley/sessions/client'
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import { sessionsClient } from '../client/sessions-client.js'

/** Follows a session while the page is shown; undefined for a moment at first. */
export function useLiveSession(id: string): LiveSession | undefined {
  const [live, setLive] = useState<LiveSession | undefined>(undefined)
  useEffect(() => {
    const opened = sessionsClient().session(id)
    setLive(opened)
    return () => opened.close()
  }, [id])
  return live?.id === id ? live : undefined
}

/** The session as it is now. WHY once in a frame: an agent may write a thousand times in a second. */
export function useSnapshot(live: LiveSession): SessionSnapshot {
  const subscribe = useCallback(
    (changed: () => void) => {
      let frame: number | undefined
      const stop = live.subscribe(() => {
        frame ??= requestAnimationFrame(() => {
          frame = undefined
          changed()
        })
      })
      return () => {
        stop()
        if (frame !== undefined) cancelAnimationFrame(frame)
      }
    },
    [live],
  )
  return useSyncExternalStore(subscribe, live.getState)
}
