import type { Random } from '../../fuzz/random.js'

/** Something that goes wrong. `both`: the two nodes at once. */
export type Disaster = 'kill' | 'both' | 'stop' | 'redis' | 'postgres'

/** How often each of them happens. */
export type Severity = Readonly<Record<Disaster, number>>

/** A disaster after so many more acknowledged messages. */
export type Planned = { disaster: Disaster; after: number; place: number }

/** All disasters in an order of the seed's. */
export function planOf(random: Random, severity: Severity, mostBetween: number): Planned[] {
  // The cast: keys of a record are its keys.
  const left = (Object.entries(severity) as [Disaster, number][]).flatMap(([disaster, times]) =>
    Array.from({ length: times }, () => disaster),
  )
  const plan: Planned[] = []
  while (left.length > 0) {
    const [disaster] = left.splice(random.below(left.length), 1)
    plan.push({ disaster: disaster!, after: 10 + random.below(mostBetween), place: random.below(2) })
  }
  return plan
}
