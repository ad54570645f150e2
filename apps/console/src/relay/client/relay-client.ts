import { createRelayClient, type RelayClient } from '@parley/relay/client'
import { told } from './problems.js'

const client = createRelayClient()

/** Asks the server as whoever is signed in. Rejects with a `Problem`. */
export const ask = <T>(question: (relay: RelayClient) => Promise<T>): Promise<T> => told(question(client))
