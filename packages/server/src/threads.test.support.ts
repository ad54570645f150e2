// Sockets and rooms of a server under test.

import { eventually } from '@parley/testkit'
import { type Identity, user } from '@parley/threads'
import { io, type Socket } from 'socket.io-client'
import { onTestFinished } from 'vitest'
import type { Answer, TestServer } from './server.test.support.js'

export const transports = ['websocket', 'polling'] as const
export type Transport = (typeof transports)[number]

export type ConnectOptions = {
  transport?: Transport
  /** Of the `auth` object. */
  token?: string
  headers?: Record<string, string>
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into frames as clients do.
export type Wire = any

export type Peer = {
  socket: Socket
  ask(name: string, payload: object): Promise<Wire>
  /** Resolves when an event of the room has come that fits. */
  until(fits: (event: Wire) => boolean): Promise<Wire>
}

/** Connects; rejects with what the server refused with. Closed with the test. */
export async function connect(
  { url }: { url: string },
  { transport = 'websocket', token, headers }: ConnectOptions = {},
): Promise<Peer> {
  const socket = io(url, {
    transports: [transport],
    forceNew: true,
    reconnection: false,
    ...(token !== undefined && { auth: { token } }),
    ...(headers && { extraHeaders: headers }),
  })
  onTestFinished(() => void socket.disconnect())
  const events: Wire[] = []
  socket.on('event', (event) => events.push(event))
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })
  return {
    socket,
    ask: (name, payload) => socket.emitWithAck(name, payload),
    until: (fits) => eventually(() => events.find(fits)),
  }
}

/** Why a connection was refused, as the code of the wire. */
export async function refusalOf(connecting: Promise<Peer>): Promise<string> {
  const error = await connecting.then(
    () => undefined,
    (reason: Error & { data?: { code: string } }) => reason,
  )
  return error ? (error.data?.code ?? error.message) : 'connected'
}

/** Creates a room; answers its id. */
export async function newRoom(
  server: TestServer,
  key: string | undefined,
  tenant: Record<string, string> = {},
): Promise<string> {
  const answer = await server.call('/acp/threads', { ...(key !== undefined && { key }), body: { tenant } })
  if (answer.status !== 201) throw new Error(`no room: ${answer.text}`)
  return String(answer.body.id)
}

/** A key with scopes inside a tenant. */
export async function newTenantKey(
  server: TestServer,
  tenant: Record<string, string>,
  ...scopes: string[]
): Promise<{ id: string; key: string }> {
  const { body } = await server.call('/parley/v1/keys', { body: { name: 'tenant', scopes, tenant } })
  // The cast: what the route answers.
  return body as { id: string; key: string }
}

/** Somebody of a tenant, as an app knows them. */
export const someone = (id: string, tenant: Record<string, string> = {}): Identity =>
  user({ id, name: id, metadata: { tenant } })

/** Makes an act-as token. */
export const mint = (
  server: TestServer,
  identity: object,
  { key, ttl_seconds }: { key?: string; ttl_seconds?: number } = {},
): Promise<Answer> =>
  server.call('/parley/v1/threads/tokens', {
    ...(key !== undefined && { key }),
    body: { identity, ttl_seconds },
  })

export const say = (words: string) => ({ content: [{ type: 'text', text: words }] })
