// The unix socket that the local host dials. Nobody but this user reaches it.
import { once } from 'node:events'
import { chmod, unlink } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { linkPath } from '../../protocol/index.js'

type Accept = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** Takes no new links. Those that are up are the plane's. */
export type StopListening = () => void

/** Throws when another server listens there. */
export async function listenForHost(path: string, accept: Accept): Promise<StopListening> {
  if (await answers(path)) throw new Error(`Another server has the host of ${path}.`)
  await unlink(path).catch(() => undefined)
  const server = createServer((_, response) => response.writeHead(404, { connection: 'close' }).end())
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.url === linkPath) accept(request, socket, head)
    else socket.destroy()
  })
  await listen(server, path)
  return () => {
    server.close()
    // A link is no request any more: it is not closed by this.
    server.closeAllConnections()
  }
}

async function listen(server: Server, path: string): Promise<void> {
  server.listen(path)
  await once(server, 'listening')
  await chmod(path, 0o600)
  // A server that has nothing else to do may end.
  server.unref()
}

/** True when somebody is listening: a socket that was left behind refuses. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    const done = (isThere: boolean) => {
      socket.destroy()
      resolve(isThere)
    }
    socket.once('connect', () => done(true))
    socket.once('error', () => done(false))
  })
}
