import type { Redis } from 'ioredis'

/** A connection that never comes back by itself: both of a bus are replaced together, or a gap would go unnoticed. */
export type Connection = {
  redis: Redis
  /** Resolves when commands can be sent; rejects with what was in the way. */
  open(): Promise<void>
  /** Resolves when its socket is closed. */
  ended: Promise<void>
  end(): Promise<void>
}

export async function connectionTo(url: string, onFault: (error: unknown) => void): Promise<Connection> {
  // WHY: loaded when it is needed, since most servers have no Redis.
  const { Redis } = await import('ioredis')
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    enableOfflineQueue: false,
    // WHY: a server that is loading its data carries messages already, and INFO may be forbidden.
    enableReadyCheck: false,
    disableClientInfo: true,
    // WHY: publishing and listening need no more, and every server knows it.
    protocol: 2,
  })
  const ended = new Promise<void>((resolve) => redis.once('end', () => resolve()))
  let reason: unknown
  let isOpen = false
  redis.on('error', (error) => {
    reason = error
    if (isOpen) onFault(error)
  })
  return {
    redis,
    ended,
    async open() {
      // The client rejects with "closed"; why it was closed it tells its listeners.
      await redis.connect().catch((error: unknown) => {
        throw reason ?? error
      })
      isOpen = true
    },
    end() {
      // WHY: on a closed socket this would start a timer that nobody stops.
      if (redis.status !== 'end' && redis.status !== 'close') redis.disconnect()
      return ended
    },
  }
}
