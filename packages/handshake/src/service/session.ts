import {
  type FieldEntry,
  fieldOf,
  jsonBytes,
  missingKeys,
  onAgentSet,
  onCreate,
  type Provenance,
  parseSince,
  toTimestamp,
  type Verdict,
  validateValue,
} from '../protocol/index.js'
import type { Actor } from './caller.js'
import type { HandshakeDeps } from './deps.js'
import type { ChangeRecord } from './events.js'
import { type PendingWrite, SessionWrites } from './session-writes.js'
import { fieldsOf, type HandshakeState, isPast, secondsLeft, valueBytes } from './state.js'

/** A JSON object that goes to the sockets of a handshake. */
export type PushedFrame = { type: string; [member: string]: unknown }

/**
 * One handshake as hooks and mode handlers see it. Reads answer the newest state of this node with this
 * session's own writes on top. Writes are collected and stored by `flush` (or a push), all of them together;
 * a field that the user locked in between is dropped then, never overwritten.
 */
export class HandshakeSession {
  readonly id: string
  /** Plain value; only on the create result and in the create hook, else undefined. */
  readonly token: string | undefined
  readonly #deps: HandshakeDeps
  readonly #writes: SessionWrites
  #state: HandshakeState

  constructor(deps: HandshakeDeps, state: HandshakeState, actor: Actor, token?: string) {
    this.id = state.row.id
    this.token = token
    this.#deps = deps
    this.#state = state
    this.#writes = new SessionWrites(deps, state.row.id, actor)
  }

