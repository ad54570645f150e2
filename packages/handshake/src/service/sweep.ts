import type { Micros, Stop } from '@parley/kernel/ids'
import { toTimestamp } from '../protocol/index.js'
import { serverActor } from './caller.js'
import type { HandshakeDeps } from './deps.js'
import { auditStreamOf, draftEvent, streamOf } from './events.js'

const batchSize = 500
/** Batches of one sweep; what is left waits for the next. */
const maxBatches = 200
/** A touch may be a few seconds old before the database knows it; nobody else's handshake is ended in that time. */
const slackMicros = 6e6

/** Ends what has expired and forgets what ended long ago. Answers how many were ended. */
export async function sweep(deps: HandshakeDeps): Promise<number> {
  const now = deps.ground.clock.micros()
  const ended = await endDue(deps, now - slackOf(deps))
  await forgetOld(deps, now - deps.options.keepEndedSeconds * 1e6)
  return ended
}

const slackOf = ({ ground }: HandshakeDeps) => (ground.db.exclusive ? 0 : slackMicros)

async function endDue(deps: HandshakeDeps, before: Micros): Promise<number> {
  let ended = 0
  for (let batch = 0; batch < maxBatches; batch++) {
    const ids = await deps.store.due(before, batchSize)
    // Together: the log commits them as one group.
    const endings = await Promise.all(ids.map((id) => expire(deps, id)))
    const count = endings.filter(Boolean).length
    ended += count
    // Those that were touched meanwhile stay due until their touch is written: they must not keep us here.
    if (ids.length < batchSize || count === 0) break
  }
  return ended
}

/** Ends one handshake whose end has passed. False when it was touched or ended meanwhile. */
export async function expire(deps: HandshakeDeps, id: string): Promise<boolean> {
  const now = deps.ground.clock.micros()
  // This node may know of a touch that the database does not.
  const held = deps.states.peek(id)
  if (held && now - held.row.touchedAt <= held.row.ttlSeconds * 1e6) {
    deps.touches.save(held)
    return false
  }
  const event = draftEvent('handshake.expired', serverActor.identity, { at: toTimestamp(now) })
  const result = await deps.ground.log.commit({
    ops: [deps.store.expire(id, now)],
    appends: [{ stream: streamOf(id), drafts: [event] }],
  })
  deps.states.forget(id)
  if (result.outcome !== 'committed') return false
  for (const { events } of result.appended) deps.audit.tell(events[0]!)
  return true
}

async function forgetOld(deps: HandshakeDeps, before: Micros): Promise<void> {
  for (let batch = 0; batch < maxBatches; batch++) {
    const ids = await deps.store.endedBefore(before, batchSize)
    for (const id of ids) await forget(deps, id)
    if (ids.length < batchSize) break
  }
}

// WHY: the row goes last. Whoever is cut off in the middle finds it again; streams without a row nobody would find.
async function forget(deps: HandshakeDeps, id: string): Promise<void> {
  await deps.ground.log.drop(auditStreamOf(id))
  await deps.ground.log.drop(streamOf(id))
  await deps.ground.log.commit({ ops: deps.store.remove(id), appends: [] })
  deps.states.forget(id)
}

/** Sweeps again and again; never keeps the process alive. Answers how to stop, which waits for a sweep under way. */
export function startSweep(
  deps: HandshakeDeps,
  { intervalSeconds }: { intervalSeconds: number },
): () => Promise<void> {
  let isStopped = false
  let stopTimer: Stop = () => {}
  let running: Promise<void> = Promise.resolve()
  const again = () => {
    stopTimer = deps.ground.clock.after(intervalSeconds * 1000, () => {
      running = sweep(deps)
        .then(
          () => undefined,
          (error) => deps.onFault(error, 'handshake.sweep'),
        )
        .finally(() => {
          if (!isStopped) again()
        })
    })
  }
  again()
  return async () => {
    isStopped = true
    stopTimer()
    await running
  }
}
