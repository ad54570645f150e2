// A reverse proxy as it stands before a server: another name, TLS ended in front of it, sockets passed on.
import { once } from 'node:events'
import { createServer, request as forward, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'

export type ReverseProxy = { authority: string; close(): Promise<void> }

/** Passes on everything to `target` (`127.0.0.1:4711`) and says what clients asked for, which was https. */
export async function openReverseProxy(target: string): Promise<ReverseProxy> {
  const [host = '', port = ''] = target.split(':')
  const to = { host, port: Number(port) }
  const added = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.7' }
  const server = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming
    const onward = forward({ ...to, method, path, headers: { ...headers, ...added } }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      outgoing.flushHeaders()
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    outgoing.on('close', () => onward.destroy())
    incoming.pipe(onward)
  })
  server.on('upgrade', (incoming: IncomingMessage, socket, head) => {
    const onward = connect(to, () => {
      const headers = Object.entries({ ...incoming.headers, ...added })
      const lines = headers.map(([name, value]) => `${name}: ${value}`)
      onward.write(`GET ${incoming.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
      onward.write(head)
      onward.pipe(socket).pipe(onward)
    })
    for (const [one, other] of [
      [onward, socket],
      [socket, onward],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    // The cast: it listens on a port.
    authority: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
