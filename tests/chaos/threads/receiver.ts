import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Random } from '../../fuzz/random.js'
import type { Seen } from './evidence.js'

/** Takes webhooks, and fails now and then. */
export type Receiver = {
  url: string
  /** What it took of a thread, in the order of arrival. */
  taken(threadId: string): readonly Seen[]
  /** How many requests came. */
  requests(): number
  close(): Promise<void>
}

type Taken = Seen & { thread_id: string }

/** One in so many is answered with 500, and comes again. */
const failsOneIn = 400

export async function openReceiver(random: Random): Promise<Receiver> {
  const taken: Taken[] = []
  let requests = 0
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await textOf(request)
    requests++
    const isFailing = random.chance(1 / failsOneIn)
    // The cast: a webhook's body is the plane's own.
    if (!isFailing) taken.push((JSON.parse(body) as { data: Taken }).data)
    response.writeHead(isFailing ? 500 : 204).end()
  }
  const server = createServer((request, response) => {
    // A sender that is killed in the middle has sent nothing.
    take(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // The cast: a server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/in`,
    taken: (threadId) =>
      taken.filter(({ thread_id }) => thread_id === threadId).map(({ id, seq }) => ({ id, seq })),
    requests: () => requests,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
