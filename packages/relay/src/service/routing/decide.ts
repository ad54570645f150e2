import type { InstanceKey, InstanceRow } from '../../store/port.js'
import type { OpenBot, RelayDeps } from '../deps.js'
import {
  type Arrival,
  type Candidate,
  isSameInstance,
  type Meant,
  type Outcome,
  type Reason,
} from './facts.js'
import { gate, type Verdict } from './gate.js'
import { findViewer, loadGateFacts, loadRouteFacts } from './load-facts.js'
import { resolveReceivers } from './resolve-receivers.js'

/** Who gets it. `viewer`: the owner by whom it may see the chat; undefined for an instance without owners. */
export type Receiver = { key: InstanceKey; stream: string; viewer: string | undefined }

/** Who gets it, and why each of the others does not. `reason`: the sum of it. */
export type Decision = { receivers: Receiver[]; outcomes: Outcome[]; reason: Reason }

/** Resolves and gates (contract 8.6), with the facts of this moment. Instances are judged each on its own. */
export async function decide(
  deps: RelayDeps,
  open: OpenBot,
  arrival: Arrival,
  meant?: Meant,
): Promise<Decision> {
  const resolution = resolveReceivers(await loadRouteFacts(deps, open, arrival, meant))
  const rows = await deps.store.instances.findMany(resolution.candidates.map(({ key }) => key))
  const judged = await Promise.all(
    resolution.candidates.map((candidate) => judge(deps, open, arrival, candidate, rows)),
  )
  const known = judged.filter((one) => one !== undefined).map((one) => (meant?.isStrict ? pressed(one) : one))
  const outcomes = [...known.map(({ outcome }) => outcome), ...resolution.refused]
  const deliveredOrFirst = outcomes.find(({ isDelivered }) => isDelivered) ?? outcomes[0]
  return {
    receivers: known.flatMap(({ receiver }) => (receiver ? [receiver] : [])),
    outcomes,
    reason: deliveredOrFirst?.reason ?? 'unlinked',
  }
}

type Judged = { outcome: Outcome; receiver?: Receiver }

/** Delivered because it has asked. */
function pressed(judged: Judged): Judged {
  const { outcome } = judged
  return outcome.isDelivered ? { ...judged, outcome: { ...outcome, reason: 'press' } } : judged
}

/** Undefined for an instance that has gone. */
async function judge(
  deps: RelayDeps,
  open: OpenBot,
  arrival: Arrival,
  candidate: Candidate,
  rows: readonly InstanceRow[],
): Promise<Judged | undefined> {
  const row = rows.find((one) => isSameInstance(one, candidate.key))
  if (!row) return undefined
  const key = { tenant: row.tenant, instanceId: row.instanceId }
  const { verdict, viewer } = await weigh(deps, open, arrival, candidate)
  const outcome = { key, ...verdict }
  return verdict.isDelivered ? { outcome, receiver: { key, stream: row.stream, viewer } } : { outcome }
}

/** The platform is asked only when nothing else says no. */
async function weigh(
  deps: RelayDeps,
  open: OpenBot,
  arrival: Arrival,
  candidate: Candidate,
): Promise<{ verdict: Verdict; viewer: string | undefined }> {
  const facts = await loadGateFacts(deps, open.row.platform, arrival, candidate)
  const verdict = gate({ ...facts, visible: 'yes' })
  if (candidate.way === 'route') return { verdict, viewer: undefined }
  if (candidate.way !== 'grant') return { verdict, viewer: arrival.author.id }
  if (!verdict.isDelivered) return { verdict, viewer: undefined }
  const viewer = await findViewer(deps, open, candidate.key, arrival)
  return { verdict: gate({ ...facts, visible: viewer === undefined ? 'no' : 'yes' }), viewer }
}
