import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A request as it arrived. */
export type Received = {
  headers: IncomingHttpHeaders
  /** The exact text. */
  body: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies as receivers do.
  json: any
}

type Answer = { status: number; headers?: Record<string, string> }

export type Receiver = {
  url: string
  received: Received[]
  /** Types of the events that came, in order. */
  types(): string[]
  /** What it answers from now on; default 204. */
  answer(how: (request: Received) => Answer | Promise<Answer>): void
}

/** Something that takes webhooks, over real HTTP on this machine; closed when the test is over. */
export async function openReceiver(): Promise<Receiver> {
  const received: Received[] = []
  let answer: (request: Received) => Answer | Promise<Answer> = () => ({ status: 204 })
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    const one = { headers: request.headers, body, json: JSON.parse(body) }
    received.push(one)
    const { status, headers = {} } = await answer(one)
    response.writeHead(status, headers).end()
  }
  const server = createServer((request, response) => {
    take(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  // The cast: it listens on a port.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/in`,
    received,
    types: () => received.map(({ json }) => json.event.type),
    answer: (how) => {
      answer = how
    },
  }
}
