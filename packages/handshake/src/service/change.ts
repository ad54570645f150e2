import type { Op } from '@parley/kernel/db'
import { handshakeErrors } from '../errors.js'
import type { Actor } from './caller.js'
import type { HandshakeDeps } from './deps.js'
import { ChangeDraft } from './draft.js'
import { streamOf } from './events.js'
import { type HandshakeState, isPast } from './state.js'

/** How often a change is put together anew when other nodes are faster. */
const maxTries = 50

/**
 * Changes one handshake: `decide` looks at the state and drafts what to do, and the draft commits with its
 * events as one unit, guarded by the version. When another node was faster, `decide` runs again on the new
 * state, so it must do nothing but draft. Throws `handshake.session_not_found` for one that is over, and
 * `handshake.batch_interrupted` when `guard`, which goes into the unit as well, refuses.
 */
export function changeHandshake<T>(
  deps: HandshakeDeps,
  id: string,
  actor: Actor,
  decide: (draft: ChangeDraft, state: HandshakeState) => T,
  guard?: () => Op,
): Promise<T> {
  return deps.states.locked(id, async () => {
    let state = await deps.states.get(id)
    for (let tries = 0; tries < maxTries; tries++) {
      if (!state || isOver(deps, state)) throw handshakeErrors.sessionNotFound()
      const draft = new ChangeDraft(state, deps.ground.clock.micros(), actor.identity, actor.remote)
      const result = decide(draft, state)
      if (draft.isEmpty || (await commit(deps, state, draft, guard?.()))) return result
      state = await deps.states.reload(id)
    }
    throw new Error(`handshake ${id} kept changing under ${maxTries} tries`)
  })
}

/** Ended, or past its end. */
export function isOver(deps: HandshakeDeps, state: HandshakeState): boolean {
  return state.row.endedAt !== null || isPast(state.row, deps.ground.clock.micros())
}

async function commit(
  deps: HandshakeDeps,
  state: HandshakeState,
  draft: ChangeDraft,
  guard: Op | undefined,
): Promise<boolean> {
  const { id, version } = state.row
  const patch = draft.rowPatch()
  const puts = Array.from(draft.written(), (field) => deps.store.put(id, field))
  const drafts = draft.events
  const result = await deps.ground.log.commit({
    ops: [...(guard ? [guard] : []), deps.store.update(id, version, patch), ...puts],
    appends: drafts.length === 0 ? [] : [{ stream: streamOf(id), drafts }],
  })
  if (guard && result.outcome === 'refused' && result.op === 0) throw handshakeErrors.batchInterrupted()
  if (result.outcome !== 'committed') return false
  const appended = result.appended[0]
  draft.apply(appended ? appended.firstSeq + drafts.length - 1 : state.head, deps.options.limits.changes)
  if (patch.touchedAt !== undefined) state.savedTouch = Math.max(state.savedTouch, patch.touchedAt)
  deps.states.changed(state, weigh(drafts.length, puts))
  for (const event of appended?.events ?? []) deps.audit.tell(event)
  return true
}

function weigh(events: number, puts: readonly { params: readonly unknown[] }[]): number {
  const bytes = puts.flatMap(({ params }) => params).map((param) => String(param).length)
  return events * 200 + bytes.reduce((sum, length) => sum + length, 0) * 4
}
