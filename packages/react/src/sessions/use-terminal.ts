import {
  type LiveTerminals,
  type SessionsClient,
  SessionsClientError,
  type TerminalsSnapshot,
} from '@parley/sessions/client'
import { useMemo, useSyncExternalStore } from 'react'
import { createOpenLives } from '../hooks/open-lives.js'
import { useSessionsClient } from './provider.js'

export type Terminals = TerminalsSnapshot &
  Pick<LiveTerminals, 'create' | 'input' | 'resize' | 'kill' | 'onOutput'>

/**
 * Terminals of a runtime, by the `websocketUrl` of its instance (default: the server's own), followed from mount to unmount.
 * They go on after that. `onOutput` is for a terminal view: it gets what is kept, then what comes.
 */
export function useTerminal(url?: string): Terminals {
  const client = useSessionsClient()
  const store = useMemo(() => createTerminalStore(client, url), [client, url])
  const state = useSyncExternalStore(store.subscribe, store.read, store.read)
  return useMemo(() => ({ ...state, ...store.actions }), [state, store])
}

const closed: TerminalsSnapshot = Object.freeze<TerminalsSnapshot>({ status: 'disconnected', terminals: [] })

function createTerminalStore(client: SessionsClient, url: string | undefined) {
  const { subscribe, newest } = createOpenLives<LiveTerminals>(() => client.terminals(url))
  const actions: Omit<Terminals, keyof TerminalsSnapshot> = {
    create: async (options) => {
      const live = newest()
      if (live) return live.create(options)
      throw new SessionsClientError('closed', 'The terminals are not open.')
    },
    input: (terminalId, data) => newest()?.input(terminalId, data) ?? false,
    resize: (terminalId, cols, rows) => newest()?.resize(terminalId, cols, rows) ?? false,
    kill: (terminalId) => newest()?.kill(terminalId) ?? false,
    onOutput: (terminalId, listener) => newest()?.onOutput(terminalId, listener) ?? (() => {}),
  }
  return {
    subscribe,
    read: () => newest()?.getState() ?? closed,
    actions,
  }
}
