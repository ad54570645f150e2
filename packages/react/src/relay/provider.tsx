import type { RelayClient } from '@parley/relay/client'
import { createContext, type ReactNode, useContext } from 'react'

const RelayContext = createContext<RelayClient | undefined>(undefined)

export type RelayProviderProps = {
  /** Keep it the same between renders: it is what hooks share a connection by. */
  client: RelayClient
  children?: ReactNode
}

/** Gives everything below it the client of a relay. */
export function RelayProvider({ client, children }: RelayProviderProps) {
  return <RelayContext.Provider value={client}>{children}</RelayContext.Provider>
}

/** The client of the nearest `<RelayProvider>`. Throws where there is none. */
export function useRelayClient(): RelayClient {
  const client = useContext(RelayContext)
  if (!client) throw new Error('There is no <RelayProvider> above this component.')
  return client
}
