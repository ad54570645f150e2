import type { Clock } from '@parley/kernel/ids'

/** Wrong codes of the last hour, by person. */
export interface Tries {
  /** Counts a try and answers how to take it back when it was right; undefined when there were too many. */
  begin(person: string): (() => void) | undefined
  /** Counts one that another node saw. */
  add(person: string): void
}

export type TriesOptions = {
  clock: Clock
  limit: number
  windowMs: number
  /** Most persons remembered, default 10,000; past it the one that was silent longest is forgotten. */
  maxPersons?: number
}

/**
 * A try counts from its beginning, so that many at once find no more room than one after another.
 */
export function createTries({ clock, limit, windowMs, maxPersons = 10_000 }: TriesOptions): Tries {
  type Try = { at: number }
  const persons = new Map<string, Try[]>()

  const open = (person: string): Try[] => {
    const since = clock.now() - windowMs
    const tries = (persons.get(person) ?? []).filter(({ at }) => at > since)
    persons.delete(person)
    if (persons.size >= maxPersons) persons.delete(persons.keys().next().value ?? '')
    persons.set(person, tries)
    return tries
  }

  return {
    begin: (person) => {
      const tries = open(person)
      if (tries.length >= limit) return undefined
      const begun = { at: clock.now() }
      tries.push(begun)
      return () => {
        const known = persons.get(person)
        if (known?.includes(begun)) known.splice(known.indexOf(begun), 1)
      }
    },
    add: (person) => {
      const tries = open(person)
      if (tries.length < limit) tries.push({ at: clock.now() })
    },
  }
}
