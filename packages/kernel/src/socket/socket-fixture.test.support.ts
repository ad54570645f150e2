import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket } from 'ws'
import { type Clock, systemIds } from '../ids/index.js'
import { type AcceptOptions, type Acceptor, type AcceptorOptions, createAcceptor } from './acceptor.js'
import type { Connection } from './connection.js'
import { createUpgradeRouter } from './upgrade-router.js'

export type Fixture = {
  acceptor: Acceptor
  url: string
  faults: unknown[]
  /** Connections in the order in which they came. */
  connections: Connection[]
  dial(): Promise<{ client: WebSocket; connection: Connection }>
  stop(): Promise<void>
}

type FixtureOptions = Partial<AcceptorOptions> & {
  clock: Clock
  accept?: Partial<AcceptOptions>
  onConnection?(connection: Connection): void
}

/** A real HTTP server on a free port whose every upgrade becomes a connection. */
export async function socketFixture(options: FixtureOptions): Promise<Fixture> {
  const { accept, onConnection = () => {}, ...acceptorOptions } = options
  const faults: unknown[] = []
  const connections: Connection[] = []
  const onFault = (error: unknown) => void faults.push(error)
  const acceptor = createAcceptor({ ids: systemIds, onFault, ...acceptorOptions })
  const router = createUpgradeRouter({ onFault })
  const anyPath = (url: URL) => url
  router.route(anyPath, (request, socket, head) => {
    const remoteAddress = request.socket.remoteAddress ?? ''
    const connection = acceptor.accept(request, socket, head, { remoteAddress, ...accept })
    if (!connection) return
    connections.push(connection)
    onConnection(connection)
  })
  const server = createServer()
  server.on('upgrade', router.handle)
  const url = `ws://127.0.0.1:${await listen(server)}/`
  const clients: WebSocket[] = []

  return {
    acceptor,
    url,
    faults,
    connections,
    dial: async () => {
      const client = new WebSocket(url)
      clients.push(client)
      const index = connections.length
      await new Promise((resolve, reject) => client.once('open', resolve).once('error', reject))
      const connection = connections[index]
      if (!connection) throw new Error('The server did not accept the connection.')
      return { client, connection }
    },
    stop: async () => {
      for (const client of clients) client.terminate()
      for (const connection of connections) connection.terminate()
      await acceptor.stop()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Starts a server on a free port. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // The cast: a server that listens on TCP has an AddressInfo.
  return (server.address() as AddressInfo).port
}