  // The copy may have been replaced since; the newest one counts.
  get #now(): HandshakeState {
    this.#state = this.#deps.states.peek(this.id) ?? this.#state
    return this.#state
  }

  get mode(): string | null {
    return this.#now.row.mode
  }
  /** Name of the mode handler that was chosen at creation. */
  get handler(): string {
    return this.#now.row.handler
  }
  /** Field definitions as they were sent. Settable while the session is being set up. */
  get schema(): unknown[] {
    return this.#now.row.schema
  }
  set schema(schema: unknown[]) {
    this.#now.row.schema = schema
    this.#now.fields = undefined
  }
  /** Never on the wire. The create hook may set it. */
  get owner(): unknown {
    return this.#now.row.owner
  }
  set owner(owner: unknown) {
    this.#now.row.owner = owner
  }
  /** Echoed to agents. The create hook may set it. */
  get meta(): Record<string, unknown> {
    return this.#now.row.meta
  }
  set meta(meta: Record<string, unknown>) {
    this.#now.row.meta = meta
  }
  get ttlSeconds(): number {
    return this.#now.row.ttlSeconds
  }
  get createdAt(): Date {
    return new Date(this.#now.row.createdAt / 1000)
  }
  get touchedAt(): Date {
    return new Date(this.#now.row.touchedAt / 1000)
  }
  /** Open sockets. */
  get clients(): number {
    return this.#deps.sockets.count(this.id)
  }
  /** Key to value, who wrote it, and when. */
  get values(): Record<string, FieldEntry> {
    const entries = Array.from(this.#writes.over(this.#now).values(), ({ key, value, by, at }) => {
      return [key, { value, by: by as Provenance, at: toTimestamp(at) }] as const
    })
    return Object.fromEntries(entries)
  }
  /** Key to value. */
  get data(): Record<string, unknown> {
    const fields = this.#writes.over(this.#now).values()
    return Object.fromEntries(Array.from(fields, ({ key, value }) => [key, value]))
  }
  /** The newest 200 changes, oldest first. */
  get changes(): readonly ChangeRecord[] {
    return this.#now.changes
  }

  touch(): void {
    this.#deps.touches.touch(this.#now)
  }
  isExpired(): boolean {
    return isPast(this.#now.row, this.#deps.ground.clock.micros())
  }
  /** Whole seconds that are left. */
  expiresIn(): number {
    return secondsLeft(this.#now.row, this.#deps.ground.clock.micros())
  }
  /** Adds to the time to live and starts it anew; answers the seconds that are left. Stored by `flush`. */
  extend(seconds: number): number {
    this.#writes.extend(seconds)
    return this.ttlSeconds + seconds
  }
  /** Counts one call against the handshake's rate; false when it is used up. */
  takeRateToken(): boolean {
    return this.#deps.rates.agent(this.id).ok
  }
  /** Writes a value at creation, without a change record. */
  seed(key: string, value: unknown): void {
    const { values, row } = this.#now
    values.set(key, { key, value, by: onCreate(value), at: row.createdAt })
  }
  /** Writes a value under the rules of forms; false when the user holds the field. */
  setValue(key: string, value: unknown, source: 'ai' | 'user'): boolean {
    const now = this.#writes.fieldOver(this.#now, key)?.by as Provenance | undefined
    if (source === 'ai' && onAgentSet(now) === 'locked') return false
    this.#writes.add({ key, value, source, rules: 'form' })
    return true
  }
  /** Writes a value without provenance or locks, and its change record. The old value is found when it is stored. */
  recordChange(key: string, _from: unknown, to: unknown, by: string): void {
    this.#writes.add({ key, value: to, source: by, rules: 'plain' })
  }
  validateValue(key: string, value: unknown): Verdict {
    return validateValue(value, fieldOf(fieldsOf(this.#now), key), this.#deps.options)
  }
  /** The same, where a validator of the application that throws refuses this one value and is reported as a fault. */
  tryValidate(key: string, value: unknown): Verdict {
    try {
      return this.validateValue(key, value)
    } catch (error) {
      this.#deps.onFault(error, 'handshake.validator')
      return { ok: false, message: 'internal error' }
    }
  }
  context(): Record<string, FieldEntry> {
    return this.values
  }
  /** Required fields that are blank, in the order of the schema. */
  missing(): string[] {
    return this.missingOver(this.#writes.over(this.#now))
  }
  /** The same for other values. */
  missingOver(values: ReadonlyMap<string, { value: unknown }>): string[] {
    return missingKeys(fieldsOf(this.#now), (key) => values.get(key)?.value)
  }
  /** Kept changes strictly later than an instant (ISO 8601). */
  changesSince(instant: string): ChangeRecord[] {
    const since = parseSince(instant) ?? 0
    return this.changes.filter((change) => (parseSince(change.at) ?? 0) > since)
  }
  /** True when the key has a value, pending ones included. */
  has(key: string): boolean {
    return this.#writes.fieldOver(this.#now, key) !== undefined
  }
  /** Keys with a value, pending ones included. */
  get size(): number {
    return this.#writes.sizeOver(this.#now)
  }
  /** False when all values together would be larger than a session may be (`limits.sessionBytes`). */
  hasRoomFor(key: string, value: unknown): boolean {
    const bytes = valueBytes(this.#now, key) + this.#writes.bytes + jsonBytes(value)
    return bytes <= this.#deps.options.limits.sessionBytes
  }
  /** Stores what was written, then sends the frame to every socket; answers how many that were. */
  async push(frame: PushedFrame): Promise<number> {
    this.announce(frame)
    await this.flush()
    return this.clients
  }
  /** Like `push`, but the frame leaves with the next `flush`. Answers how many sockets it will reach. */
  announce(frame: PushedFrame): number {
    this.#writes.announce(frame)
    return this.clients
  }
  /** Stores what was written and answers what was dropped because the user was faster. */
  flush(): Promise<readonly PendingWrite[]> {
    return this.#writes.flush()
  }
  /** What a flush is to store beside the values. */
  get writes(): SessionWrites {
    return this.#writes
  }
  /** Current time in the form of the wire. */
  now(): string {
    return toTimestamp(this.#deps.ground.clock.micros())
  }
  /** Never holds a token. */
  toJSON(): Record<string, unknown> {
    const { id: sessionId, mode, schema, meta } = this
    return {
      sessionId,
      mode,
      schema,
      context: this.context(),
      missing: this.missing(),
      meta,
      expiresIn: this.expiresIn(),
    }
  }
}
