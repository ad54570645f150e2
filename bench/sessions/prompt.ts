import { fileURLToPath } from 'node:url'
import type { Benchmark } from '../lib/context.js'
import { compare } from '../lib/measured.js'
import { takeTurns } from '../lib/rounds.js'
import { startBare, startPlane } from './starting.js'

const prompt = 'echo hello'
const demoAgent = () => fileURLToPath(import.meta.resolve('@parley/sessions/demo-agent'))

export const sessionsPrompt: Benchmark = {
  name: 'sessions-prompt',
  about: 'a prompt over REST until the turn has ended, against the same prompt by the ACP SDK alone',
  run: async (context) => {
    const { rounds, roundMs, warmUpMs } = context.budget
    const command = [process.execPath, demoAgent()]
    const ours = await startPlane(context)
    const [session = ''] = await ours.server.call('open', { command, count: 1 })
    const bare = await startBare(context, command, 1)
    const sides = (ms: number) => ({
      ours: () => ours.viewer.call('prompts', { session, prompt, ms }),
      bare: () => bare.call('prompts', { prompt, ms }),
    })
    await takeTurns(1, sides(warmUpMs))
    const turns = await takeTurns(rounds, sides(roundMs))
    const line = (of: 'p50' | 'p99') => {
      const measured = compare({
        what: `round trip, ${of}`,
        unit: 'ms',
        ours: turns.ours.map((side) => side[of]),
        baseline: { name: 'ACP SDK', values: turns.bare.map((side) => side[of]) },
      })
      const added = measured.ours - (measured.baseline?.value ?? 0)
      return { ...measured, note: `${added.toFixed(2)} ms added` }
    }
    return [line('p50'), line('p99')]
  },
}
