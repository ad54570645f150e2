import { sized } from '../lib/budget.js'
import { type Child, startChild } from '../lib/child.js'
import type { Benchmark, Context } from '../lib/context.js'
import { compare } from '../lib/measured.js'
import { takeTurns } from '../lib/rounds.js'
import type { role as BareRooms } from './bare-rooms.js'
import type { role as Members } from './members.js'
import type { role as RoomsServer } from './rooms-server.js'

type Memory = { rss: number; heap: number }
type Target = { port: number; thread: string; memory(): Promise<Memory> }

export const threadsIdleMembers: Benchmark = {
  name: 'threads-idle-members',
  about: 'memory for each idle member in a room, against the sockets of a bare Socket.IO room',
  run: async (context) => {
    const count = sized(context.budget, 1_000, 1_000, 20)
    const { ours, bare } = await takeTurns(sized(context.budget, 5, 2, 1), {
      ours: async () => perMember(context, await startOurs(context, count), count),
      bare: async () => perMember(context, await startBare(context), count),
    })
    const line = (what: string, of: keyof Memory) =>
      compare({
        what: `${count} members, ${what}`,
        unit: 'KiB',
        ours: ours.map((memory) => memory[of]),
        baseline: { name: 'bare socket.io', values: bare.map((memory) => memory[of]) },
        aim: { of: 'ratio', atMost: 1.5 },
      })
    return [line('resident', 'rss'), line('heap', 'heap')]
  },
}

const tokens = (count: number): string[] => Array.from({ length: count }, (_, n) => `m${n}`)

/** A fresh server each time: memory that was used once is seldom given back. */
async function startOurs(context: Context, count: number): Promise<Target> {
  const server = await startChild<typeof RoomsServer>(context, 'rooms-server')
  const { port, threads } = await server.call('start', { database: ':memory:', rooms: [tokens(count)] })
  return { port, thread: threads[0]!, memory: server.memory }
}

async function startBare(context: Context): Promise<Target> {
  const server = await startChild<typeof BareRooms>(context, 'bare-rooms')
  const { port, threads } = await server.call('start', { threads: 1 })
  return { port, thread: threads[0]!, memory: server.memory }
}

/** KiB for each member. */
async function perMember(context: Context, { port, thread, memory }: Target, count: number): Promise<Memory> {
  const clients = await startChild<typeof Members>(context, 'members')
  const warming = Math.ceil(count / 20)
  // Code that is compiled and buffers that are made with the first sockets belong to none of them.
  await connect(clients, { port, thread, tokens: tokens(count).slice(0, warming) })
  const before = await memory()
  await connect(clients, { port, thread, tokens: tokens(count).slice(warming) })
  const after = await memory()
  await clients.stop()
  const each = (of: keyof Memory) => (after[of] - before[of]) / 1024 / (count - warming)
  return { rss: each('rss'), heap: each('heap') }
}

type Joining = { port: number; thread: string; tokens: readonly string[] }

async function connect(
  clients: Child<typeof Members>,
  { port, thread, tokens: some }: Joining,
): Promise<void> {
  const members = some.map((token) => ({ token, threads: [thread] }))
  await clients.call('connect', { port, members, isSilent: true })
  await clients.call('settled', undefined)
}
