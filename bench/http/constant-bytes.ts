// Answers constant bytes to whatever comes, without looking: what a load generator reaches when no server holds it up.

import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import type { Prepared } from './bare-http.js'

export const role = {
  async start({ body, headers }: Prepared) {
    const lines = Object.entries({ ...headers, 'content-length': Buffer.byteLength(body) })
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    const bytes = Buffer.from(`HTTP/1.1 200 OK\r\n${head}\r\n${body}`)
    const server = createServer({ noDelay: true }, (socket) => {
      socket.on('error', () => socket.destroy())
      socket.on('data', () => socket.write(bytes))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return { port: (server.address() as AddressInfo).port }
  },
}
