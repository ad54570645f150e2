// A lean load generator: raw keep-alive sockets, one request outstanding on each, in a process of its own.
import { connect, type Socket } from 'node:net'
import { quantile } from '../lib/stats.js'

export type LoadOptions = {
  port: number
  /** Whole requests, sent in turns. */
  requests: readonly string[]
  connections: number
  ms: number
}

/** `failed`: answers that were no 2xx. Latencies in milliseconds. */
export type LoadResult = { requests: number; perSecond: number; failed: number; p50: number; p99: number }

type Tally = { next(): Buffer; answered(isOk: boolean, ms: number): void }

export const role = {
  async run({ port, requests, connections, ms }: LoadOptions): Promise<LoadResult> {
    const bytes = requests.map((text) => Buffer.from(text))
    const taken: number[] = []
    let sent = 0
    let failed = 0
    const tally: Tally = {
      next: () => bytes[sent++ % bytes.length]!,
      answered: (isOk, time) => {
        taken.push(time)
        if (!isOk) failed += 1
      },
    }
    const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)))
    const began = performance.now()
    await Promise.all(sockets.map((socket) => drive(socket, tally, began + ms)))
    const seconds = (performance.now() - began) / 1000
    return {
      requests: taken.length,
      perSecond: taken.length / seconds,
      failed,
      p50: quantile(taken, 0.5),
      p99: quantile(taken, 0.99),
    }
  },
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}

/** Sends one request after the other until the time is up. */
function drive(socket: Socket, { next, answered }: Tally, until: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let sentAt = performance.now()
    let part: Buffer | undefined
    socket.once('error', reject)
    socket.on('data', (chunk) => {
      const answer = part ? Buffer.concat([part, chunk]) : chunk
      if (!isWhole(answer)) {
        part = answer
        return
      }
      part = undefined
      const now = performance.now()
      answered(answer[9] === 0x32, now - sentAt)
      sentAt = now
      if (now < until) socket.write(next())
      else socket.end(resolve)
    })
    socket.write(next())
  })
}

/** True when the answer is there to its end. Every answer of ours says its length. */
function isWhole(answer: Buffer): boolean {
  const end = answer.indexOf('\r\n\r\n')
  if (end < 0) return false
  const length = /content-length: (\d+)/i.exec(answer.toString('latin1', 0, end))?.[1]
  return answer.length >= end + 4 + Number(length ?? 0)
}
