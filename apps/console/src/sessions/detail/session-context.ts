import type { LiveSession, TerminalSessions } from '@parley/sessions/client'
import type { AskedPermission } from '@parley/sessions/protocol'
import { createContext, useContext } from 'react'

const LiveContext = createContext<LiveSession | undefined>(undefined)
export const LiveProvider = LiveContext.Provider

/** The session of this page. */
export function useLive(): LiveSession {
  const live = useContext(LiveContext)
  if (!live) throw new Error('There is no session above this component.')
  return live
}

const TerminalsContext = createContext<TerminalSessions>([])
export const TerminalsProvider = TerminalsContext.Provider

/** The agent's own terminals. */
export const useAgentTerminals = (): TerminalSessions => useContext(TerminalsContext)

const DecisionsContext = createContext<ReadonlyMap<string, AskedPermission>>(new Map())
export const DecisionsProvider = DecisionsContext.Provider

/** Who answered a question, once that is known. */
export const useDecision = (requestId: string): AskedPermission | undefined =>
  useContext(DecisionsContext).get(requestId)
