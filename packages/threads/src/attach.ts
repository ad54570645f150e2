import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Stop } from '@parley/kernel/ids'
import { destroyOnError, refuseUpgrade } from '@parley/kernel/socket'

/** What takes the requests of one path. */
export type Door = {
  owns(target: string | undefined): boolean
  request(request: IncomingMessage, response: ServerResponse): void
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

// The casts below: Node calls the listeners of these events with exactly these arguments.
type RequestListener = (request: IncomingMessage, response: ServerResponse) => void
type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/**
 * Puts a door before the listeners that a server has now: they get everything but the door's path. Answers how to take it
 * away again. Listeners that are added later see all requests, the door's included: attach after them.
 */
export function attachDoor(server: Server, door: Door): Stop {
  const stopRequests = intercept(server, 'request', (others: readonly RequestListener[]) => {
    return (request: IncomingMessage, response: ServerResponse) => {
      if (door.owns(request.url)) return door.request(request, response)
      for (const other of others) other.call(server, request, response)
    }
  })
  const stopUpgrades = intercept(server, 'upgrade', (others: readonly UpgradeListener[]) => {
    return (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (door.owns(request.url)) return door.upgrade(request, socket, head)
      for (const other of others) other.call(server, request, socket, head)
      // Nobody else would ever answer it.
      if (server.listenerCount('upgrade') === 1 && others.length === 0) {
        destroyOnError(socket)
        refuseUpgrade(socket, 400)
      }
    }
  })
  return () => {
    stopRequests()
    stopUpgrades()
  }
}

function intercept<Listener extends RequestListener | UpgradeListener>(
  server: Server,
  name: 'request' | 'upgrade',
  make: (others: readonly Listener[]) => Listener,
): Stop {
  const others = server.listeners(name) as Listener[]
  const first = make(others)
  for (const other of others) server.off(name, other)
  // In front of those that came meanwhile, if there are any.
  server.prependListener(name, first)
  let isAttached = true
  return () => {
    if (!isAttached) return
    isAttached = false
    server.off(name, first)
    for (const other of others.toReversed()) server.prependListener(name, other)
  }
}
