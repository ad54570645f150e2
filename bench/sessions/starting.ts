import { fileURLToPath } from 'node:url'
import { type Child, startChild } from '../lib/child.js'
import type { Context } from '../lib/context.js'
import type { role as BareAcp } from './bare-acp.js'
import type { role as SessionsServer } from './sessions-server.js'
import type { role as Viewer } from './viewer.js'

/** The plane in a process of its own, its host's, and a client on its channel socket. */
export type Plane = {
  server: Child<typeof SessionsServer>
  viewer: Child<typeof Viewer>
  hostPid: number
  port: number
  folder: string
  stop(): Promise<void>
}

/** How the agent of the benchmarks is started. */
export const agentCommand = [process.execPath, fileURLToPath(new URL('./agent/main.js', import.meta.url))]

export async function startPlane(context: Context): Promise<Plane> {
  const folder = await context.folder()
  const server = await startChild<typeof SessionsServer>(context, 'sessions-server')
  const { port, hostPid } = await server.call('start', { at: folder, profileTo: context.profileTo })
  const viewer = await startViewer(context, port)
  const stop = async () => {
    await viewer.stop()
    await server.stop()
  }
  return { server, viewer, hostPid, port, folder, stop }
}

export async function startViewer(context: Context, port: number): Promise<Child<typeof Viewer>> {
  const viewer = await startChild<typeof Viewer>(context, 'sessions-viewer')
  await viewer.call('connect', { port })
  return viewer
}

/** Agents that the SDK alone has started. */
export async function startBare(
  context: Context,
  command: readonly string[],
  count: number,
): Promise<Child<typeof BareAcp>> {
  const bare = await startChild<typeof BareAcp>(context, 'bare-acp')
  await bare.call('open', { command, count })
  return bare
}
