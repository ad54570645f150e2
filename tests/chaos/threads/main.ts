// One node of the threads plane, which the chaos test kills. Argument: the JSON of `NodeSetup`. Prints `{"url"}` when it
// listens; on SIGTERM it stops in order.
import { writeSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openGround } from '@parley/kernel/ground'
import { createThreads, user } from '@parley/threads'
import { handlers } from './assistants.js'
import type { NodeSetup } from './nodes.js'

// The cast: the parent wrote it.
const { database, redisUrl, replayCap } = JSON.parse(process.argv[2]!) as NodeSetup
const tellFault = (error: unknown, where: string) => console.error(where, error)
const ground = await openGround({ database, bus: 'redis', redisUrl, onFault: tellFault })
const threads = createThreads({
  ground,
  authenticate: ({ headers, auth }) => {
    const name = headers.authorization?.replace(/^Bearer /, '') ?? auth.token
    return typeof name === 'string' ? user({ id: name, name }) : null
  },
  replayCap,
  // Few identities do much.
  limits: { writesPer10Seconds: 1_000_000 },
  webhooks: { allowPrivateAddresses: true },
  onFault: tellFault,
})
for (const [id, handler] of Object.entries(handlers)) threads.assistant(id, handler)
await threads.ready

const server = createServer((request, response) => void threads.node(request, response))
server.on('upgrade', threads.upgrade)
server.listen(0, '127.0.0.1', () => {
  // The cast: a server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo
  writeSync(1, `${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`)
})

process.once('SIGTERM', () => void stop())

async function stop(): Promise<void> {
  server.close()
  await threads.stop()
  server.closeAllConnections()
  await ground.close()
}
