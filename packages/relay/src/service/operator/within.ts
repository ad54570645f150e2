// What an operator may see and touch. Somebody else's things are as absent as those that never were.
import type { Micros } from '@parley/kernel/ids'
import type { Identity } from '@parley/kernel/principal'
import { toIsoTime } from '@parley/kernel/wire'
import { relayErrors } from '../../errors.js'
import { relayIdentity } from '../changes.js'
import type { Within } from '../port.js'

/** May this tenant's things be seen? */
export const isSeen = ({ tenant: own }: Within, tenant: string): boolean =>
  own === undefined || own === tenant

/** The query of a store for what may be seen. */
export const seenBy = ({ tenant }: Within): { tenant?: string } => (tenant === undefined ? {} : { tenant })

/** Who does it. */
export const actorOf = ({ by }: Within): Identity => by ?? relayIdentity

/** Throws `relay.forbidden` for something new in a tenant that is not the operator's. */
export function assertMayMake(within: Within, tenant: string): void {
  if (!isSeen(within, tenant)) throw relayErrors.forbidden()
}

export const timeOrNull = (at: Micros | null): string | null => (at === null ? null : toIsoTime(at))

/** A number of rows to list. Throws `relay.invalid_request`. */
export function readLimit(
  limit: number | undefined,
  { usual, most }: { usual: number; most: number },
): number {
  const wanted = limit ?? usual
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > most)
    throw relayErrors.invalidRequest({ message: `limit must be a whole number from 1 to ${most}` })
  return wanted
}
