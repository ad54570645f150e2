import { RelayKind } from '@parley/relay/protocol'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { readJson, readObject } from '../../api/read.js'
import { apiBase } from '../../api/request.js'
import { type Connection, followSource } from '../../live/follow-source.js'
import { whileVisible } from '../../live/while-visible.js'
import { meKey } from '../../shell/session.js'
import { useClock } from '../../time/use-now.js'
import { relayKey, topicKey, topicsOf } from './keys.js'

const url = () => `${apiBase}/relay/stream`

/** Reads anew what the server says has changed, while the page is looked at. */
export function useRelayLive(): Connection {
  const clock = useClock()
  const queries = useQueryClient()
  const [connection, setConnection] = useState<Connection>('connecting')

  useEffect(() => {
    const receive = (data: string) => {
      // A newer server may tell of kinds that this page does not know.
      const kind = RelayKind.safeParse(readObject(readJson(data)).kind).data
      for (const topic of kind ? topicsOf[kind] : [])
        void queries.invalidateQueries({ queryKey: topicKey(topic) })
    }
    const onConnection = (next: Connection) => {
      setConnection(next)
      if (next === 'lost') void queries.invalidateQueries({ queryKey: meKey })
    }
    // What changed before that was told to nobody.
    const ready = () => void queries.invalidateQueries({ queryKey: relayKey })
    const on = { ready, relay: receive }
    return whileVisible(document, () => followSource({ url, on, onConnection, clock }))
  }, [clock, queries])

  return connection
}
