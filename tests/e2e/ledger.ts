import type { Citation } from './citations.js'
import type { Requirements } from './requirements/requirement.js'

/** What the two sides of the manifest disagree about; every list is empty when they agree. */
export interface Ledger {
  /** Promises that nothing proves and that nobody listed as unproven. */
  withoutScenario: string[]
  /** Citations of ids that do not exist. */
  unknownCitations: string[]
  /** Listed as unproven, but a test proves them now. */
  provenByNow: string[]
  /** Listed as unproven, but no such promise exists. */
  unknownGaps: string[]
}

/** Compares promises, citations and the list of known gaps. */
export function compare(
  requirements: Requirements,
  citations: readonly Citation[],
  unproven: Readonly<Record<string, string>>,
): Ledger {
  const cited = new Set(citations.map(({ id }) => id))
  const isPromise = (id: string) => Object.hasOwn(requirements, id)
  const isGap = (id: string) => Object.hasOwn(unproven, id)
  return {
    withoutScenario: Object.keys(requirements).filter((id) => !cited.has(id) && !isGap(id)),
    unknownCitations: citations.filter(({ id }) => !isPromise(id)).map(({ id, file }) => `${id} in ${file}`),
    provenByNow: Object.keys(unproven).filter((id) => cited.has(id)),
    unknownGaps: Object.keys(unproven).filter((id) => !isPromise(id)),
  }
}
