import { startChild } from '../lib/child.js'
import type { Benchmark } from '../lib/context.js'
import { compare } from '../lib/measured.js'
import { takeTurns } from '../lib/rounds.js'
import type { role as BareRooms } from './bare-rooms.js'
import type { role as Resumer } from './resumer.js'
import type { role as RoomsServer } from './rooms-server.js'

const missed = 500

export const threadsResume: Benchmark = {
  name: 'threads-resume',
  about: `a join that replays ${missed} missed events, against a bare Socket.IO server that answers as many from memory`,
  run: async (context) => {
    const ours = await startChild<typeof RoomsServer>(context, 'rooms-server')
    const { port, threads } = await ours.call('start', { database: await context.folder(), rooms: [['m0']] })
    await ours.call('fill', { count: missed })
    const bare = await startChild<typeof BareRooms>(context, 'bare-rooms')
    const plain = await bare.call('start', { threads: 1 })
    await bare.call('fill', { count: missed })
    const client = await startChild<typeof Resumer>(context, 'resumer')

    const { roundMs, warmUpMs, rounds } = context.budget
    const resume = (at: number, thread: string, ms: number) => client.call('resume', { port: at, thread, ms })
    await resume(port, threads[0]!, warmUpMs)
    await resume(plain.port, plain.threads[0]!, warmUpMs)
    const sides = await takeTurns(rounds, {
      ours: () => counted(resume(port, threads[0]!, roundMs)),
      bare: () => counted(resume(plain.port, plain.threads[0]!, roundMs)),
    })
    return [
      compare({
        what: `${missed} events, p50`,
        unit: 'ms',
        ours: sides.ours,
        baseline: { name: 'bare socket.io', values: sides.bare },
      }),
    ]
  },
}

/** A replay that is not whole would be fast for nothing. */
async function counted(resumed: ReturnType<(typeof Resumer)['resume']>): Promise<number> {
  const { replayed, p50 } = await resumed
  if (replayed < missed) throw new Error(`A join replayed ${replayed} events.`)
  return p50
}
