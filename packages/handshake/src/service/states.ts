import type { Ground } from '@parley/kernel/ground'
import type { FieldRow, HandshakeRow, HandshakeStore } from '../store/port.js'
import { type ChangeRecord, streamOf, toChange } from './events.js'
import { type HandshakeState, measure } from './state.js'

type Options = {
  ground: Ground
  store: HandshakeStore
  /** Change records kept of each (contract 3.4). Default 200. */
  keptChanges?: number
  /** Copies kept. Default 10,000. */
  maxStates?: number
  /** About how many bytes they may hold together. Default 256 MiB. */
  maxWeight?: number
}

/** This node's copies of handshakes: loaded on demand, always current, the least used ones forgotten. */
export class States {
  readonly #ground: Ground
  readonly #store: HandshakeStore
  readonly #keptChanges: number
  readonly #maxStates: number
  readonly #maxWeight: number
  readonly #states = new Map<string, HandshakeState>()
  readonly #loading = new Map<string, Promise<HandshakeState | undefined>>()
  readonly #locks = new Map<string, Promise<unknown>>()
  #weight = 0

  constructor({
    ground,
    store,
    keptChanges = 200,
    maxStates = 10_000,
    maxWeight = 256 * 1024 * 1024,
  }: Options) {
    this.#ground = ground
    this.#store = store
    this.#keptChanges = keptChanges
    this.#maxStates = maxStates
    this.#maxWeight = maxWeight
  }

  /** The handshake as it is now, ended ones included; undefined when there is none. */
  async get(id: string): Promise<HandshakeState | undefined> {
    const held = this.#states.get(id)
    if (held && (this.#ground.db.exclusive || (await this.#isCurrent(held)))) {
      this.#use(id, held)
      return held
    }
    return this.reload(id)
  }

  /** The copy at hand, without asking the database. */
  peek(id: string): HandshakeState | undefined {
    return this.#states.get(id)
  }

  /** Reads it anew; callers of the same moment share one reading. */
  reload(id: string): Promise<HandshakeState | undefined> {
    const running = this.#loading.get(id)
    if (running) return running
    const loading = this.#load(id).finally(() => this.#loading.delete(id))
    this.#loading.set(id, loading)
    return loading
  }

  add(state: HandshakeState): void {
    this.forget(state.row.id)
    this.#weight += state.weight
    this.#states.set(state.row.id, state)
    this.#evict()
  }

  forget(id: string): void {
    const held = this.#states.get(id)
    if (!held) return
    this.#weight -= held.weight
    this.#states.delete(id)
  }

  /** Says that a commit has brought this copy up to date, and by how much it has grown. */
  changed(state: HandshakeState, bytes: number): void {
    const held = this.#states.get(state.row.id)
    // WHY: the copy may have been evicted, or read anew, while the commit was on its way. Without this an older one
    //      could take its place, and where nobody else writes nobody would notice.
    if (held !== state && (!held || held.row.version < state.row.version)) this.add(state)
    this.#grow(state, bytes)
    this.#evict()
  }

  /** Runs one task of a handshake after the other on this node. */
  async locked<T>(id: string, task: () => Promise<T>): Promise<T> {
    const before = this.#locks.get(id) ?? Promise.resolve()
    const run = before.then(task, task)
    const settled = run.catch(() => undefined)
    this.#locks.set(id, settled)
    void settled.then(() => {
      if (this.#locks.get(id) === settled) this.#locks.delete(id)
    })
    return run
  }

  async #isCurrent(state: HandshakeState): Promise<boolean> {
    const stored = await this.#store.version(state.row.id)
    if (!stored || stored.version !== state.row.version) return false
    // Another node may have been asked more recently.
    if (stored.touchedAt > state.row.touchedAt) state.row = { ...state.row, touchedAt: stored.touchedAt }
    return true
  }

  async #load(id: string): Promise<HandshakeState | undefined> {
    for (;;) {
      const row = await this.#store.find(id)
      if (!row) {
        this.forget(id)
        return undefined
      }
      const [fields, history] = await Promise.all([this.#store.fields(id), this.#history(row)])
      const after = await this.#store.version(id)
      // Row, values and history were read one after the other: take them only if nothing moved meanwhile.
      if (after?.version !== row.version) continue
      const held = this.#states.get(id)
      if (held && held.row.version >= row.version) return held
      const state = toState(row, fields, history, held)
      this.add(state)
      return state
    }
  }

  /** The newest changes, read from the end of the stream until there are enough. */
  async #history({ id, changes: total }: HandshakeRow): Promise<{ changes: ChangeRecord[]; head: number }> {
    const wanted = Math.min(total, this.#keptChanges)
    let changes: ChangeRecord[] = []
    let before: number | undefined
    let head = 0
    do {
      const page = await this.#ground.log.last(streamOf(id), { limit: Math.max(2, wanted * 2), before })
      if (page.length === 0) break
      head = Math.max(head, page.at(-1)!.seq)
      before = page[0]!.seq
      changes = [...page.map(toChange).filter((change) => change !== undefined), ...changes]
    } while (changes.length < wanted && before > 1)
    return { changes: changes.slice(changes.length - wanted), head }
  }

  /** Weighs again when it has doubled: what left the history is not counted for ever. */
  #grow(state: HandshakeState, bytes: number): void {
    const before = state.weight
    state.weight += bytes
    state.grown += bytes
    if (state.grown > 64 * 1024 && state.grown * 2 > state.weight) {
      state.weight = measure(state)
      state.grown = 0
    }
    if (this.#states.get(state.row.id) === state) this.#weight += state.weight - before
  }

  #use(id: string, state: HandshakeState): void {
    this.#states.delete(id)
    this.#states.set(id, state)
  }

  #evict(): void {
    while (this.#states.size > this.#maxStates || (this.#weight > this.#maxWeight && this.#states.size > 1)) {
      const oldest = this.#states.keys().next().value as string
      // A touch that was not written yet must not be lost with the copy.
      const state = this.#states.get(oldest)!
      this.forget(oldest)
      if (state.row.touchedAt > state.savedTouch) this.onEvicted(state)
    }
  }

  /** Told of a copy that goes with a touch that the database does not know. */
  onEvicted: (state: HandshakeState) => void = () => {}
}

function toState(
  row: HandshakeRow,
  fields: FieldRow[],
  { changes, head }: { changes: ChangeRecord[]; head: number },
  held?: HandshakeState,
): HandshakeState {
  const touchedAt = Math.max(row.touchedAt, held?.row.touchedAt ?? 0)
  const values = new Map(fields.map((field) => [field.key, field]))
  const weight = measure({ row, values, changes })
  return { row: { ...row, touchedAt }, values, changes, head, savedTouch: row.touchedAt, weight, grown: 0 }
}
