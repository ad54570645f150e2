// Sessions of runtimes that others wrote: their hosts say at the start where the socket is on which things happen.

import type { Clock } from '@parley/kernel/ids'
import type { Runtime } from '../../protocol/index.js'
import { followSessions } from '../external/listener.js'
import type { HeldFeed } from '../port.js'

type Options = {
  runtime: Pick<Runtime, 'fetchSession'>
  feed: HeldFeed
  clock: Clock
  onFault(error: unknown, where: string): void
}

/** Follows every session that has an address, until `signal` aborts. One without tells what happens by callbacks, or not at all. */
export function followRuntime(
  { runtime, feed, clock, onFault }: Options,
  signal: AbortSignal,
): Promise<void> {
  const http = { call: (asked: Asked) => call(runtime, asked) }
  return followSessions({ feed, http, socketOf, token: undefined, clock, onFault }, signal)
}

type Asked = { path: string; signal?: AbortSignal; withinMs?: number }

/** The runtime's address, as it is: it is the operator's own program. */
function socketOf(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url?.protocol === 'ws:' || url?.protocol === 'wss:' ? url.href : undefined
}

/** A question of the follower, `/sessions/<id>/health`, by the runtime's own way. */
async function call(
  runtime: Pick<Runtime, 'fetchSession'>,
  { path, signal, withinMs = 0 }: Asked,
): Promise<Response> {
  const [, , id = '', ...rest] = path.split('/')
  const signals = [...(signal ? [signal] : []), ...(withinMs > 0 ? [AbortSignal.timeout(withinMs)] : [])]
  const request = new Request(`http://session.invalid/${rest.join('/')}`, {
    signal: AbortSignal.any(signals),
  })
  try {
    return await runtime.fetchSession(decodeURIComponent(id), request)
  } catch {
    signal?.throwIfAborted()
    // It says nothing about the session.
    return new Response(null, { status: 503 })
  }
}
