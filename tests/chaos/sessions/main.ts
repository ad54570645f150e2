// The server of the sessions plane that the chaos tests kill. Argument: the JSON of `ServerSetup`. Prints `{"url"}` when it
// listens; on SIGTERM it stops in order, and its host and agents go on.
import { writeSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openGround } from '@parley/kernel/ground'
import type { Principal } from '@parley/kernel/principal'
import { createSessions } from '@parley/sessions'
import { localRuntime } from '@parley/sessions/runtimes'
import type { ServerSetup } from './server.js'

// The cast: the parent wrote it.
const { database, hostDir, workspace } = JSON.parse(process.argv[2]!) as ServerSetup
const owner: Principal = { kind: 'user', id: 'owner', tenant: {}, scopes: ['*'] }
const tellFault = (error: unknown, where: string) => console.error(where, error)
const ground = await openGround({ database, onFault: tellFault })
const sessions = createSessions({
  ground,
  authenticate: () => owner,
  runtimes: { local: localRuntime({ dataDir: hostDir, cwd: workspace, roots: [workspace] }) },
  onFault: tellFault,
})
await sessions.ready

const server = createServer((request, response) => void sessions.node(request, response))
server.on('upgrade', sessions.upgrade)
server.listen(0, '127.0.0.1', () => {
  // The cast: a server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo
  writeSync(1, `${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`)
})

process.once('SIGTERM', () => void stop())

async function stop(): Promise<void> {
  server.close()
  await sessions.stop()
  server.closeAllConnections()
  await ground.close()
}
