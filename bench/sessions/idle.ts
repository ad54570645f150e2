import { sized } from '../lib/budget.js'
import type { Benchmark, Context } from '../lib/context.js'
import { compare } from '../lib/measured.js'
import { proportionalKib } from '../lib/resident.js'
import { takeTurns } from '../lib/rounds.js'
import { writeIdleAgent } from './idle-agent.js'
import { startBare, startPlane } from './starting.js'

/** KiB for each session. `agents`: of the agents' own processes, where the system tells. */
type PerSession = { rss: number; heap: number; parts?: Parts }
type Parts = { server: number; host: number; agents: number | undefined }
type Of = 'rss' | 'heap'

export const sessionsIdle: Benchmark = {
  name: 'sessions-idle',
  about: 'memory of server and host for each idle session, against the ACP SDK alone with the same agents',
  run: async (context) => {
    const count = sized(context.budget, 200, 200, 8)
    const { ours, bare } = await takeTurns(sized(context.budget, 3, 1, 1), {
      ours: () => measureOurs(context, count),
      bare: () => measureBare(context, count),
    })
    const baseline = (of: Of) => ({ name: 'ACP SDK', values: bare.map((side) => side[of]) })
    return [
      compare({
        what: `${count} sessions, resident`,
        unit: 'KiB',
        ours: ours.map(({ rss }) => rss),
        baseline: baseline('rss'),
        note: noteOf(ours),
      }),
      compare({
        what: `${count} sessions, heap`,
        unit: 'KiB',
        ours: ours.map(({ heap }) => heap),
        baseline: baseline('heap'),
      }),
    ]
  },
}

async function measureOurs(context: Context, count: number): Promise<PerSession> {
  const { server, stop, folder } = await startPlane(context)
  const command = [await writeIdleAgent(folder)]
  const warming = Math.ceil(count / 20)
  // Code that is compiled with the first sessions belongs to none of them.
  await server.call('open', { command, count: warming })
  const before = { server: await server.memory(), host: await server.call('host', undefined) }
  await server.call('open', { command, count: count - warming })
  const after = { server: await server.memory(), host: await server.call('host', undefined) }
  const agents = mean(after.host.agents.map(proportionalKib))
  await stop()
  const each = (who: 'server' | 'host', of: Of) =>
    (after[who][of] - before[who][of]) / 1024 / (count - warming)
  const parts = { server: each('server', 'rss'), host: each('host', 'rss'), agents }
  return { rss: parts.server + parts.host, heap: each('server', 'heap') + each('host', 'heap'), parts }
}

async function measureBare(context: Context, count: number): Promise<PerSession> {
  const command = [await writeIdleAgent(await context.folder())]
  const warming = Math.ceil(count / 20)
  const bare = await startBare(context, command, warming)
  const before = await bare.memory()
  await bare.call('open', { command, count })
  const after = await bare.memory()
  await bare.stop()
  const each = (of: Of) => (after[of] - before[of]) / 1024 / (count - warming)
  return { rss: each('rss'), heap: each('heap') }
}

function noteOf(sides: readonly PerSession[]): string {
  const of = (name: keyof Parts) => mean(sides.map(({ parts }) => parts?.[name]))
  const text = (value: number | undefined) => `${value?.toFixed(1) ?? 'unknown'} KiB`
  return `server ${text(of('server'))}, host ${text(of('host'))}; beside them an agent's own process ${text(of('agents'))}`
}

/** Of those that are known; undefined when none is. */
function mean(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length
}
