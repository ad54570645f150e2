import { relayErrors } from '../../errors.js'

/** Work in order by name; different names at the same time. */
export interface Lanes {
  /** Rejects with what `work` rejects with, and with `relay.unavailable` when too many wait. */
  run(name: string, work: () => Promise<void>): Promise<void>
}

/** `atOnce`: names that are worked on at the same time. `waiting`: what is under way or waits, of all names. */
export function createLanes({ atOnce, waiting }: { atOnce: number; waiting: number }): Lanes {
  const lanes = new Map<string, Promise<void>>()
  const queue: (() => void)[] = []
  let [busy, all] = [0, 0]

  const enter = async (): Promise<void> => {
    if (busy < atOnce) busy += 1
    else await new Promise<void>((resolve) => queue.push(resolve))
  }
  // Who waits takes the seat over, so that nobody slips in between.
  const leave = (): void => {
    const next = queue.shift()
    if (next) next()
    else busy -= 1
  }
  const turn = async (before: Promise<void> | undefined, work: () => Promise<void>): Promise<void> => {
    // What failed was answered to its own caller.
    await before?.catch(() => {})
    await enter()
    try {
      await work()
    } finally {
      leave()
    }
  }

  return {
    run: async (name, work) => {
      if (all >= waiting) throw relayErrors.unavailable({ message: 'too much waits to be taken in' })
      all += 1
      const mine = turn(lanes.get(name), work)
      lanes.set(name, mine)
      try {
        await mine
      } finally {
        all -= 1
        if (lanes.get(name) === mine) lanes.delete(name)
      }
    },
  }
}
