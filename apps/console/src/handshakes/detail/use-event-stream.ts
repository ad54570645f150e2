import { useEffect, useReducer, useRef, useState } from 'react'
import { readJson, readNumber, readObject } from '../../api/read.js'
import { apiBase } from '../../api/request.js'
import { type Connection, followSource } from '../../live/follow-source.js'
import { whileVisible } from '../../live/while-visible.js'
import type { Clock } from '../../time/clock.js'
import { useClock } from '../../time/use-now.js'
import { pathOf } from '../model/api.js'
import { parseStreamEvent } from '../model/stream-event.js'
import { emptyStream, type StreamNews, type StreamState, takeNews } from '../model/stream-state.js'

/** News are taken together once in this time: a long history renders a few times, not a thousand. */
const gatherMs = 40

/**
 * Follows the events of a handshake after `after`, keeping the newest `keep` of them, and resumes from the
 * last one seen whenever the connection breaks. Mount it anew (by `key`) to start from elsewhere.
 */
export function useEventStream(id: string, after: number, keep: number) {
  const clock = useClock()
  const [connection, setConnection] = useState<Connection>('connecting')
  const [stream, take] = useReducer(takeNews, emptyStream(after, keep))
  const latest = useRef<StreamState>(stream)
  latest.current = stream

  useEffect(() => {
    if (stream.gone) return
    const gather = gatherNews(clock, take)
    const stop = whileVisible(document, () =>
      followSource({
        url: () => `${apiBase}${pathOf(id)}/events?after=${latest.current.cursor}`,
        on: readers(gather.add),
        onConnection: setConnection,
        clock,
      }),
    )
    return () => {
      stop()
      gather.stop()
    }
  }, [id, clock, stream.gone])

  return { stream, connection }
}

function readers(add: (news: StreamNews) => void): Record<string, (data: string) => void> {
  return {
    event: (data) => {
      const event = parseStreamEvent(readJson(data))
      if (event) add({ kind: 'event', event })
    },
    caught_up: (data) => add({ kind: 'caught_up', seq: readNumber(readObject(readJson(data)).seq) }),
    history_gone: (data) =>
      add({ kind: 'history_gone', first: readNumber(readObject(readJson(data)).first, 1) }),
    gone: () => add({ kind: 'gone' }),
  }
}

/** What waits is bounded by `gatherMs` of one connection's rate; the reducer keeps the newest. */
function gatherNews(clock: Clock, take: (news: readonly StreamNews[]) => void) {
  let waiting: StreamNews[] = []
  let cancel: (() => void) | undefined
  const flush = () => {
    const news = waiting
    waiting = []
    cancel = undefined
    take(news)
  }
  return {
    add: (news: StreamNews) => {
      waiting.push(news)
      cancel ??= clock.after(gatherMs, flush)
    },
    stop: () => cancel?.(),
  }
}
