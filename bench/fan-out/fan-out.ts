import { sized } from '../lib/budget.js'
import { type Child, startChild } from '../lib/child.js'
import type { Benchmark, Context } from '../lib/context.js'
import { compare, type Measured } from '../lib/measured.js'
import { takeTurns } from '../lib/rounds.js'
import type { role as Followers } from '../sockets/followers.js'
import { during, rateLine } from '../sockets/measuring.js'
import type { role as BareWs } from './bare-ws.js'
import type { role as FeedServer } from './feed-server.js'

/** Events a second in the paced turns: about a tenth of what one write a frame can carry. */
const pacedBudget = 20_000

export const fanOut: Benchmark = {
  name: 'fan-out',
  about: 'durable append and fan-out to followers, against a bare ws server that sends one prepared frame',
  run: async (context) => {
    const lines: Measured[] = []
    for (const count of sized(context.budget, [100, 1_000], [100, 1_000], [10]))
      lines.push(...(await measure(context, await startSides(context, count), count)))
    return lines
  },
}

type Sides = {
  feed: Child<typeof FeedServer>
  bare: Child<typeof BareWs>
  /** One process for each side's followers. */
  atFeed: Child<typeof Followers>
  atBare: Child<typeof Followers>
}

async function startSides(context: Context, count: number): Promise<Sides> {
  const feed = await startChild<typeof FeedServer>(context, 'feed-server')
  const bare = await startChild<typeof BareWs>(context, 'bare-ws')
  const atFeed = await startChild<typeof Followers>(context, 'followers')
  const atBare = await startChild<typeof Followers>(context, 'followers')
  const paths = Array.from({ length: count }, () => '/')
  const { port } = await feed.call('start', { database: await context.folder() })
  await atFeed.call('connect', { port, paths, isSilent: false })
  const { port: barePort } = await bare.call('start', undefined)
  await atBare.call('connect', { port: barePort, paths, isSilent: false })
  return { feed, bare, atFeed, atBare }
}

async function measure(
  { budget }: Context,
  { feed, bare, atFeed, atBare }: Sides,
  count: number,
): Promise<Measured[]> {
  const ms = budget.roundMs
  const atOurs = (sending: Promise<void>) =>
    during(atFeed, ms, { sending, stop: () => feed.call('stopSending', undefined) })
  const atPlain = (sending: Promise<void>) =>
    during(atBare, ms, { sending, stop: () => bare.call('stopSending', undefined) })
  const one = () => atOurs(feed.call('append', { writers: 1 }))
  const many = () => atOurs(feed.call('append', { writers: 32 }))
  const plain = () => atPlain(bare.call('saturate', undefined))
  const perSecond = pacedBudget / count
  const pacedOurs = () => atOurs(feed.call('pace', { perSecond }))
  const pacedBare = () => atPlain(bare.call('pace', { perSecond }))

  await one()
  await plain()
  const full = await takeTurns(budget.rounds, { one, many, plain })
  const paced = await takeTurns(budget.rounds, { ours: pacedOurs, bare: pacedBare })
  const baseline = { name: 'bare ws', rounds: full.plain }
  return [
    rateLine({
      what: `${count} followers, one append at a time`,
      ours: full.one,
      baseline,
      aim: { of: 'ratio', atLeast: 0.9 },
    }),
    rateLine({
      what: `${count} followers, 32 appends outstanding`,
      ours: full.many,
      baseline,
      aim: { of: 'ratio', atLeast: 4 },
    }),
    compare({
      what: `${count} followers, ${perSecond} events/s, p50`,
      unit: 'ms',
      ours: paced.ours.map(({ p50 }) => p50),
      baseline: { name: 'bare ws', values: paced.bare.map(({ p50 }) => p50) },
      aim: { of: 'difference', atMost: 2 },
    }),
  ]
}
