// Hosts that stay away (section 13.7).
import type { Stop } from '@parley/kernel/ids'
import { linkLimits } from '../../protocol/index.js'
import type { HostRow } from '../../store/port.js'
import { holderOf } from './host-links.js'
import type { HostsDeps } from './parts.js'
import { endSessions } from './roster.js'

const everyMs = 60_000

/**
 * Notes hosts whose link ended with their node, and ends the sessions of those that were away for seven days. Answers how
 * to stop.
 */
export function startLostHostSweep(
  deps: HostsDeps,
  isHere: (hostId: string) => boolean,
): () => Promise<void> {
  const { clock } = deps.ground
  let stopTimer: Stop = () => {}
  let isStopped = false
  let running = Promise.resolve()
  const sweep = () => {
    running = tendHosts(deps, isHere)
      .catch((error: unknown) => deps.onFault(error, 'sessions.hosts'))
      .then(() => {
        if (!isStopped) stopTimer = clock.after(everyMs, sweep)
      })
  }
  stopTimer = clock.after(everyMs, sweep)
  return async () => {
    isStopped = true
    stopTimer()
    await running
  }
}

async function tendHosts(deps: HostsDeps, isHere: (hostId: string) => boolean): Promise<void> {
  for (const host of await deps.store.hosts.list()) if (!isHere(host.id)) await tend(deps, host)
}

async function tend(deps: HostsDeps, { id, acked, lostAt }: HostRow): Promise<void> {
  const { store, ground } = deps
  const now = ground.clock.micros()
  if (lostAt === null) {
    if (acked === null || (await holderOf(deps, id)) !== undefined) return
    return void (await ground.log.commit({ ops: [store.hosts.setLost(id, now)], appends: [] }))
  }
  if (now - lostAt < linkLimits.hostLostAfterMs * 1_000) return
  const active = await store.sessions.listActive({ hostId: id })
  await endSessions(
    deps,
    active.map((session) => session.id),
    'host lost',
  )
}
