import type { SessionsDeps } from '../deps.js'

/** What links stand on. */
export type HostsDeps = Pick<SessionsDeps, 'ground' | 'store' | 'intake' | 'onFault'>
