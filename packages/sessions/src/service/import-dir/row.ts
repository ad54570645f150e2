// What of a session its old log tells: the log says what was sent and when, and no more.

import type { Tenant } from '@parley/kernel/principal'
import { isJsonObject } from '@parley/kernel/wire'
import type { SessionEnd, WireEvent } from '../../protocol/index.js'
import type { SessionRow } from '../../store/port.js'
import { fold } from '../intake/fold.js'
import { newRow } from '../sessions/new-row.js'
import { fromDateText } from '../times.js'
import { importer } from './importer.js'

const unknownEnd: SessionEnd = { reason: 'terminated', exitCode: null, message: null }

/** The row of a session with these events, of which there is at least one; it has ended. */
export function rowOf(id: string, events: readonly WireEvent[], tenant: Tenant): SessionRow {
  const times = events.flatMap(({ timestamp }) => fromDateText(timestamp) ?? [])
  let row = emptyRow(id, tenant)
  for (const event of events) row = { ...row, ...fold(row, event) }
  return {
    ...row,
    agentName: agentName(events),
    cwd: cwd(events),
    status: 'killed',
    processing: false,
    queue: null,
    startedAt: times.reduce((a, b) => Math.min(a, b), times[0] ?? 0),
    updatedAt: times.reduce((a, b) => Math.max(a, b), 0),
    end: row.end ?? unknownEnd,
  }
}

function emptyRow(id: string, tenant: Tenant): SessionRow {
  return {
    ...newRow,
    id,
    tenant,
    owner: importer,
    agentName: '',
    spawn: { command: 'unknown', args: [] },
    cwd: null,
    runtimeType: 'local',
    instance: 'local',
    startedAt: 0,
    updatedAt: 0,
  }
}

/** What the agent called itself when it was started. */
function agentName(events: readonly WireEvent[]): string {
  const info = payload(events, 'initialize', 'response')?.agentInfo
  const { title, name } = isJsonObject(info) ? info : {}
  const found = [title, name].find((text) => typeof text === 'string' && text !== '')
  return typeof found === 'string' ? found.slice(0, 200) : 'Imported session'
}

function cwd(events: readonly WireEvent[]): string | null {
  const found = payload(events, 'session/new', 'request')?.cwd
  return typeof found === 'string' && found !== '' ? found.slice(0, 4_096) : null
}

function payload(events: readonly WireEvent[], method: string, phase: string) {
  const found = events.find(
    ({ type, data }) => type === 'rpc' && data.method === method && data.phase === phase,
  )
  return isJsonObject(found?.data.payload) ? found.data.payload : undefined
}
