// Somebody's receiver of webhooks: keeps what comes as bytes, and answers as it is told.
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = {
  method: string
  path: string
  headers: IncomingHttpHeaders
  bytes: Buffer
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies as receivers do.
  body: any
}

type Reply = 'hang up' | { status: number; headers?: Record<string, string> }
type How = (one: Received, n: number) => Reply | Promise<Reply>

export type Receiver = {
  url: string
  received: Received[]
  /** Decides what is answered from now on; default 200. A promise holds the answer back. */
  answer(how: How): void
  close(): Promise<void>
}

export async function openReceiver(): Promise<Receiver> {
  const received: Received[] = []
  let reply: How = () => ({ status: 200 })
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const bytes = Buffer.concat(await request.toArray())
    const { method = '', url: path = '', headers } = request
    const one = { method, path, headers, bytes, body: JSON.parse(bytes.toString('utf8')) }
    received.push(one)
    const answer = await reply(one, received.length)
    if (answer === 'hang up') request.socket.destroy()
    else response.writeHead(answer.status, answer.headers).end()
  }
  const server = createServer((request, response) => void take(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // The cast: it listens on a port.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`
  return {
    url,
    received,
    answer: (how) => {
      reply = how
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

/** What the signature over these bytes has to be, by nothing of ours. */
export const hmacOf = (secret: string, bytes: Buffer): string =>
  `sha256=${createHmac('sha256', Buffer.from(secret, 'utf8')).update(bytes).digest('hex')}`
