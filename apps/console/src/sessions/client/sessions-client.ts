import { createSessionsClient, type SessionsClient } from '@parley/sessions/client'

let shared: SessionsClient | undefined

/** The one client of this page; it has a connection only while something is followed. The cookie is its credential. */
export function sessionsClient(): SessionsClient {
  shared ??= createSessionsClient({ baseUrl: '/api' })
  return shared
}
