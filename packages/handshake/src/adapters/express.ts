import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Handshake } from '../create.js'

type Next = (error?: unknown) => void

/**
 * Middleware for Express 5 and Connect: `app.use(handshakeForExpress(handshake))`, mounted at the root. Requests that
 * are not the plane's go on. Sockets: `server.on('upgrade', handshake.upgrade)`.
 */
export function handshakeForExpress(handshake: Handshake) {
  return (request: IncomingMessage, response: ServerResponse, next: Next): void => {
    if (handshake.owns(request.url ?? '/')) handshake.node(request, response).catch(next)
    else next()
  }
}
