import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eventually } from '@parley/testkit'
import { io, type Socket } from 'socket.io-client'
import { onTestFinished } from 'vitest'
import { openPlane, type Plane, people } from '../plane.test.support.js'
import type { ThreadsDeps } from '../service/deps.js'
import { type Authenticate, resolveOptions, type ThreadsOptions } from '../service/options.js'
import { sqlThreadStore } from '../store/index.js'
import type { SocketLimits } from './limits.js'
import { createThreadsSockets, type ThreadsSockets } from './sockets.js'

export type Transport = 'websocket' | 'polling'

/** What came over the wire: tests look into it as they please. */
// biome-ignore lint/suspicious/noExplicitAny: what it is, the expectations say.
export type Wire = any

/** What a peer was sent: the event's name, then its payload. */
export type Frame = [name: string, payload: Wire]

/** One socket, with everything it was sent. */
export class Peer {
  readonly frames: Frame[] = []
  readonly socket: Socket

  constructor(socket: Socket) {
    this.socket = socket
    socket.onAny((name: string, payload: unknown) => this.frames.push([name, payload]))
  }

  ask(name: string, ...args: unknown[]): Promise<Wire> {
    return this.socket.emitWithAck(name, ...args)
  }

  join(threadId: string, since?: object): Promise<Wire> {
    return this.ask('thread:join', { thread_id: threadId, ...(since && { since }) })
  }

  get names(): string[] {
    return this.frames.map(([name, { type, status }]) => [name, type ?? status].filter(Boolean).join(' '))
  }

  of(name: string): Wire[] {
    return this.frames.filter((frame) => frame[0] === name).map(([, payload]) => payload)
  }

  /** Waits until so many frames of a name have come. */
  until(name: string, count = 1): Promise<Wire[]> {
    return eventually(() => this.of(name).length >= count && this.of(name))
  }

  untilGone(): Promise<boolean> {
    return eventually(() => this.socket.disconnected)
  }
}

export type ConnectOptions = {
  namespace?: string
  transport?: Transport
  headers?: Record<string, string>
  auth?: object
}

export type Door = Plane & {
  sockets: ThreadsSockets
  url: string
  /** Connects as somebody; rejects with the library's error when refused. */
  connect(who: string, options?: ConnectOptions): Promise<Peer>
  send(who: string, threadId: string, words: string): Promise<Wire>
}

const authenticateByName: Authenticate = ({ headers, auth }) => {
  const name = headers.authorization?.replace(/^Bearer /, '') ?? auth.token
  return typeof name === 'string' && Object.hasOwn(people, name) ? people[name]! : null
}

/** A plane with a Socket.IO door on a real server; closed when the test is over. */
export async function openDoor(
  given: Partial<ThreadsOptions> = {},
  limits: Partial<SocketLimits> = {},
): Promise<Door> {
  const options = { authenticate: authenticateByName, ...given }
  const plane = await openPlane(options)
  // The door needs neither rates nor assistants: what changes something goes through the service.
  const deps = {
    ground: plane.ground,
    store: sqlThreadStore(plane.ground.db),
    options: resolveOptions(options),
    onFault: (error: unknown) => plane.faults.push(error),
  } as unknown as ThreadsDeps
  const sockets = createThreadsSockets({ deps, service: await plane.threads.service(), limits })
  const url = await listen(sockets)
  onTestFinished(() => sockets.stop())

  const connect: Door['connect'] = (who, how) => connectTo(url, who, how, deps.options.socketPath)
  const send: Door['send'] = async (who, threadId, words) => {
    const content = [{ type: 'text', text: words }]
    return (await plane.call(who, 'POST', `/threads/${threadId}/messages`, { content })).body
  }
  return { ...plane, sockets, url, connect, send }
}

/** Connects to a server as somebody until the test is over; rejects with the library's error when refused. */
export async function connectTo(
  url: string,
  who: string,
  { namespace = '/', transport = 'websocket', headers, auth = { token: who } }: ConnectOptions = {},
  path = '/socket.io',
): Promise<Peer> {
  const socket = io(url + namespace, {
    forceNew: true,
    reconnection: false,
    transports: [transport],
    path,
    auth,
    ...(headers && { extraHeaders: headers }),
  })
  onTestFinished(() => void socket.disconnect())
  const peer = new Peer(socket)
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })
  return peer
}

async function listen(sockets: ThreadsSockets): Promise<string> {
  const server = createServer((request, response) => {
    if (sockets.owns(request.url!)) sockets.handleRequest(request, response)
    else response.writeHead(404).end()
  })
  server.on('upgrade', (request, socket, head) => sockets.handleUpgrade(request, socket, head))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
