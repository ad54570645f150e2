// One connector, which the soak kills. Argument: the JSON of `NodeSetup`. Prints `{"url"}` when it listens; on SIGTERM it stops in
// order. Beside the plane's own doors it has `POST /sim`, by which the test writes as a person and breaks the platform.
import { writeSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isParleyError } from '@parley/kernel/errors'
import { openGround } from '@parley/kernel/ground'
import { createRelay } from '@parley/relay'
import type { NodeSetup, SimCall } from './nodes.js'

// The cast: the parent wrote it.
const { database, redisUrl, key } = JSON.parse(process.argv[2]!) as NodeSetup
const tellFault = (error: unknown, where: string) => console.error(where, error)
const ground = await openGround({ database, bus: 'redis', redisUrl, onFault: tellFault })
const relay = createRelay({ ground, key, onFault: tellFault })
await relay.ready
const { operator } = await relay.service()

const server = createServer((request, response) => {
  if (request.url === '/sim') void answerSim(request, response)
  else void relay.node(request, response)
})
server.on('upgrade', relay.upgrade)
server.listen(0, '127.0.0.1', () => {
  // The cast: a server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo
  writeSync(1, `${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`)
})

process.once('SIGTERM', () => void stop())

async function answerSim(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    // The cast: the parent wrote it.
    const answer = await doSim(JSON.parse(Buffer.concat(chunks).toString()) as SimCall)
    response.end(JSON.stringify(answer))
  } catch (error) {
    if (!isParleyError(error)) tellFault(error, 'sim')
    response.statusCode = isParleyError(error) ? error.status : 500
    response.end(JSON.stringify(String(error)))
  }
}

async function doSim({ bot, said, faults }: SimCall): Promise<unknown> {
  const sim = operator.sim({}, bot)
  if (!sim) throw new Error('the simulated bot is not open')
  return said ? await sim.say(said) : sim.faults(faults)
}

async function stop(): Promise<void> {
  server.close()
  await relay.stop()
  server.closeAllConnections()
  await ground.close()
}
