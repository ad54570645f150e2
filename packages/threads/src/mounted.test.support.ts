import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Threads } from './create.js'
import { type ConnectOptions, connectTo, type Peer } from './socket/door.test.support.js'

/** A plane on a server of its own, by both of its doors. */
export type Mounted = {
  url: string
  /** Connects as somebody; rejects with the library's error when refused. */
  connect(who: string, options?: ConnectOptions): Promise<Peer>
}

/** Serves a plane until the test is over. */
export async function mount(threads: Threads): Promise<Mounted> {
  const server = createServer((request, response) => void threads.node(request, response))
  server.on('upgrade', threads.upgrade)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  // The cast: a server that listens on a port has an address with one.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, connect: (who, options) => connectTo(url, who, options) }
}
