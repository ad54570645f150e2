// Holds a worker at a point, as a slow disk would. Cell 0: held while not 0. Cell 1: arrivals so far.

/** Blocks this thread while the latch is held, and counts the arrival. */
export function waitForLatch(latch: SharedArrayBuffer): void {
  const cells = new Int32Array(latch)
  Atomics.add(cells, 1, 1)
  while (Atomics.load(cells, 0) !== 0) Atomics.wait(cells, 0, 1)
}

/** The other side: holds and releases commits. Pass `buffer` as `commitLatch` of `openSqlite`. */
export type CommitLatch = {
  readonly buffer: SharedArrayBuffer
  /** Commits that have come to the latch so far, held or not. */
  arrivals(): number
  hold(): void
  release(): void
}

/** A latch that is open. */
export function createCommitLatch(): CommitLatch {
  const buffer = new SharedArrayBuffer(8)
  const cells = new Int32Array(buffer)
  return {
    buffer,
    arrivals: () => Atomics.load(cells, 1),
    hold: () => void Atomics.store(cells, 0, 1),
    release: () => {
      Atomics.store(cells, 0, 0)
      Atomics.notify(cells, 0)
    },
  }
}
