import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { eventually } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import { openPlane, type Plane } from '../plane.test.support.js'
import type { ThreadsOptions } from '../service/options.js'
import { openThreadsClient } from './create.js'
import { type Edge, edgeOf } from './edge.js'
import type { LiveThread, ThreadSnapshot, ThreadsClient, ThreadsClientOptions } from './types.js'

/** A port that can go away for a while. */
export type Line = {
  server: Server
  url: string
  /** Breaks every connection and lets nobody in. */
  cut(): void
  mend(): void
}

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** Listens on a free port; closed when the test is over. */
export async function openLine(listener: RequestListener, upgrade?: Upgrade): Promise<Line> {
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer(listener)
  if (upgrade) server.on('upgrade', upgrade)
  server.on('connection', (socket) => {
    if (isCut) return void socket.destroy()
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const destroyAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  onTestFinished(() => {
    destroyAll()
    server.close()
  })
  return {
    server,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => {
      isCut = true
      destroyAll()
    },
    mend: () => {
      isCut = false
    },
  }
}

/** A client that comes back quickly; closed when the test is over. */
export function openClient(options: ThreadsClientOptions, edge: Partial<Edge> = {}): ThreadsClient {
  const pauses = { minMs: 5, maxMs: 20 }
  const client = openThreadsClient(options, edgeOf({ pauses, ...edge }))
  onTestFinished(() => client.close())
  return client
}

export type PlaneServer = Plane & {
  line: Line
  client(who: string, options?: ThreadsClientOptions, edge?: Partial<Edge>): ThreadsClient
  say(who: string, threadId: string, words: string): Promise<void>
}

/** The real plane on a real port. */
export async function openPlaneServer(options: Partial<ThreadsOptions> = {}): Promise<PlaneServer> {
  const plane = await openPlane(options)
  const { threads, call } = plane
  const line = await openLine((request, response) => void threads.node(request, response), threads.upgrade)
  return {
    ...plane,
    line,
    client: (who, more, edge) => openClient({ url: line.url, token: who, ...more }, edge),
    say: async (who, threadId, words) => {
      const content = [{ type: 'text', text: words }]
      await call(who, 'POST', `/threads/${threadId}/messages`, { content })
    },
  }
}

/** Waits until a thread looks as wanted. */
export function until(
  thread: LiveThread,
  isThere: (snapshot: ThreadSnapshot) => boolean,
): Promise<ThreadSnapshot> {
  return eventually(() => {
    const snapshot = thread.snapshot()
    return isThere(snapshot) && snapshot
  })
}

export const untilLive = (thread: LiveThread): Promise<ThreadSnapshot> =>
  until(thread, ({ status }) => status === 'live')

/** What messages and streams of a timeline say, in order. */
export function wordsOf({ timeline }: ThreadSnapshot): string[] {
  return timeline.flatMap((item) => {
    if (item.kind === 'streaming') return [item.text]
    if (item.kind !== 'message' && item.kind !== 'pending') return []
    return item.content.map((part) => (part.type === 'text' ? part.text : part.type))
  })
}
