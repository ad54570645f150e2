// Many WebSocket clients in one process, on raw sockets: most only count bytes, a few look at every frame.
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { quantile } from '../lib/stats.js'
import { createFrameReader } from './frame-reader.js'

/** How many clients read every frame; the others' frames are counted by their length. */
const readers = 10
/** How long a measurement waits for its first frame. */
const noFrameMs = 30_000

/** `gaps`: events that a reader missed or saw twice. Latencies in milliseconds, over the readers. */
export type Received = { frames: number; seconds: number; gaps: number; p50: number; p99: number }

const sockets: Socket[] = []
let bytes = 0
let readBytes = 0
let readFrames = 0
let gaps = 0
let latencies: number[] = []

export const role = {
  /** Opens one socket for each path, a few at a time. `isSilent`: what comes is thrown away. */
  async connect({ port, paths, isSilent }: { port: number; paths: readonly string[]; isSilent: boolean }) {
    const every = Math.max(1, Math.floor(paths.length / readers))
    for (let from = 0; from < paths.length; from += 50) {
      const some = paths.slice(from, from + 50)
      sockets.push(
        ...(await Promise.all(
          some.map((path, n) => open(port, path, consumer(!isSilent && (from + n) % every === 0))),
        )),
      )
    }
  },
  /**
   * Counts what arrives during `ms`, and longer when nothing has: a busy machine may need more than a short run's time
   * for its first frame. All frames must have the same length. Rejects when nothing comes for half a minute.
   */
  async measure({ ms }: { ms: number }): Promise<Received> {
    const before = { bytes, readBytes, readFrames, gaps, at: performance.now() }
    latencies = []
    await sleep(ms)
    while (readFrames === before.readFrames) {
      if (performance.now() - before.at > noFrameMs) throw new Error('No frame has arrived.')
      await sleep(5)
    }
    const seconds = (performance.now() - before.at) / 1000
    const frameBytes = (readBytes - before.readBytes) / (readFrames - before.readFrames)
    return {
      frames: (bytes - before.bytes) / frameBytes,
      seconds,
      gaps: gaps - before.gaps,
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
    }
  },
  /** Resolves when nothing has arrived for a while. */
  async settled() {
    for (let seen = -1; seen !== bytes; ) {
      seen = bytes
      await sleep(60)
    }
  },
  async disconnect() {
    for (const socket of sockets.splice(0)) socket.destroy()
  },
}

function consumer(reads: boolean): (chunk: Buffer) => void {
  const count = (chunk: Buffer) => {
    bytes += chunk.length
  }
  if (!reads) return count
  let last: number | undefined
  const take = createFrameReader((payload) => {
    const { n, at } = JSON.parse(payload) as { n: string; at: number }
    latencies.push(performance.timeOrigin + performance.now() - at)
    if (last !== undefined && Number(n) !== last + 1) gaps += 1
    last = Number(n)
    readFrames += 1
  })
  return (chunk) => {
    count(chunk)
    readBytes += chunk.length
    take(chunk)
  }
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
