// Keeps one server-sent event stream open for as long as somebody looks at it.

import type { Clock, Stop } from '../time/clock.js'
import { backoffMs } from './backoff.js'

/** `lost`: the connection is down and another try is coming. */
export type Connection = 'connecting' | 'open' | 'lost'

/** What is used of the browser's `EventSource`. */
export type Source = Pick<EventSource, 'addEventListener' | 'close'>

export type FollowOptions = {
  /** Asked before every attempt, so that it can carry the newest cursor. */
  readonly url: () => string
  /** Called with the data of each event of the named types. */
  readonly on: Readonly<Record<string, (data: string) => void>>
  readonly onConnection: (connection: Connection) => void
  readonly clock: Clock
  readonly open?: (url: string) => Source
}

/**
 * Follows a stream and comes back by itself when it breaks.
 *
 * WHY not the browser's own retry: it asks for the first URL again and gives up for good on an HTTP error.
 */
export function followSource(options: FollowOptions): Stop {
  const { clock, open = (url) => new EventSource(url) } = options
  let source: Source | undefined
  let cancelRetry: Stop = () => {}
  let attempt = 0

  const lose = () => {
    source?.close()
    options.onConnection('lost')
    cancelRetry = clock.after(backoffMs(attempt++), connect)
  }
  const connect = () => {
    const mine = open(options.url())
    source = mine
    options.onConnection('connecting')
    mine.addEventListener('open', () => {
      attempt = 0
      options.onConnection('open')
    })
    mine.addEventListener('error', () => mine === source && lose())
    for (const [type, receive] of Object.entries(options.on))
      mine.addEventListener(type, (event) => receive(String((event as MessageEvent).data)))
  }

  connect()
  return () => {
    cancelRetry()
    const last = source
    source = undefined
    last?.close()
  }
}
