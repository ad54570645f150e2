import type { SpoolRecord } from './record.js'

/** The newest records, in memory. */
export interface Recent {
  add(records: readonly SpoolRecord[]): void
  /** Records after `n`, about `maxBytes` of them (at least one); undefined when they are not all in memory. */
  after(n: number, maxBytes: number): SpoolRecord[] | undefined
  clear(): void
}

/** Keeps at most `limitBytes`; the oldest are forgotten. */
export function createRecent(limitBytes: number): Recent {
  let records: SpoolRecord[] = []
  let bytes = 0
  return {
    add: (added) => {
      for (const record of added) {
        records.push(record)
        bytes += record.frame.length
      }
      let gone = 0
      for (; bytes > limitBytes && gone < records.length; gone++) bytes -= records[gone]!.frame.length
      if (gone > 0) records = records.slice(gone)
    },
    after: (n, maxBytes) => {
      const first = records[0]?.n
      if (first === undefined || n + 1 < first) return undefined
      return takeUpTo(records, n + 1 - first, maxBytes)
    },
    clear: () => {
      records = []
      bytes = 0
    },
  }
}

function takeUpTo(records: readonly SpoolRecord[], from: number, maxBytes: number): SpoolRecord[] {
  const taken: SpoolRecord[] = []
  let bytes = 0
  for (let at = from; at < records.length && bytes < maxBytes; at++) {
    taken.push(records[at]!)
    bytes += records[at]!.frame.length
  }
  return taken
}
