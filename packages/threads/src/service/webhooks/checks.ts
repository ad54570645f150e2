// What a caller may give. Everything throws `threads.invalid_request`, with a text that names the member.
import type { GuardedFetch } from '@parley/kernel/delivery'
import { isParleyError } from '@parley/kernel/errors'
import { threadsErrors } from '../../errors.js'
import { isKnownEvent, type UnknownEvent } from '../../protocol/index.js'
import { tenantSchema } from '../../protocol/tenant.js'
import type { TenantMap } from '../../store/port.js'
import { allTypes } from './interest.js'

const longest = { url: 2_048, description: 500, eventTypes: 50 }

const invalid = (message: string) => threadsErrors.invalidRequest({ message })

/** Where a webhook may go. The guard looks again at each sending: a name may mean another address by then. */
export async function assertUrl(url: string, guard: GuardedFetch, isHttpAllowed: boolean): Promise<void> {
  if (typeof url !== 'string' || url.length > longest.url)
    throw invalid(`url must be a text of at most ${longest.url} characters`)
  if (!isHttpAllowed && !/^https:/i.test(url.trim())) throw invalid('url must be an https address')
  try {
    await guard.assertAllowed(url)
  } catch (error) {
    if (!isParleyError(error)) throw error
    throw threadsErrors.invalidRequest({ message: `url: ${error.message}`, cause: error })
  }
}

/** The names without repeats, or `*` alone. */
export function toEventTypes(given: readonly string[]): string[] {
  const types = [...new Set(given)]
  if (types.length === 0 || types.length > longest.eventTypes)
    throw invalid(`event_types must have 1 to ${longest.eventTypes} names`)
  const stranger = types.find((type) => type !== allTypes && !isEventType(type))
  if (stranger !== undefined) throw invalid(`event_types: there is no ${JSON.stringify(stranger)}`)
  return types.includes(allTypes) ? [allTypes] : types
}

// The cast: nothing but the type is looked at.
const isEventType = (type: string): boolean => isKnownEvent({ type } as UnknownEvent)

export function toDescription(text: string): string {
  if (typeof text !== 'string' || text.length > longest.description || text.includes('\0'))
    throw invalid(`description must be a text of at most ${longest.description} characters`)
  return text
}

export function toTenant(tenant: TenantMap | null): TenantMap | null {
  if (tenant === null) return null
  const read = tenantSchema().safeParse(tenant)
  if (!read.success) throw invalid(`tenant ${read.error.issues[0]?.message ?? 'is wrong'}`)
  return read.data
}

/** Throws for what is not a whole number in its bounds. */
export function toWhole(
  value: number,
  name: string,
  { least, most }: { least: number; most: number },
): number {
  if (!Number.isSafeInteger(value) || value < least || value > most)
    throw invalid(`${name} must be a whole number from ${least} to ${most}`)
  return value
}

const states = ['waiting', 'sending', 'sent', 'dead'] as const

export function toState(state: (typeof states)[number]): (typeof states)[number] {
  if (!states.includes(state)) throw invalid(`state must be one of: ${states.join(', ')}`)
  return state
}

/** False for a text that is no id of ours: a database need not be asked, and might refuse it. */
export const isId = (id: string): boolean => /^[\w-]{1,255}$/.test(id)
