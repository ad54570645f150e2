import type { LiveTerminals, TerminalsSnapshot } from '@parley/sessions/client'
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import { sessionsClient } from '../../../client/sessions-client.js'

const none: TerminalsSnapshot = { status: 'connecting', terminals: [] }

/** The terminals that people opened where the session runs. */
export function useTerminals(url: string | undefined) {
  const [live, setLive] = useState<LiveTerminals | undefined>(undefined)
  useEffect(() => {
    if (url === undefined) return
    const opened = sessionsClient().terminals(url)
    setLive(opened)
    return () => opened.close()
  }, [url])
  const subscribe = useCallback((changed: () => void) => live?.subscribe(changed) ?? (() => {}), [live])
  const state = useSyncExternalStore(subscribe, () => live?.getState() ?? none)
  return { live, state }
}
