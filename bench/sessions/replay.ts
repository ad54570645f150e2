import { sized } from '../lib/budget.js'
import { startChild } from '../lib/child.js'
import type { Benchmark, Context } from '../lib/context.js'
import { compare } from '../lib/measured.js'
import { watchGrowth } from '../lib/resident.js'
import { takeTurns } from '../lib/rounds.js'
import type { role as BareReplay } from './bare-replay.js'
import { writeIdleAgent } from './idle-agent.js'
import { startPlane, startViewer } from './starting.js'

/** A server that has a session with a long history. */
type Target = { pid: number; port: number; session: string }
type Sample = { perSecond: number; growth: number }

export const sessionsReplay: Benchmark = {
  name: 'sessions-replay',
  about:
    'replay of a long session over the channel socket, against a bare ws server with the frames in memory',
  run: async (context) => {
    const { budget } = context
    const count = sized(budget, 100_000, 20_000, 500)
    const targets = { ours: await startOurs(context, count), bare: await startBare(context, count) }
    const sides = {
      ours: () => replay(context, targets.ours, count),
      bare: () => replay(context, targets.bare, count),
    }
    if (budget.name !== 'smoke') await takeTurns(1, sides)
    const { ours, bare } = await takeTurns(budget.rounds, sides)
    const what = `${count.toLocaleString('en')} events`
    const name = 'bare ws'
    return [
      compare({
        what,
        unit: '/s',
        ours: ours.map(({ perSecond }) => perSecond),
        baseline: { name, values: bare.map(({ perSecond }) => perSecond) },
      }),
      compare({
        what: `${what}, resident growth of the server, at most`,
        unit: 'KiB',
        ours: ours.map(({ growth }) => growth),
        baseline: { name, values: bare.map(({ growth }) => growth) },
      }),
    ]
  },
}

async function startOurs(context: Context, count: number): Promise<Target> {
  const { server, port, folder } = await startPlane(context)
  const [session = ''] = await server.call('open', { command: [await writeIdleAgent(folder)], count: 1 })
  await server.call('fill', { sessionId: session, count })
  return { pid: server.pid, port, session }
}

async function startBare(context: Context, count: number): Promise<Target> {
  const server = await startChild<typeof BareReplay>(context, 'bare-replay')
  return { pid: server.pid, ...(await server.call('start', { count })) }
}

async function replay(context: Context, { pid, port, session }: Target, count: number): Promise<Sample> {
  const viewer = await startViewer(context, port)
  const stop = watchGrowth(pid)
  const { events, seconds } = await viewer.call('replay', { channel: `session:${session}` })
  const growth = stop() ?? Number.NaN
  await viewer.stop()
  // A replay that is not whole would be fast for nothing.
  if (events < count) throw new Error(`Only ${events} of ${count} events were replayed.`)
  return { perSecond: events / seconds, growth }
}
