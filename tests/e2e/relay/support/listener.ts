// A server that remembers what it was asked.
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export type Hit = { method: string; path: string; headers: IncomingHttpHeaders; body: string }
export type Listener = { origin: string; hits: Hit[] }

/** Listens on a free port of `host`; ends with the test. Answers 200 with the bytes `file` unless `answer` does. */
export async function listen(
  answer: (hit: Hit, response: ServerResponse) => void = (_, response) =>
    response.writeHead(200, { 'content-type': 'text/plain' }).end('file'),
  host = '127.0.0.1',
): Promise<Listener> {
  const hits: Hit[] = []
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const { method = '', url: path = '', headers } = request
    const hit = { method, path, headers, body: Buffer.concat(chunks).toString() }
    hits.push(hit)
    answer(hit, response)
  }
  const server = createServer((request, response) => void serve(request, response))
  server.listen(0, host)
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  // The cast: it listens on a port.
  return { origin: `http://${host}:${(server.address() as AddressInfo).port}`, hits }
}
