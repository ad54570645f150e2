import type { Child } from '../lib/child.js'
import { type Aim, compare, type Measured } from '../lib/measured.js'
import type { createArrivals, Received } from './arrivals.js'

/** A process of sockets that count what arrives. */
type Counting = Pick<Child<Pick<ReturnType<typeof createArrivals>, 'measure' | 'settled'>>, 'call'>

/** What is received in `ms` while a server sends: it begins before, and is told to `stop` after. Rejects for a gap. */
export async function during(
  sockets: Counting,
  ms: number,
  { sending, stop }: { sending: Promise<void>; stop: () => Promise<void> },
): Promise<Received> {
  await sockets.call('measure', { ms: 150 })
  const received = await sockets.call('measure', { ms })
  await stop()
  await sending
  await sockets.call('settled', undefined)
  if (received.gaps > 0) throw new Error(`A socket missed ${received.gaps} events.`)
  return received
}

type Rates = {
  what: string
  ours: readonly Received[]
  baseline: { name: string; rounds: readonly Received[] }
  aim?: Aim
}

/** Frames a second, over all sockets. */
export function rateLine({ what, ours, baseline, aim }: Rates): Measured {
  const rates = (rounds: readonly Received[]) => rounds.map(({ frames, seconds }) => frames / seconds)
  return compare({
    what,
    unit: '/s',
    ours: rates(ours),
    baseline: { name: baseline.name, values: rates(baseline.rounds) },
    aim,
  })
}
