/** Work that is done in order in each lane, and at the same time in different ones. */
export interface Lanes {
  /** False, and nothing taken, when too much waits. `size`: what it counts for, in bytes. `work` never rejects. */
  add(lane: string, size: number, work: (release: () => void) => Promise<void>): boolean
}

/** LIMIT: what waits in all lanes together. */
const maxWaiting = 10_000
const maxBytes = 64 * 1024 * 1024

export function createLanes(): Lanes {
  const tails = new Map<string, Promise<void>>()
  let waiting = 0
  let bytes = 0

  const run = async (before: Promise<void> | undefined, size: number, work: () => Promise<void>) => {
    // Also for the first of a lane: whoever adds work is never in it.
    await before
    try {
      await work()
    } finally {
      waiting--
      bytes -= size
    }
  }

  return {
    add: (lane, size, work) => {
      if (waiting >= maxWaiting || bytes + size > maxBytes) return false
      waiting++
      bytes += size
      let release = () => {}
      const released = new Promise<void>((resolve) => {
        release = resolve
      })
      const done = run(tails.get(lane), size, () => work(release))
      const tail = Promise.race([done, released]).finally(() => {
        if (tails.get(lane) === tail) tails.delete(lane)
      })
      tails.set(lane, tail)
      return true
    },
  }
}
