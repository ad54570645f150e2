import { type Ground, openGround } from '@parley/kernel/ground'
import { rawJson } from '@parley/kernel/log'
import { createThreads, text, user } from '@parley/threads'
import { sized } from '../lib/budget.js'
import { closedLoop } from '../lib/closed-loop.js'
import type { Benchmark, Context } from '../lib/context.js'
import { compare } from '../lib/measured.js'
import { startPostgres } from '../lib/postgres.js'
import { takeTurns } from '../lib/rounds.js'

const few = 1_000
const me = user({ id: 'm0', name: 'm0' })

/** Reads the newest page of one thread. */
type Room = { readLast(): Promise<string> }

export const threadsLastPage: Benchmark = {
  name: 'threads-last-page',
  about:
    'GET of the last 50 events of a long thread, against the same of a short one in a database of its own',
  run: async (context) => {
    const many = sized(context.budget, 1_000_000, 100_000, 2_000)
    const urls = [await startPostgres(context), await startPostgres(context)]
    const sqlite = [await context.folder(), await context.folder()]
    const engines = [
      { engine: 'SQLite', at: sqlite },
      ...(urls[0] && urls[1] ? [{ engine: 'Postgres', at: urls as string[] }] : []),
    ]
    const lines = []
    for (const { engine, at } of engines) {
      const small = await openRoom(context, at[0]!, few)
      const large = await openRoom(context, at[1]!, many)
      lines.push(await measure(context, `${engine}, ${many.toLocaleString('en')} events, p50`, small, large))
    }
    return lines
  },
}

async function openRoom(context: Context, database: string, count: number): Promise<Room> {
  const ground = await openGround({ database })
  const threads = createThreads({ ground, authenticate: () => me })
  context.atEnd(async () => {
    await threads.stop()
    await ground.close()
  })
  const service = await threads.service()
  const caller = await service.authenticate({ headers: {}, auth: {} })
  const { id } = await service.createThread(caller, {})
  await service.sendMessage(caller, id, () => ({ content: [text('x'.repeat(200))] }))
  await fill(ground, id, count)
  const query = () => ({ limit: 50, order: 'desc' as const })
  return { readLast: () => service.readEvents(caller, id, query) }
}

/** Copies the thread's message many times, as the plane stores it. */
async function fill({ log }: Ground, id: string, count: number): Promise<void> {
  const stream = `thread:${id}`
  const [message] = await log.last(stream, { limit: 1 })
  if (!message) throw new Error('The thread has no message.')
  const draft = { type: message.type, actor: message.actor, body: rawJson(message.body) }
  for (let done = 0; done < count; done += 500)
    await log.commit({ ops: [], appends: [{ stream, drafts: Array.from({ length: 500 }, () => draft) }] })
}

async function measure({ budget }: Context, what: string, small: Room, large: Room) {
  const read = ({ readLast }: Room, ms: number = budget.roundMs) =>
    closedLoop({ writers: 1, ms, call: readLast })
  await read(small, budget.warmUpMs)
  await read(large, budget.warmUpMs)
  const sides = await takeTurns(budget.rounds, { large: () => read(large), small: () => read(small) })
  return compare({
    what,
    unit: 'µs',
    ours: sides.large.map(({ p50 }) => p50 * 1000),
    baseline: {
      name: `of ${few.toLocaleString('en')} events`,
      values: sides.small.map(({ p50 }) => p50 * 1000),
    },
    aim: { of: 'ratio', atMost: 1.2 },
  })
}
