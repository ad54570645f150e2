import { connect } from 'node:net'

/** How a client goes: it says that it is done and listens on, or it just goes. */
type Manner = 'half-close' | 'reset'

/** To pick one from: most say goodbye. */
export const manners: readonly Manner[] = ['half-close', 'half-close', 'reset']

type Speech = { url: string; bytes: string; manner: Manner; deadlineMs: number }

/**
 * Says bytes (latin1) to a server and goes. Resolves with `<kind> <manner>`, or with `fault: …` for an answer of 5xx; rejects
 * when a half-closed connection is still held after the deadline.
 */
export function speakBytes({ url, bytes, manner, deadlineMs }: Speech, kind: string): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
    let received = ''
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error(`a half-closed connection was held open after ${JSON.stringify(bytes.slice(0, 120))}`))
    }, deadlineMs)
    const end = () => {
      clearTimeout(timer)
      socket.destroy()
      resolve(/^HTTP\/1\.1 5\d\d/.test(received) ? `fault: ${received.slice(0, 80)}` : `${kind} ${manner}`)
    }
    socket.on('connect', () => {
      socket.write(bytes, 'latin1', () => (manner === 'reset' ? end() : socket.end()))
    })
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1')
    })
    socket.on('end', end)
    socket.on('error', end)
  })
}
