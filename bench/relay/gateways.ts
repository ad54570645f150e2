import { sized } from '../lib/budget.js'
import { type Child, startChild } from '../lib/child.js'
import type { Benchmark, Context } from '../lib/context.js'
import { compare, type Measured } from '../lib/measured.js'
import { takeTurns } from '../lib/rounds.js'
import type { role as BareConnector } from './bare-connector.js'
import type { Credentials } from './frames.js'
import type { role as Gateway } from './gateway.js'
import type { role as RelayServer } from './relay-server.js'

type Memory = { rss: number; heap: number }
type Pacing = { perSecond: number; ms: number; gateways: number }
/** A server that is up, and who may connect to it. */
type Target = {
  port: number
  credentials: readonly Credentials[]
  memory(): Promise<Memory>
  pace(pacing: Pacing): Promise<unknown>
  stop(): Promise<void>
}
/** KiB for each gateway; milliseconds from the platform to a gateway while all are connected. */
type Sample = Memory & { p50: number; p99: number }

export const relayGateways: Benchmark = {
  name: 'relay-gateways',
  about:
    'memory for each of 1,000 idle gateways, and how old an event is at one of them, against a bare ws server',
  run: async (context) => {
    const count = sized(context.budget, 1_000, 1_000, 20)
    const { ours, bare } = await takeTurns(sized(context.budget, 5, 2, 1), {
      ours: async () => measure(context, await startOurs(context, count)),
      bare: async () => measure(context, await startBare(context, count)),
    })
    const line = (what: string, unit: Measured['unit'], of: keyof Sample, aim?: Measured['aim']) =>
      compare({
        what: `${count.toLocaleString('en')} gateways, ${what}`,
        unit,
        ours: ours.map((sample) => sample[of]),
        baseline: { name: 'bare ws', values: bare.map((sample) => sample[of]) },
        ...(aim && { aim }),
      })
    const aim = { of: 'ratio', atMost: 1.5 } as const
    return [
      line('resident', 'KiB', 'rss', aim),
      line('heap', 'KiB', 'heap', aim),
      line(`${perSecondOf(context)} events/s, age of one, p50`, 'ms', 'p50'),
      line(`${perSecondOf(context)} events/s, age of one, p99`, 'ms', 'p99'),
    ]
  },
}

const perSecondOf = ({ budget }: Context): number => sized(budget, 200, 200, 100)

/** A fresh server each time: memory that was used once is seldom given back. */
async function startOurs(context: Context, gateways: number): Promise<Target> {
  const database = await context.folder()
  const maker = await startChild<typeof RelayServer>(context, 'relay-server')
  const { credentials } = await maker.call('start', { database, gateways })
  // WHY: what was used for making them, and is free again, would be taken for nothing.
  await maker.stop()
  const server = await startChild<typeof RelayServer>(context, 'relay-server')
  const { port } = await server.call('start', { database, gateways: 0 })
  return { ...server, port, credentials, pace: (pacing) => server.call('pace', pacing) }
}

async function startBare(context: Context, gateways: number): Promise<Target> {
  const server = await startChild<typeof BareConnector>(context, 'bare-connector')
  const { port } = await server.call('start', undefined)
  const credentials = Array.from({ length: gateways }, (_, n) => ({ gatewayId: `gw-${n}`, secret: '' }))
  return { ...server, port, credentials, pace: (pacing) => server.call('pace', pacing) }
}

async function measure(context: Context, target: Target): Promise<Sample> {
  const client = await startChild<typeof Gateway>(context, 'relay-gateway')
  const { memory, credentials, port } = target
  const warming = Math.ceil(credentials.length / 20)
  // Code that is compiled and buffers that are made with the first sockets belong to none of them.
  await client.call('connect', { port, gateways: credentials.slice(0, warming) })
  await target.pace({ perSecond: 100, ms: 200, gateways: warming })
  await client.call('settled', undefined)
  const before = await memory()
  await client.call('connect', { port, gateways: credentials.slice(warming) })
  await client.call('settled', undefined)
  const after = await memory()
  const age = await ageOf(context, target, client)
  await client.stop()
  await target.stop()
  const each = (of: keyof Memory) => (after[of] - before[of]) / 1024 / (credentials.length - warming)
  return { rss: each('rss'), heap: each('heap'), ...age }
}

async function ageOf(context: Context, target: Target, client: Child<typeof Gateway>) {
  const perSecond = perSecondOf(context)
  const ms = Math.max(context.budget.roundMs, 200)
  await client.call('forget', undefined)
  await target.pace({ perSecond, ms, gateways: target.credentials.length })
  const { p50, p99 } = await client.call('received', { count: Math.ceil((perSecond * ms) / 1_000) })
  return { p50, p99 }
}
