import { sized } from '../lib/budget.js'
import { type Child, startChild } from '../lib/child.js'
import type { Benchmark, Context } from '../lib/context.js'
import type { Aim, Measured } from '../lib/measured.js'
import { takeTurns } from '../lib/rounds.js'
import { during, rateLine } from '../sockets/measuring.js'
import type { role as BareRooms } from './bare-rooms.js'
import type { role as Members } from './members.js'
import type { role as RoomsServer } from './rooms-server.js'

/** How many threads there are, how many sockets, and in how many threads each of these is. */
type Shape = { what: string; threads: number; sockets: number; perSocket: number }

const room = (members: number): Shape => ({
  what: `${members.toLocaleString('en')} members`,
  threads: 1,
  sockets: members,
  perSocket: 1,
})

const manyRooms = (threads: number): Shape => ({
  what: `${threads.toLocaleString('en')} threads with 10 members`,
  threads,
  sockets: threads,
  perSocket: 10,
})

export const threadsRooms: Benchmark = {
  name: 'threads-rooms',
  about: 'durable message and fan-out to a room over Socket.IO, against the rooms of a bare Socket.IO server',
  run: async (context) => {
    const { budget } = context
    const shapes = [
      ...sized(budget, [1, 10, 100, 1_000], [1, 100, 1_000], [5]).map(room),
      manyRooms(sized(budget, 1_000, 300, 10)),
    ]
    const lines: Measured[] = []
    for (const shape of shapes) lines.push(...(await measure(context, shape)))
    return lines
  },
}

async function measure(context: Context, shape: Shape): Promise<Measured[]> {
  const ours = await startOurs(context, shape)
  const bare = await startBare(context, shape)
  const { rounds, roundMs } = context.budget
  const append = (writers: number) => () =>
    during(ours.members, roundMs, {
      sending: ours.server.call('append', { writers }),
      stop: () => ours.server.call('stopSending', undefined),
    })
  const saturate = () =>
    during(bare.members, roundMs, {
      sending: bare.server.call('saturate', undefined),
      stop: () => bare.server.call('stopSending', undefined),
    })
  await append(1)()
  await saturate()
  const turns = await takeTurns(rounds, { one: append(1), many: append(32), plain: saturate })
  for (const side of [ours, bare]) await Promise.all([side.members.stop(), side.server.stop()])
  const baseline = { name: 'bare socket.io', rounds: turns.plain }
  return [
    rateLine({ what: `${shape.what}, one message at a time`, ours: turns.one, baseline }),
    rateLine({
      what: `${shape.what}, 32 messages outstanding`,
      ours: turns.many,
      baseline,
      aim: aimOf(shape),
    }),
  ]
}

async function startOurs(context: Context, shape: Shape) {
  const server = await startChild<typeof RoomsServer>(context, 'rooms-server')
  const rooms = Array.from({ length: shape.threads }, (_, thread) =>
    socketsOf(shape)
      .filter(({ joined }) => joined.includes(thread))
      .map(({ token }) => token),
  )
  const started = await server.call('start', { database: await context.folder(), rooms })
  return { server, members: await startMembers(context, started, shape) }
}

async function startBare(context: Context, shape: Shape) {
  const server = await startChild<typeof BareRooms>(context, 'bare-rooms')
  const started = await server.call('start', { threads: shape.threads })
  return { server, members: await startMembers(context, started, shape) }
}

/** Each socket's token, and the threads it is in: from its own number on. */
const socketsOf = ({ threads, sockets, perSocket }: Shape) =>
  Array.from({ length: sockets }, (_, n) => ({
    token: `m${n}`,
    joined: Array.from({ length: perSocket }, (_none, next) => (n + next) % threads),
  }))

async function startMembers(
  context: Context,
  { port, threads }: { port: number; threads: readonly string[] },
  shape: Shape,
): Promise<Child<typeof Members>> {
  const members = await startChild<typeof Members>(context, 'members')
  const sockets = socketsOf(shape).map(({ token, joined }) => ({
    token,
    threads: joined.map((thread) => threads[thread]!),
  }))
  await members.call('connect', { port, members: sockets, isSilent: false })
  await members.call('settled', undefined)
  return members
}

/** Fan-out is what is compared: with few members it is the durable message that is measured. */
const aimOf = ({ sockets, perSocket }: Shape): Aim | undefined =>
  sockets >= 100 && perSocket === 1 ? { of: 'ratio', atLeast: 0.9 } : undefined
