// One unit for all that one delivery of a platform brings about: it is stored for everybody, or it never came (contract 7.2).
import type { Op } from '@parley/kernel/db'
import type { Append } from '@parley/kernel/log'
import { relayErrors } from '../../errors.js'
import type { BotIdentity } from '../../protocol/index.js'
import type { ConversationRow } from '../../store/port.js'
import type { NewEntry } from '../deps.js'
import { isSameInstance, type Outcome, type Reason, type Receiver } from '../routing/index.js'
import type { Work } from './parts.js'
import { type Received, received } from './received.js'

/** What one instance gets, with what must be true of it as well. */
export type Parcel = {
  receiver: Receiver
  entry: NewEntry
  conversation: ConversationRow
  ops: readonly Op[]
}

/** Who gets what, as of now. */
export type Attempt = { reason: Reason; outcomes: readonly Outcome[]; parcels: readonly Parcel[] }

/** How often an instance may go away in between. */
const attempts = 5

/**
 * Stores what `resolve` says, once for each `dedupe`. When an instance has gone meanwhile it is resolved anew. Rejects only for
 * faults: then the platform must not be told that it was taken.
 */
export async function handOver(
  work: Work,
  bot: BotIdentity,
  what: Omit<Received, 'reason' | 'outcomes'>,
  resolve: () => Promise<Attempt>,
): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const resolved = await resolve()
    const wrapped = wrap(work, resolved)
    const { outcomes } = wrapped
    const reason = outcomes === resolved.outcomes ? resolved.reason : reasonOf(outcomes)
    const result = await work.ground.log.commit({
      ops: wrapped.ops,
      appends: [received(bot, { ...what, reason, outcomes }), ...wrapped.appends],
    })
    if (result.outcome === 'refused') continue
    if (result.outcome === 'replayed') work.tally.count('inbound.duplicate')
    else tell(work, wrapped.taken)
    return
  }
  throw relayErrors.unavailable({ message: 'its receivers change all the time' })
}

type Wrapped = { ops: Op[]; appends: Append[]; taken: Parcel[]; outcomes: readonly Outcome[] }

function wrap(work: Work, { parcels, outcomes }: Attempt): Wrapped {
  const wrapped: Wrapped = { ops: [], appends: [], taken: [], outcomes }
  for (const parcel of parcels) {
    const { receiver, entry, conversation, ops } = parcel
    const appended = work.buffers.append(receiver, entry)
    if (!appended) {
      wrapped.outcomes = tooLarge(wrapped.outcomes, receiver)
      continue
    }
    wrapped.ops.push(...appended.ops, ...work.store.routing.remember(conversation), ...ops)
    wrapped.appends.push(appended.append)
    wrapped.taken.push(parcel)
  }
  return wrapped
}

const tooLarge = (outcomes: readonly Outcome[], { key }: Receiver): Outcome[] =>
  outcomes.map((one) =>
    isSameInstance(one.key, key) ? { ...one, isDelivered: false, reason: 'too-large' } : one,
  )

const reasonOf = (outcomes: readonly Outcome[]): Reason =>
  (outcomes.find(({ isDelivered }) => isDelivered) ?? outcomes[0])?.reason ?? 'unlinked'

function tell({ tally, buffers }: Work, taken: readonly Parcel[]): void {
  if (taken.length === 0) tally.count('inbound.unrouted')
  else tally.count('inbound.delivered', taken.length)
  buffers.appended(taken.map(({ receiver }) => receiver.key))
}
