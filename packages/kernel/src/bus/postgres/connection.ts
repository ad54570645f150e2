// The bus's own connection: it listens on two channels and notifies. Opened again whenever it breaks.
import { hash } from 'node:crypto'
import { Socket } from 'node:net'
import pg from 'pg'
import { clientConfig } from '../../db/postgres/client-config.js'
import type { Clock, NodeId } from '../../ids/index.js'

const everybody = 'parley_bus'
const answerWithinMs = 10_000

/** The channel of one node, or of all. Node ids may have any form; channel names have at most 63 bytes. */
export function channelOf(node: NodeId | undefined): string {
  return node === undefined ? everybody : `parley_node_${hash('sha256', node, 'hex').slice(0, 40)}`
}

export type Notification = { channel: string; payload: string }

/** A connection that listens. */
export type Listening = {
  /** Sends notifications in one transaction, in order. Rejects when the connection broke. */
  notify(notifications: readonly Notification[]): Promise<void>
  /** Resolves when the connection has ended. */
  ended: Promise<void>
  end(): Promise<void>
}

export type ListenOptions = {
  url: string
  node: NodeId
  clock: Clock
  /** Told of the payloads of other nodes. */
  onPayload(payload: string): void
  onFault(error: unknown): void
}

/** Tries once to connect and to listen. */
export async function listen({ url, node, clock, onPayload, onFault }: ListenOptions): Promise<Listening> {
  const socket = new Socket()
  const client = new pg.Client({ ...clientConfig(url), stream: () => socket })
  const ended = new Promise<void>((resolve) => client.once('end', resolve))
  client.on('error', onFault)
  client.on('notification', ({ processId, payload = '' }) => {
    // Own notifications come back too: the server's id of this connection tells them.
    if (processId !== processIdOf(client)) onPayload(payload)
  })
  try {
    await client.connect()
    // WHY: a notification is delivered by its commit, and nothing here needs to survive a crash.
    await client.query(`set synchronous_commit = off; listen ${everybody}; listen ${channelOf(node)}`)
  } catch (error) {
    await client.end().catch(() => {})
    throw error
  }
  return {
    notify: (notifications) => notify(client, socket, clock, notifications),
    ended,
    end: () => client.end(),
  }
}

async function notify(client: pg.Client, socket: Socket, clock: Clock, all: readonly Notification[]) {
  const stop = clock.after(answerWithinMs, () => socket.destroy(new Error('No answer in time.')))
  try {
    await client.query({
      name: 'notify',
      text: 'select pg_notify(channel, payload) from unnest($1::text[], $2::text[]) t(channel, payload)',
      values: [all.map(({ channel }) => channel), all.map(({ payload }) => payload)],
    })
  } finally {
    stop()
  }
}

function processIdOf(client: pg.Client): number | undefined {
  return (client as unknown as { processID?: number }).processID
}
