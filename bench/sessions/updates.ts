import { sized } from '../lib/budget.js'
import type { Child } from '../lib/child.js'
import type { Benchmark, Context } from '../lib/context.js'
import { cpuSecondsOf } from '../lib/cpu.js'
import { compare, type Measured } from '../lib/measured.js'
import { takeTurns } from '../lib/rounds.js'
import { median } from '../lib/stats.js'
import type { role as BareAcp } from './bare-acp.js'
import type { Arrived } from './chunk-count.js'
import { agentCommand, type Plane, startBare, startPlane } from './starting.js'

const pacePerSecond = 100
const name = 'ACP SDK'

/** `costs`: microseconds of processor time for one update, by process. */
type Sample = Arrived & { costs: Readonly<Record<string, number>> }
/** A prompt that makes each agent send `count` pieces. */
type Load = { prompt: string; count: number }

export const sessionsUpdates: Benchmark = {
  name: 'sessions-updates',
  about: 'updates of agents to a channel socket through the whole plane, against the ACP SDK alone',
  run: async (context) => [...(await measure(context, 1)), ...(await measure(context, 8))],
}

async function measure(context: Context, agents: number): Promise<Measured[]> {
  const { budget } = context
  const plane = await startPlane(context)
  const sessions = await openSessions(plane, agents)
  const bare = await startBare(context, agentCommand, agents)
  const sides = (load: Load) => ({
    ours: () => runOurs(plane, sessions, load),
    bare: () => runBare(bare, agents, load),
  })
  const count = Math.ceil(sized(budget, 40_000, 10_000, 80) / agents)
  const paced = Math.ceil((pacePerSecond * budget.roundMs) / 1000)
  const flood = { prompt: `flood ${count}`, count }
  await takeTurns(1, sides(flood))
  const full = await takeTurns(budget.rounds, sides(flood))
  const slow = await takeTurns(
    budget.rounds,
    sides({ prompt: `pace ${paced} ${pacePerSecond}`, count: paced }),
  )
  await Promise.all([plane.stop(), bare.stop()])
  const who = agents === 1 ? '1 agent' : `${agents} agents`
  return [rateLine(who, full), ageLine(who, slow)]
}

/** A few sessions by their own channels, as a page of one does; many by the channel of all. */
async function openSessions({ server, viewer }: Plane, agents: number): Promise<string[]> {
  const sessions = await server.call('open', { command: agentCommand, count: agents })
  const channels = agents === 1 ? sessions.map((id) => `session:${id}`) : ['agents']
  for (const channel of channels) await viewer.call('subscribe', { channel })
  return sessions
}

async function runOurs(plane: Plane, sessions: readonly string[], load: Load): Promise<Sample> {
  const { server, hostPid, viewer } = plane
  const pids = { server: server.pid, host: hostPid, client: viewer.pid }
  return withCosts(pids, sessions.length * load.count, () => viewer.call('updates', { sessions, ...load }))
}

const runBare = (bare: Child<typeof BareAcp>, agents: number, load: Load): Promise<Sample> =>
  withCosts({ SDK: bare.pid }, agents * load.count, () => bare.call('updates', load))

async function withCosts(
  pids: Readonly<Record<string, number>>,
  updates: number,
  run: () => Promise<Arrived>,
): Promise<Sample> {
  const seconds = () => Object.values(pids).map((pid) => cpuSecondsOf(pid) ?? Number.NaN)
  const before = seconds()
  const arrived = await run()
  const used = seconds().map((after, n) => ((after - before[n]!) * 1e6) / updates)
  const costs = Object.fromEntries(Object.keys(pids).map((process, n) => [process, used[n]!]))
  return { ...arrived, costs }
}

type Rounds = { ours: readonly Sample[]; bare: readonly Sample[] }

function rateLine(who: string, { ours, bare }: Rounds): Measured {
  return compare({
    what: `${who}, as fast as they can`,
    unit: '/s',
    ours: ours.map(({ perSecond }) => perSecond),
    baseline: { name, values: bare.map(({ perSecond }) => perSecond) },
    aim: { of: 'ratio', atLeast: 0.7 },
    note: `processor time an update: ${[...costTexts(ours), ...costTexts(bare)].join(', ')}`,
  })
}

function costTexts(samples: readonly Sample[]): string[] {
  return Object.keys(samples[0]?.costs ?? {}).map(
    (process) => `${process} ${median(samples.map(({ costs }) => costs[process]!)).toFixed(1)} µs`,
  )
}

function ageLine(who: string, { ours, bare }: Rounds): Measured {
  return compare({
    what: `${who}, ${pacePerSecond}/s each, age of an update, p50`,
    unit: 'ms',
    ours: ours.map(({ p50 }) => p50),
    baseline: { name, values: bare.map(({ p50 }) => p50) },
  })
}
