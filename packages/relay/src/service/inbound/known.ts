/** Deliveries of a platform that were stored from here. The log knows them all; this saves loading what came twice. */
export interface Known {
  has(dedupe: string): boolean
  add(dedupe: string): void
}

/** Remembers the last `size` ones. */
export function createKnown(size: number): Known {
  const known = new Set<string>()
  return {
    has: (dedupe) => known.has(dedupe),
    add: (dedupe) => {
      if (known.size >= size) known.delete(known.values().next().value ?? '')
      known.add(dedupe)
    },
  }
}
