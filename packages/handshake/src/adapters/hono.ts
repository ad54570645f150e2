import type { Context, MiddlewareHandler } from 'hono'
import type { Handshake } from '../create.js'

/**
 * Middleware for Hono: `app.use(handshakeForHono(handshake))`. Requests that are not the plane's go on. On Node the
 * caller's address is taken from `@hono/node-server`; elsewhere pass `remoteAddress`.
 */
export function handshakeForHono(
  handshake: Handshake,
  { remoteAddress = addressOf }: { remoteAddress?: (context: Context) => string } = {},
): MiddlewareHandler {
  return async (context, next) => {
    const { pathname } = new URL(context.req.url)
    if (!handshake.owns(pathname)) return next()
    const address = handshake.clientAddress(remoteAddress(context), context.req.raw.headers)
    return handshake.fetch(context.req.raw, { remoteAddress: address })
  }
}

function addressOf(context: Context): string {
  const bindings = context.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined
  return bindings?.incoming?.socket?.remoteAddress ?? ''
}
