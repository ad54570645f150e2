import type { role as BareWs } from '../fan-out/bare-ws.js'
import type { Credentials, role as HandshakeServer } from '../http/handshake-server.js'
import { sized } from '../lib/budget.js'
import { startChild } from '../lib/child.js'
import type { Benchmark, Context } from '../lib/context.js'
import { compare } from '../lib/measured.js'
import { takeTurns } from '../lib/rounds.js'
import type { role as Followers } from './followers.js'

/** The plane takes 50 sockets for one handshake. */
const perHandshake = 40

type Memory = { rss: number; heap: number }
/** A server that is up, with the paths its sockets come by. */
type Target = { port: number; paths: readonly string[]; memory(): Promise<Memory> }

export const idleSockets: Benchmark = {
  name: 'idle-sockets',
  about: 'memory for each idle socket of the handshake plane, against the sockets of a bare ws server',
  run: async (context) => {
    const count = sized(context.budget, 2_000, 2_000, 40)
    const { ours, bare } = await takeTurns(sized(context.budget, 5, 2, 1), {
      ours: async () => perSocket(context, await startOurs(context, count)),
      bare: async () => perSocket(context, await startBare(context, count)),
    })
    const line = (what: string, of: keyof Memory) =>
      compare({
        what: `${count} sockets, ${what}`,
        unit: 'KiB',
        ours: ours.map((memory) => memory[of]),
        baseline: { name: 'bare ws', values: bare.map((memory) => memory[of]) },
        aim: { of: 'ratio', atMost: 1.5 },
      })
    return [line('resident', 'rss'), line('heap', 'heap')]
  },
}

/** A fresh server each time: memory that was used once is seldom given back. */
async function startOurs(context: Context, count: number): Promise<Target> {
  const server = await startChild<typeof HandshakeServer>(context, 'handshake-server')
  const handshakes = Math.ceil(count / perHandshake)
  const { port, credentials } = await server.call('start', { database: ':memory:', count: handshakes })
  const paths = Array.from({ length: count }, (_, n) => pathOf(credentials[n % handshakes]!))
  return { port, paths, memory: server.memory }
}

const pathOf = ({ id, token }: Credentials): string => `/ws/handshake/${id}?token=${token}`

async function startBare(context: Context, count: number): Promise<Target> {
  const server = await startChild<typeof BareWs>(context, 'bare-ws')
  const { port } = await server.call('start', undefined)
  return { port, paths: Array.from({ length: count }, () => '/'), memory: server.memory }
}

/** KiB for each socket. */
async function perSocket(context: Context, { port, paths, memory }: Target): Promise<Memory> {
  const followers = await startChild<typeof Followers>(context, 'followers')
  // Code that is compiled and buffers that are made with the first sockets belong to none of them.
  await followers.call('connect', {
    port,
    paths: paths.slice(0, Math.ceil(paths.length / 20)),
    isSilent: true,
  })
  await followers.call('settled', undefined)
  const before = await memory()
  await followers.call('connect', { port, paths: paths.slice(Math.ceil(paths.length / 20)), isSilent: true })
  await followers.call('settled', undefined)
  const after = await memory()
  await followers.stop()
  const count = paths.length - Math.ceil(paths.length / 20)
  return { rss: (after.rss - before.rss) / 1024 / count, heap: (after.heap - before.heap) / 1024 / count }
}
