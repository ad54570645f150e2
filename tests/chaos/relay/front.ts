import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Random } from '../../fuzz/random.js'
import type { Nodes } from '../nodes.js'

/** One address that leads to whichever connector is up, as a load balancer's does. */
export type Front = { url: string; close(): Promise<void> }

export async function openFront(nodes: Nodes, random: Random): Promise<Front> {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
  }
  const server = createServer((inner) => {
    keep(inner)
    const url = nodes.any(random)
    if (!url) return void inner.destroy()
    const outer = connect(Number(new URL(url).port), '127.0.0.1')
    keep(outer)
    inner.setNoDelay().pipe(outer).pipe(inner)
    // Whoever is killed is gone on the other side too.
    inner.on('close', () => outer.destroy())
    outer.setNoDelay().on('close', () => inner.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // The cast: a server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
