import type { Ground } from '@parley/kernel/ground'
import type { Stop } from '@parley/kernel/ids'
import { type SlidingLog, slidingLog } from '@parley/kernel/limits'
import { type Append, type Draft, rawJson, type StoredEvent } from '@parley/kernel/log'
import { toTimestamp } from '../protocol/index.js'
import type { Actor } from './caller.js'
import { auditStreamOf, streamOf } from './events.js'
import type { Hooks } from './hooks.js'

/** One step of a handshake's audit trail. Never holds a token, a code or a key (contract W10, 15.8). */
export type AuditRecord = {
  /** UTC, microseconds, `Z`. */
  at: string
  kind: string
  sessionId: string
  actor: { kind: 'agent' | 'browser' | 'server'; id: string }
  /** Hash of the caller's address, empty for the server itself. */
  remote: string
  detail: Record<string, unknown>
}

type Options = { ground: Ground; hooks: Hooks; onFault: (error: unknown, where: string) => void }

/** Waiting records are written when there are this many, or after `writeAfterMs`. */
const maxWaiting = 256
const writeAfterMs = 200
/** Refusals of one caller that are noted a minute: whoever is refused must not be able to fill the disk. */
const refusalsPerMinute = 60

/**
 * The append-only trail. Changes of state are events of the handshake's own stream already; this writes
 * what is not (reads and refusals) to a stream beside it, in batches that no answer waits for.
 */
export class Audit {
  readonly #ground: Ground
  readonly #hooks: Hooks
  readonly #onFault: (error: unknown, where: string) => void
  readonly #waiting = new Map<string, Draft[]>()
  #count = 0
  #timer: Stop | undefined
  readonly #writing = new Set<Promise<unknown>>()
  readonly #refusals: SlidingLog

  constructor({ ground, hooks, onFault }: Options) {
    this.#ground = ground
    this.#hooks = hooks
    this.#onFault = onFault
    this.#refusals = slidingLog({ limit: refusalsPerMinute, windowMs: 60_000, clock: ground.clock })
  }

  /** Notes a refusal; past 60 a minute of one caller and handshake they are not noted. */
  refused(id: string, kind: string, actor: Actor, detail: Record<string, unknown>): void {
    if (this.#refusals.take(`${id} ${actor.remote}`).ok) this.note(id, kind, actor, detail)
  }

  /** Notes a read. */
  note(id: string, kind: string, { identity, remote }: Actor, detail: Record<string, unknown> = {}): void {
    const body = JSON.stringify({ at: toTimestamp(this.#ground.clock.micros()), remote, ...detail })
    const drafts = this.#waiting.get(id) ?? []
    drafts.push({ type: kind, actor: identity, body: rawJson(body) })
    this.#waiting.set(id, drafts)
    this.#count += 1
    this.tell({ type: kind, actor: identity, body, stream: auditStreamOf(id) })
    if (this.#count >= maxWaiting) void this.write()
    else this.#timer ??= this.#ground.clock.after(writeAfterMs, () => void this.write())
  }

  /** Hands records of an event to the application's sinks. */
  tell(event: Pick<StoredEvent, 'type' | 'actor' | 'body' | 'stream'>): void {
    const sinks = this.#hooks.of('audit')
    if (sinks.length === 0) return
    for (const record of toAuditRecords(event)) {
      for (const sink of sinks) {
        // An async wrapper, so that a sink that throws and one that rejects are the same case.
        void (async () => sink(record))().catch((error) => this.#onFault(error, 'handshake.audit_sink'))
      }
    }
  }

  /** Writes out what waits. */
  async write(): Promise<void> {
    this.#timer?.()
    this.#timer = undefined
    const appends = Array.from(this.#waiting, ([id, drafts]) => ({ stream: auditStreamOf(id), drafts }))
    this.#waiting.clear()
    this.#count = 0
    if (appends.length > 0) this.#commit(appends)
    await Promise.all(this.#writing)
  }

  #commit(appends: Append[]): void {
    const written = this.#ground.log
      .commit({ ops: [], appends })
      .catch((error) => this.#onFault(error, 'handshake.audit'))
      .finally(() => this.#writing.delete(written))
    this.#writing.add(written)
  }

  /** The newest `limit` records, oldest first. */
  async read(id: string, limit = 1000): Promise<AuditRecord[]> {
    await this.write()
    const [own, beside] = await Promise.all([
      this.#ground.log.last(streamOf(id), { limit }),
      this.#ground.log.last(auditStreamOf(id), { limit }),
    ])
    const records = [...own, ...beside].flatMap(toAuditRecords)
    return records.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).slice(-limit)
  }
}

const kindOf: Record<string, string> = {
  'handshake.created': 'session.created',
  'field.set': 'action.applied',
  'field.edited': 'edit.recorded',
  'batch.done': 'action.refused',
  'handshake.extended': 'session.extended',
  'handshake.claimed': 'claim.ok',
  'handshake.revoked': 'session.revoked',
  'handshake.expired': 'session.expired',
}

const actorKinds: Record<string, AuditRecord['actor']['kind']> = { agent: 'agent', user: 'browser' }

/** The records in an event: one, or one per refused action of a batch. */
function toAuditRecords(event: Pick<StoredEvent, 'type' | 'actor' | 'body' | 'stream'>): AuditRecord[] {
  if (event.type === 'frame.pushed') return []
  const body = JSON.parse(event.body) as Record<string, unknown> | null
  // An erased event keeps its row; there is nothing left to tell.
  if (!body) return []
  const { at, remote, ...rest } = body
  const record = {
    at: String(at),
    kind: kindOf[event.type] ?? event.type,
    sessionId: event.stream.slice(event.stream.indexOf(':') + 1),
    actor: { kind: actorKinds[event.actor.kind] ?? ('server' as const), id: event.actor.id },
    remote: String(remote ?? ''),
  }
  if (event.type === 'batch.done') return refusals(rest).map((detail) => ({ ...record, detail }))
  return [{ ...record, detail: withoutValues(rest) }]
}

function refusals(body: Record<string, unknown>): Record<string, unknown>[] {
  const errors = body.errors as { key?: string; msg: string; action?: unknown }[]
  const rejected = (body.rejected as string[]).filter((key) => !errors.some((error) => error.key === key))
  return [
    ...rejected.map((key) => ({ key, outcome: 'rejected' })),
    ...errors.map(({ key, msg }) => ({ ...(key !== undefined && { key }), outcome: 'error', msg })),
  ]
}

// The trail says who did what to which field; the values themselves are in the change history.
function withoutValues({ from: _from, value: _value, values: _values, ...rest }: Record<string, unknown>) {
  return rest
}
