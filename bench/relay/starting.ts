import { type Child, startChild } from '../lib/child.js'
import type { Context } from '../lib/context.js'
import { startPostgres } from '../lib/postgres.js'
import type { role as BareConnector } from './bare-connector.js'
import type { Credentials } from './frames.js'
import type { role as Gateway } from './gateway.js'
import type { role as RelayServer } from './relay-server.js'

export type Client = Child<typeof Gateway>
/** A server, and the process of its gateways, of which all are connected. */
export type Ours = { server: Child<typeof RelayServer>; client: Client; stop(): Promise<void> } & Started
export type Bare = { server: Child<typeof BareConnector>; client: Client; stop(): Promise<void> } & Started
type Started = { port: number; webhookPath: string }

/** A database of each kind that there is here. */
export async function engines(context: Context): Promise<{ engine: string; database: string }[]> {
  const url = await startPostgres(context)
  const sqlite = { engine: 'SQLite', database: await context.folder() }
  return url ? [sqlite, { engine: 'Postgres', database: url }] : [sqlite]
}

/** `chats`: so many that the first gateway may answer in. */
export type OursOptions = { database: string; gateways?: number; chats?: number }

export async function startOurs(
  context: Context,
  { database, gateways = 1, chats = 0 }: OursOptions,
): Promise<Ours> {
  const server = await startChild<typeof RelayServer>(context, 'relay-server')
  const { port, credentials, webhookPath } = await server.call('start', { database, gateways })
  await server.call('openChats', { count: chats })
  const client = await startClient(context, port, credentials)
  await server.call('settled', undefined)
  return { server, client, port, webhookPath, stop: stopping(client, server) }
}

export async function startBare(context: Context, gateways = 1): Promise<Bare> {
  const server = await startChild<typeof BareConnector>(context, 'bare-connector')
  const { port } = await server.call('start', undefined)
  const credentials = Array.from({ length: gateways }, (_, n) => ({ gatewayId: `gw-${n}`, secret: '' }))
  const client = await startClient(context, port, credentials)
  return { server, client, port, webhookPath: '/', stop: stopping(client, server) }
}

export async function startClient(
  context: Context,
  port: number,
  gateways: readonly Credentials[],
): Promise<Client> {
  const client = await startChild<typeof Gateway>(context, 'relay-gateway')
  await client.call('connect', { port, gateways })
  return client
}

const stopping = (client: Client, server: { stop(): Promise<void> }) => async () => {
  await client.stop()
  await server.stop()
}
