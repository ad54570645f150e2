import type { ChannelHandler, ChannelSocket, ConnectionState, SessionsClient } from '@parley/sessions/client'
import type { WsChannelControlMessage } from '@parley/sessions/protocol'
import { useMemo, useSyncExternalStore } from 'react'
import { useSessionsClient } from './provider.js'

export type RuntimeWebSocketHandle = {
  readonly connectionState: ConnectionState
  /**
   * Follows a channel while the component is there; may be called before there is a connection. Answers how to stop.
   * `getSince`: only what has a greater number.
   */
  subscribe(
    channel: string,
    handler: ChannelHandler | ChannelHandler['onEvent'],
    options?: { getSince?(): number },
  ): () => void
  /** False, and nothing sent, while there is no connection. */
  send(message: WsChannelControlMessage): boolean
}

/** The channel socket of a runtime, by its `websocketUrl`; the server's own without one. Shared, and open while it is used. */
export function useRuntimeWebSocket(url?: string): RuntimeWebSocketHandle {
  const client = useSessionsClient()
  const store = useMemo(() => createSocketStore(client, url), [client, url])
  const connectionState = useSyncExternalStore(store.subscribe, store.read, store.read)
  return useMemo(
    () => ({ connectionState, subscribe: store.follow, send: store.send }),
    [connectionState, store],
  )
}

type Following = {
  channel: string
  handler: ChannelHandler | ChannelHandler['onEvent']
  since: (() => number) | undefined
  stop: () => void
}

function createSocketStore(client: SessionsClient, url: string | undefined) {
  const open = new Set<ChannelSocket>()
  const following = new Set<Following>()
  const newest = (): ChannelSocket | undefined => [...open].at(-1)
  const start = (one: Following): void => {
    const since = one.since?.()
    one.stop =
      newest()?.subscribe(one.channel, one.handler, { ...(since !== undefined && { since }) }) ?? (() => {})
  }
  return {
    subscribe(listener: () => void) {
      const socket = client.connect(url)
      open.add(socket)
      const stop = socket.onState(listener)
      // What was followed before there was a socket, or on one that React has let go of.
      for (const one of following) start(one)
      return () => {
        stop()
        open.delete(socket)
        socket.close()
      }
    },
    read: (): ConnectionState => newest()?.state() ?? 'disconnected',
    send: (message: WsChannelControlMessage) => newest()?.send(message) ?? false,
    follow: (channel: string, handler: Following['handler'], { getSince }: { getSince?(): number } = {}) => {
      const one: Following = { channel, handler, since: getSince, stop: () => {} }
      following.add(one)
      start(one)
      return () => {
        following.delete(one)
        one.stop()
      }
    },
  }
}
