import type { Decision, Decisions } from '@parley/kernel/decisions'
import type { PermissionRow, SessionsStore } from '../../store/port.js'

export type Entry = { row: PermissionRow; decision: Decision }

/** Requests of the sessions of one unit: as they are stored, and with what the unit itself changes. */
export class Ledger {
  readonly #store: Pick<SessionsStore, 'permissions'>
  readonly #decisions: Pick<Decisions, 'find'>
  readonly #asked = new Map<string, Entry>()
  readonly #settled = new Set<string>()

  constructor(parts: { store: Pick<SessionsStore, 'permissions'>; decisions: Pick<Decisions, 'find'> }) {
    this.#store = parts.store
    this.#decisions = parts.decisions
  }

  /** Put on record in this unit. */
  asked(entry: Entry): void {
    this.#asked.set(keyOf(entry.row), entry)
  }

  /** Ended in this unit. */
  settled(row: PermissionRow): void {
    this.#settled.add(keyOf(row))
  }

  async has(sessionId: string, requestId: string): Promise<boolean> {
    if (this.#asked.has(keyOf({ sessionId, requestId }))) return true
    return (await this.#store.permissions.find(sessionId, requestId)) !== undefined
  }

  /** One that nobody has answered. */
  async unsettled(sessionId: string, requestId: string): Promise<Entry | undefined> {
    const key = keyOf({ sessionId, requestId })
    if (this.#settled.has(key)) return undefined
    const own = this.#asked.get(key)
    if (own) return own
    const row = await this.#store.permissions.find(sessionId, requestId)
    return row && row.state !== 'settled' ? await this.#withDecision(row) : undefined
  }

  /** All of a session that nobody has answered, oldest first. */
  async allUnsettled(sessionId: string): Promise<Entry[]> {
    const { permissions } = this.#store
    const [open, deciding] = await Promise.all([
      permissions.listOpen([sessionId]),
      permissions.listDeciding(),
    ])
    const rows = [...open, ...deciding].filter(
      (row) => row.sessionId === sessionId && !this.#settled.has(keyOf(row)),
    )
    const distinct = new Map(rows.map((row) => [row.requestId, row]))
    const stored = await Promise.all([...distinct.values()].map((row) => this.#withDecision(row)))
    const own = [...this.#asked.values()].filter(
      ({ row }) => row.sessionId === sessionId && !this.#settled.has(keyOf(row)),
    )
    return [...stored.filter((entry) => entry !== undefined), ...own].toSorted(
      (a, b) => a.row.askedAt - b.row.askedAt,
    )
  }

  async #withDecision(row: PermissionRow): Promise<Entry | undefined> {
    const decision = await this.#decisions.find(row.decisionId)
    return decision && { row, decision }
  }
}

const keyOf = ({ sessionId, requestId }: { sessionId: string; requestId: string }) =>
  `${sessionId}\n${requestId}`
