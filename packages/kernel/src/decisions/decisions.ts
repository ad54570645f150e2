import type { Op } from '../db/index.js'
import { kernelErrors, type ParleyError } from '../errors/index.js'
import type { Ground } from '../ground/index.js'
import type { Stop, StreamId } from '../ids/index.js'
import type { Log } from '../log/index.js'
import { decisionErrors } from './errors.js'
import { Expiry } from './expiry.js'
import { type DecisionLimits, defaultDecisionLimits } from './limits.js'
import type {
  AnsweredDecision,
  Decision,
  DecisionDraft,
  DecisionHandler,
  DecisionId,
  DecisionQuery,
  Decisions,
  GivenAnswer,
  OpenDecision,
  SettledDecision,
  ToDrafts,
  WithdrawnDecision,
} from './port.js'
import { assertAnswer, assertDraft, isText } from './question.js'
import { assertMayAnswer, assertOpen, refusalOf } from './refusals.js'
import { type DecisionStatements, decisionStatements } from './statements.js'
import { Waits } from './waits.js'

export type DecisionsOptions = {
  /** Of the log only what is needed: a plane may put its own way of committing here. */
  ground: Pick<Ground, 'db' | 'clock' | 'ids'> & { log: Pick<Log, 'commit' | 'tap'> }
  limits?: Partial<DecisionLimits>
  /** Told of an expiry that failed; it is tried again. */
  onFault?(error: unknown, where: string): void
}

/** Decisions in the table `decisions`. Register handlers, then `start`; close it before the ground. */
export function createDecisions(options: DecisionsOptions): Decisions {
  return new TableDecisions(options)
}

class TableDecisions implements Decisions {
  readonly #ground: DecisionsOptions['ground']
  readonly #limits: DecisionLimits
  readonly #statements: DecisionStatements
  readonly #expiry: Expiry
  readonly #waits: Waits

  constructor({ ground, limits, onFault = () => {} }: DecisionsOptions) {
    const { db, log, clock } = ground
    this.#ground = ground
    this.#limits = { ...defaultDecisionLimits, ...limits }
    this.#statements = decisionStatements(db)
    this.#expiry = new Expiry({ log, clock, statements: this.#statements, limits: this.#limits, onFault })
    this.#waits = new Waits({ log, find: (id) => this.find(id), maxWaits: this.#limits.maxWaits })
  }

  prepare(draft: DecisionDraft): OpenDecision {
    const { clock, ids } = this.#ground
    const createdAt = clock.micros()
    assertDraft(draft, this.#limits, createdAt)
    const { stream, kind, question, asker, mayAnswer = 'anyone-but-asker' } = draft
    const { deadline = null, tenantKey = null } = draft
    const id = ids.next('dec')
    return { id, stream, kind, question, asker, mayAnswer, deadline, tenantKey, createdAt, state: 'open' }
  }

  askOps(decision: OpenDecision): Op[] {
    if (decision.deadline !== null) this.#expiry.note(decision.deadline)
    return [this.#statements.insert(decision, this.#limits.maxOpenPerStream)]
  }

  answerOps(decision: Decision, given: GivenAnswer): Op[] {
    return [this.#statements.answer(this.#toAnswered(decision, given))]
  }

  withdrawOps(id: DecisionId): Op[] {
    return [this.#statements.withdraw(id)]
  }

  expireOps(id: DecisionId): Op[] {
    return [this.#statements.expire(id, this.#ground.clock.micros())]
  }

  forgetOps(stream: StreamId): Op[] {
    return [this.#statements.forget(stream)]
  }

  async refusal(id: DecisionId): Promise<ParleyError | undefined> {
    const decision = await this.find(id)
    return decision ? refusalOf(decision, this.#ground.clock.micros()) : notFound(id)
  }

  async ask(draft: DecisionDraft, toDrafts: ToDrafts<OpenDecision>): Promise<OpenDecision> {
    const decision = this.prepare(draft)
    const { stream } = decision
    if (await this.#commit(decision, this.askOps(decision), toDrafts)) return decision
    throw decisionErrors.tooManyOpen({ details: { stream, limit: this.#limits.maxOpenPerStream } })
  }

  async answer(
    id: DecisionId,
    given: GivenAnswer,
    toDrafts: ToDrafts<AnsweredDecision>,
  ): Promise<AnsweredDecision> {
    const answered = this.#toAnswered(await this.get(id), given)
    if (await this.#commit(answered, [this.#statements.answer(answered)], toDrafts)) return answered
    throw await this.#lost(id)
  }

  async withdraw(id: DecisionId, toDrafts: ToDrafts<WithdrawnDecision>): Promise<WithdrawnDecision> {
    const decision = await this.get(id)
    assertOpen(decision, this.#ground.clock.micros())
    const withdrawn = { ...decision, state: 'withdrawn' } as const
    if (await this.#commit(withdrawn, this.withdrawOps(id), toDrafts)) return withdrawn
    throw await this.#lost(id)
  }

  async find(id: DecisionId): Promise<Decision | undefined> {
    return isText(id) ? await this.#statements.find(id) : undefined
  }

  async get(id: DecisionId): Promise<Decision> {
    const decision = await this.find(id)
    if (!decision) throw notFound(id)
    return decision
  }

  open(stream: StreamId): Promise<OpenDecision[]> {
    return this.#statements.open(stream)
  }

  list(query: DecisionQuery): Promise<Decision[]> {
    return this.#statements.list(query)
  }

  async settled(id: DecisionId, { signal }: { signal?: AbortSignal } = {}): Promise<SettledDecision> {
    signal?.throwIfAborted()
    const decision = await this.get(id)
    return decision.state === 'open' ? await this.#waits.until(decision, signal) : decision
  }

  register(kind: string, handler: DecisionHandler): Stop {
    return this.#expiry.register(kind, handler)
  }

  start(): void {
    this.#expiry.start()
  }

  async close(): Promise<void> {
    this.#waits.close()
    await this.#expiry.close()
  }

  #toAnswered(decision: Decision, { answer, by, automatic = false }: GivenAnswer): AnsweredDecision {
    const answeredAt = this.#ground.clock.micros()
    assertMayAnswer(decision, by)
    assertOpen(decision, answeredAt)
    assertAnswer(decision.question, answer, this.#limits)
    return { ...decision, state: 'answered', answer, answeredBy: by, answeredAt, automatic }
  }

  /** False when the decision's statement refused the unit. */
  async #commit<State extends Decision>(
    decision: State,
    ops: Op[],
    toDrafts: ToDrafts<State>,
  ): Promise<boolean> {
    const appends = [{ stream: decision.stream, drafts: toDrafts(decision) }]
    const { outcome } = await this.#ground.log.commit({ ops, appends })
    return outcome === 'committed'
  }

  /** Whoever was faster decided. */
  async #lost(id: DecisionId): Promise<ParleyError> {
    const refusal = await this.refusal(id)
    return refusal ?? kernelErrors.internal({ message: `The open decision ${id} could not be settled.` })
  }
}

const notFound = (id: DecisionId) => decisionErrors.notFound({ details: { id } })
