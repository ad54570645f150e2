import { sized } from '../lib/budget.js'
import type { Benchmark, Context } from '../lib/context.js'
import { compare, type Measured } from '../lib/measured.js'
import { takeTurns } from '../lib/rounds.js'
import { costNote, rates, type Turn, withCost } from './cost.js'
import type { Op } from './frames.js'
import { type Bare, engines, type Ours, startBare, startOurs } from './starting.js'

export const relayOutbound: Benchmark = {
  name: 'relay-outbound',
  about:
    'durable sends of one gateway (receipt before and after the call), against a bare ws echo that parses',
  run: (context) => measureOp(context, 'send'),
}

export const relayTyping: Benchmark = {
  name: 'relay-typing',
  about: 'the same for typing, which leaves no receipt: what is left without durability',
  run: (context) => measureOp(context, 'typing'),
}

async function measureOp(context: Context, op: Op): Promise<Measured[]> {
  const { budget } = context
  // More chats than actions under way: those of one chat are done one after the other.
  const chats = sized(budget, 1_000, 1_000, 40)
  const bare = await startBare(context)
  const lines: Measured[] = []
  for (const { engine, database } of await engines(context)) {
    const ours = await startOurs(context, { database, chats })
    for (const inFlight of sized(budget, [1, 32, 256], [1, 256], [8]))
      lines.push(await measure(context, { engine, op, chats, inFlight, ours, bare }))
    await ours.stop()
  }
  return lines
}

type Measuring = { engine: string; op: Op; chats: number; inFlight: number; ours: Ours; bare: Bare }

async function measure({ budget }: Context, { engine, ...with_ }: Measuring): Promise<Measured> {
  const { op, chats, inFlight, ours, bare } = with_
  const run = (side: Ours | Bare, ms: number = budget.roundMs): Promise<Turn> =>
    withCost(side, () => side.client.call('perform', { op, inFlight, chats, ms }))
  await run(ours, budget.warmUpMs)
  await run(bare, budget.warmUpMs)
  const turns = await takeTurns(budget.rounds, { ours: () => run(ours), bare: () => run(bare) })
  return compare({
    what: `${engine}, ${inFlight} in flight`,
    unit: '/s',
    ours: rates(turns.ours),
    baseline: { name: 'bare ws echo', values: rates(turns.bare) },
    // With one at a time it is the disk that is measured.
    ...(inFlight > 1 && { aim: { of: 'ratio', atLeast: 0.6 } }),
    note: costNote(turns.ours, turns.bare),
  })
}
