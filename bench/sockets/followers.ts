// Many WebSocket clients in one process, on raw sockets: most only count bytes, a few look at every frame.
import { connect, type Socket } from 'node:net'
import { createArrivals } from './arrivals.js'

const sockets: Socket[] = []
const arrivals = createArrivals((payload) => {
  // The cast: both servers of the benchmark send these.
  const { n, at } = JSON.parse(payload) as { n: string; at: number }
  return { n: Number(n), at }
})

export const role = {
  /** Opens one socket for each path, a few at a time. `isSilent`: what comes is thrown away. */
  async connect({ port, paths, isSilent }: { port: number; paths: readonly string[]; isSilent: boolean }) {
    for (let from = 0; from < paths.length; from += 50) {
      const some = paths.slice(from, from + 50)
      sockets.push(...(await Promise.all(some.map((path) => open(port, path, arrivals.consumer(isSilent))))))
    }
  },
  measure: arrivals.measure,
  settled: arrivals.settled,
  async disconnect() {
    for (const socket of sockets.splice(0)) socket.destroy()
  },
}

function open(port: number, path: string, onBytes: (chunk: Buffer) => void): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => socket.write(handshake(path)))
    socket.once('error', reject)
    socket.once('data', (chunk) => {
      const end = chunk.indexOf('\r\n\r\n') + 4
      if (!chunk.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101')))
        return reject(new Error(chunk.toString()))
      socket.on('data', onBytes)
      if (chunk.length > end) onBytes(chunk.subarray(end))
      resolve(socket)
    })
  })
}

const handshake = (path: string): string =>
  `GET ${path} HTTP/1.1\r\nhost: bench\r\nconnection: upgrade\r\nupgrade: websocket\r\n` +
  'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
