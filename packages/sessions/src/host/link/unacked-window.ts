/** What was sent on a link and is not acknowledged yet. */
export interface UnackedWindow {
  sent(n: number, bytes: number): void
  /** Everything up to `n` is acknowledged. */
  acked(n: number): void
  /** True when nothing more may be sent until an acknowledgement comes. */
  readonly isFull: boolean
}

export type WindowLimits = { unackedEvents: number; unackedBytes: number }

export function createUnackedWindow({ unackedEvents, unackedBytes }: WindowLimits): UnackedWindow {
  let waiting: { n: number; bytes: number }[] = []
  let first = 0
  let bytes = 0
  const count = () => waiting.length - first
  return {
    sent: (n, size) => {
      waiting.push({ n, bytes: size })
      bytes += size
    },
    acked: (n) => {
      for (; first < waiting.length && waiting[first]!.n <= n; first++) bytes -= waiting[first]!.bytes
      // Cutting the list at every acknowledgement would cost more than it holds.
      if (first < count()) return
      waiting = waiting.slice(first)
      first = 0
    },
    get isFull() {
      return count() >= unackedEvents || bytes >= unackedBytes
    },
  }
}
