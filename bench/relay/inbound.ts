import { sized } from '../lib/budget.js'
import type { Benchmark, Context } from '../lib/context.js'
import { compare, type Measured } from '../lib/measured.js'
import { takeTurns } from '../lib/rounds.js'
import { costNote, rates, type Turn, withCost } from './cost.js'
import { type Bare, engines, type Ours, startBare, startOurs } from './starting.js'

type Shape = { inChats: number; inFlight: number }

export const relayInbound: Benchmark = {
  name: 'relay-inbound',
  about:
    'events from the platform to the acknowledgement of a live gateway, durable, against a bare ws server that does the same with an ack each',
  run: async (context) => {
    const few = (inFlight: number): Shape => ({ inChats: 10, inFlight })
    const many = (inFlight: number): Shape => ({ inChats: 1_000, inFlight })
    const shapes = sized(
      context.budget,
      [few(1), few(32), few(256), many(1), many(32), many(256)],
      [few(256), many(1), many(256)],
      [few(8)],
    )
    const bare = await startBare(context)
    const lines: Measured[] = []
    for (const { engine, database } of await engines(context)) {
      const ours = await startOurs(context, { database })
      for (const shape of shapes) lines.push(await measure(context, { engine, shape, ours, bare }))
      await ours.stop()
    }
    return lines
  },
}

type Measuring = { engine: string; shape: Shape; ours: Ours; bare: Bare }

async function measure({ budget }: Context, { engine, shape, ours, bare }: Measuring): Promise<Measured> {
  const sides = {
    ours: (ms: number = budget.roundMs): Promise<Turn> =>
      withCost(ours, () => ours.server.call('deliver', { ...shape, ms })),
    bare: (ms: number = budget.roundMs): Promise<Turn> =>
      withCost(bare, () => bare.server.call('deliver', { ...shape, ms })),
  }
  await sides.ours(budget.warmUpMs)
  await sides.bare(budget.warmUpMs)
  const turns = await takeTurns(budget.rounds, { ours: () => sides.ours(), bare: () => sides.bare() })
  const { inChats, inFlight } = shape
  return compare({
    what: `${engine}, ${inChats.toLocaleString('en')} chats, ${inFlight} in flight`,
    unit: '/s',
    ours: rates(turns.ours),
    baseline: { name: 'bare ws', values: rates(turns.bare) },
    ...(inFlight > 1 && { aim: { of: 'ratio', atLeast: 0.6 } }),
    note: costNote(turns.ours, turns.bare),
  })
}
