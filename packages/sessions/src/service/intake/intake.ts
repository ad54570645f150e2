import type { Op } from '@parley/kernel/db'
import type { Decisions } from '@parley/kernel/decisions'
import type { Ground } from '@parley/kernel/ground'
import type { Stop } from '@parley/kernel/ids'
import type { Append } from '@parley/kernel/log'
import { type Identity, systemPrincipal, toIdentity } from '@parley/kernel/principal'
import type { PermissionRow, SessionRow, SessionsStore } from '../../store/port.js'
import { Ledger } from '../permissions/ledger.js'
import type { Incoming, Intake, Observer } from '../port.js'
import { signalLifecycle } from './lifecycle.js'
import { type Changing, type DirectAnswer, UnitPlan } from './plan.js'
import { isPlain, takeSpecial } from './special.js'

export type IntakeParts = {
  ground: Pick<Ground, 'log' | 'clock' | 'ids'>
  store: SessionsStore
  decisions: Decisions
  /** True when the application decides about permissions first. */
  hasPermissionHandler: boolean
  onFault(error: unknown, where: string): void
}

/** Rooms that act after a commit. None may throw or take long. */
export type IntakeListener = {
  /** A request is held back: a handler has to be asked. */
  undecided?(session: SessionRow, row: PermissionRow): void
  /** A host that is not linked has to be told an answer. */
  answered?(answer: DirectAnswer): void
  /** A linked host has a call waiting. */
  called?(hostId: string): void
}

export type TakeOptions = { guards?: readonly Op[]; appends?: readonly Append[]; hostId?: string }

/** The intake with what the rooms around it hold on to. */
export interface SessionsIntake extends Intake {
  /** Events of unknown or foreign sessions so far. */
  readonly dropped: number
  observe(observer: Observer): Stop
  listen(listener: IntakeListener): Stop
}

export function createIntake(parts: IntakeParts): SessionsIntake {
  return new UnitIntake(parts)
}

/** A unit is planned again when what it was planned on had moved; rows do not move that often. */
const maxAttempts = 10
const system = toIdentity(systemPrincipal)

class UnitIntake implements SessionsIntake {
  readonly #parts: IntakeParts
  readonly #observers = new Set<Observer>()
  readonly #listeners = new Set<IntakeListener>()
  #dropped = 0

  constructor(parts: IntakeParts) {
    this.#parts = parts
  }

  get dropped(): number {
    return this.#dropped
  }

  observe(observer: Observer): Stop {
    this.#observers.add(observer)
    return () => this.#observers.delete(observer)
  }

  listen(listener: IntakeListener): Stop {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async take(events: readonly Incoming[], options: TakeOptions = {}): Promise<boolean> {
    const { guards = [], appends = [], hostId } = options
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const plan = await this.#plan(events, hostId)
      const unit = { ops: [...guards, ...plan.ops], appends: [...plan.appends, ...appends] }
      if (unit.ops.length === 0 && unit.appends.length === 0) return this.#committed(plan)
      const result = await this.#parts.ground.log.commit(unit)
      if (result.outcome === 'committed') return this.#committed(plan)
      if (result.outcome === 'refused' && result.op < guards.length) return false
    }
    throw new Error('The sessions of a unit moved each time it was to be stored.')
  }

  async #plan(events: readonly Incoming[], hostId: string | undefined): Promise<UnitPlan> {
    const actor: Identity = hostId === undefined ? system : { kind: 'host', id: hostId }
    const plan = new UnitPlan({ observers: [...this.#observers], actor })
    const sessions = await this.#read(events, hostId)
    const ledger = new Ledger(this.#parts)
    const context = { ...this.#parts, plan, ledger, hostId, actor }
    for (const incoming of events) {
      const changing = sessions.get(incoming.sessionId)
      if (!changing) plan.dropped++
      else {
        const later = isPlain(incoming)
          ? plan.append(changing, incoming)
          : takeSpecial(context, changing, incoming)
        // Not awaited for nothing: a turn of the loop for each event would cost more than storing it.
        if (later) await later
      }
    }
    plan.add(...this.#changes(sessions))
    return plan
  }

  async #read(events: readonly Incoming[], hostId: string | undefined): Promise<Map<string, Changing>> {
    const ids = [...new Set(events.map(({ sessionId }) => sessionId))]
    const rows = ids.length === 0 ? [] : await this.#parts.store.sessions.findMany(ids)
    const sessions = new Map<string, Changing>()
    // In order of their ids, so that units lock rows in the same order.
    for (const row of rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
      if (hostId === undefined || row.hostId === hostId)
        sessions.set(row.id, { stored: row, row, change: {}, hasEvents: false })
    }
    return sessions
  }

  #changes(sessions: ReadonlyMap<string, Changing>): Op[] {
    const updatedAt = this.#parts.ground.clock.micros()
    return [...sessions.values()].flatMap(({ stored, change, hasEvents }) => {
      // The end of a session stays the last that changed it.
      if (!hasEvents || stored.status === 'killed') return []
      const expected = change.status === 'killed' ? { status: stored.status } : undefined
      return [this.#parts.store.sessions.change(stored.id, { ...change, updatedAt }, expected)]
    })
  }

  #committed(plan: UnitPlan): true {
    this.#dropped += plan.dropped
    for (const observer of this.#observers)
      if (observer.committed)
        for (const happened of plan.happened) this.#guarded(() => observer.committed?.(happened))
    for (const session of plan.ended) signalLifecycle(this.#parts.ground.log, session, 'session.terminated')
    for (const listener of this.#listeners) this.#guarded(() => tell(listener, plan))
    return true
  }

  #guarded(call: () => void): void {
    try {
      call()
    } catch (error) {
      this.#parts.onFault(error, 'sessions.intake')
    }
  }
}

function tell(listener: IntakeListener, plan: UnitPlan): void {
  for (const { session, row } of plan.undecided) listener.undecided?.(session, row)
  for (const answer of plan.directAnswers) listener.answered?.(answer)
  for (const hostId of plan.called) listener.called?.(hostId)
}
