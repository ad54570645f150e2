/** Something with frames to write before the turn of the event loop ends. */
export interface Flushable {
  flush(): void
}

/**
 * Gathers what is written during one turn of the event loop, so that each socket gets it in one write: fan-out is
 * bound by the number of writes, not by bytes.
 */
export interface Outlet {
  /** Flushes `item` at the end of this turn; asking again before is free. */
  soon(item: Flushable): void
  /** Writes everything now. */
  flush(): void
}

/** An outlet of its own; one for all sockets of a plane is right. */
export function createOutlet(): Outlet {
  let due = new Set<Flushable>()
  let isScheduled = false

  const flush = () => {
    isScheduled = false
    // What is flushed may ask for more: a feed's members that have frames of their own.
    while (due.size > 0) {
      const now = due
      due = new Set()
      for (const item of now) item.flush()
    }
  }

  return {
    soon: (item) => {
      due.add(item)
      if (isScheduled) return
      isScheduled = true
      setImmediate(flush)
    },
    flush,
  }
}
