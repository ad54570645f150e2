import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Handshake } from '../create.js'

type Listener = (...args: unknown[]) => void

/**
 * Mounts the plane into a `node:http` server whose other requests and upgrades stay with the listeners it
 * has: `handshakeForNode(handshake, server)`. Answers how to take it out again.
 */
export function handshakeForNode(handshake: Handshake, server: Server): () => void {
  const others = take(server, 'request')
  const otherUpgrades = take(server, 'upgrade')

  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    if (handshake.owns(request.url ?? '/')) void handshake.node(request, response)
    else if (others.length > 0) for (const other of others) other.call(server, request, response)
    else response.writeHead(404).end()
  }
  const onUpgrade: typeof handshake.upgrade = (request, socket, head) => {
    if (otherUpgrades.length === 0 || handshake.owns(request.url ?? '/'))
      handshake.upgrade(request, socket, head)
    else for (const other of otherUpgrades) other.call(server, request, socket, head)
  }
  server.on('request', onRequest).on('upgrade', onUpgrade)
  return () => {
    server.off('request', onRequest).off('upgrade', onUpgrade)
    for (const other of others) server.on('request', other)
    for (const other of otherUpgrades) server.on('upgrade', other)
  }
}

/** Takes the listeners of an event off. */
function take(server: Server, event: 'request' | 'upgrade'): Listener[] {
  const listeners = server.rawListeners(event) as Listener[]
  server.removeAllListeners(event)
  return listeners
}
