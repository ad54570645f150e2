import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type Listener = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

/** Serves on a free port of loopback. What `listener` throws ends the process, and the benchmark with it. */
export async function serve(listener: Listener = () => {}): Promise<{ server: Server; port: number }> {
  const server = createServer(
    { keepAliveTimeout: 60_000 },
    (request, response) => void listener(request, response),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, port: (server.address() as AddressInfo).port }
}
