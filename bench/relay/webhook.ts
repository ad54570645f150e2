import { sized } from '../lib/budget.js'
import type { Benchmark } from '../lib/context.js'
import { compare, type Measured } from '../lib/measured.js'
import { takeTurns } from '../lib/rounds.js'
import { type Bare, engines, type Ours, startBare, startOurs } from './starting.js'

export const relayWebhook: Benchmark = {
  name: 'relay-webhook',
  about:
    "a platform's POST at the edge until its event is at the gateway, stored first, against a bare HTTP handler that forwards it over ws",
  run: async (context) => {
    const { budget } = context
    const bare = await startBare(context)
    const lines: Measured[] = []
    for (const { engine, database } of await engines(context)) {
      const ours = await startOurs(context, { database })
      for (const connections of sized(budget, [1, 32], [1], [2])) {
        const run = async ({ client, port, webhookPath: path }: Ours | Bare, ms: number = budget.roundMs) => {
          await client.call('forget', undefined)
          return await client.call('post', { port, path, connections, ms })
        }
        await run(ours, budget.warmUpMs)
        await run(bare, budget.warmUpMs)
        const turns = await takeTurns(budget.rounds, { ours: () => run(ours), bare: () => run(bare) })
        const line = (more: string, unit: Measured['unit'], of: 'p50' | 'p99' | 'perSecond') =>
          compare({
            what: `${engine}, ${connections} at once${more}`,
            unit,
            ours: turns.ours.map((turn) => turn[of]),
            baseline: { name: 'bare node:http and ws', values: turns.bare.map((turn) => turn[of]) },
          })
        lines.push(line(', p50', 'ms', 'p50'), line(', p99', 'ms', 'p99'), line('', '/s', 'perSecond'))
      }
      await ours.stop()
    }
    return lines
  },
}
