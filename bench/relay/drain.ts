import { sized } from '../lib/budget.js'
import { startChild } from '../lib/child.js'
import type { Benchmark, Context } from '../lib/context.js'
import { compare, type Measured } from '../lib/measured.js'
import { watchGrowth } from '../lib/resident.js'
import { takeTurns } from '../lib/rounds.js'
import type { role as BareConnector } from './bare-connector.js'
import type { role as RelayServer } from './relay-server.js'
import { startClient } from './starting.js'

/** `growth`: of the server's resident memory at most, in KiB. */
type Sample = { perSecond: number; growth: number }
type Shape = { count: number; drainWindow: number }

export const relayDrain: Benchmark = {
  name: 'relay-drain',
  about:
    'a backlog of 100,000 events, drained in order by one gateway, against a bare ws server with the frames in memory and an ack each',
  run: async (context) => {
    const lines: Measured[] = []
    for (const drainWindow of [1, 64])
      lines.push(
        ...(await measure(context, { count: sized(context.budget, 100_000, 10_000, 200), drainWindow })),
      )
    return lines
  },
}

async function measure(context: Context, shape: Shape): Promise<Measured[]> {
  const { ours, bare } = await takeTurns(sized(context.budget, 2, 1, 1), {
    ours: () => drainOurs(context, shape),
    bare: () => drainBare(context, shape),
  })
  const what = `${shape.count.toLocaleString('en')} events, window ${shape.drainWindow}`
  const line = (unit: Measured['unit'], of: keyof Sample, more = '') =>
    compare({
      what: what + more,
      unit,
      ours: ours.map((sample) => sample[of]),
      baseline: { name: 'bare ws', values: bare.map((sample) => sample[of]) },
    })
  return [line('/s', 'perSecond'), line('KiB', 'growth', ', resident growth of the server, at most')]
}

async function drainOurs(context: Context, { count, drainWindow }: Shape): Promise<Sample> {
  const server = await startChild<typeof RelayServer>(context, 'relay-server')
  const database = await context.folder()
  const { port, credentials } = await server.call('start', { database, gateways: 1, drainWindow })
  await server.call('fill', { count })
  await server.memory()
  const stop = watchGrowth(server.pid)
  const client = await startClient(context, port, credentials)
  const received = await client.call('received', { count })
  const growth = stop() ?? Number.NaN
  await server.call('settled', undefined)
  await client.stop()
  await server.stop()
  return { perSecond: rateOf(received, count), growth }
}

async function drainBare(context: Context, { count, drainWindow }: Shape): Promise<Sample> {
  const server = await startChild<typeof BareConnector>(context, 'bare-connector')
  const { port } = await server.call('start', undefined)
  const client = await startClient(context, port, [{ gatewayId: 'gw', secret: '' }])
  const stop = watchGrowth(server.pid)
  const [received] = await Promise.all([
    client.call('received', { count }),
    server.call('drain', { count, inFlight: drainWindow }),
  ])
  const growth = stop() ?? Number.NaN
  await client.stop()
  await server.stop()
  return { perSecond: rateOf(received, count), growth }
}

/** What is lost, comes twice or in another order would be fast for nothing. */
function rateOf(received: { count: number; seconds: number; isInOrder: boolean }, count: number): number {
  if (received.count !== count || !received.isInOrder)
    throw new Error(`${received.count} of ${count} events came, in order: ${received.isInOrder}.`)
  return count / received.seconds
}
