import type { Op } from '../db/port.js'
import type { ParleyError } from '../errors/index.js'
import type { Brand, Micros, Stop, StreamId } from '../ids/index.js'
import type { Append, Draft } from '../log/port.js'
import type { Identity } from '../principal/index.js'
import type { FormSchema } from './form-schema.js'

/** `dec_<32 hex>`. */
export type DecisionId = Brand<string, 'DecisionId'>

/** One thing to choose. `kind` is free for the plane, for example `allow_once`. */
export type Option = { readonly id: string; readonly label: string; readonly kind?: string }

/** What is asked: options, a form or both. Everything else in it (a title, the call to approve) is the plane's. */
export type Question = {
  readonly options?: readonly Option[]
  readonly form?: FormSchema
  readonly [more: string]: unknown
}

/**
 * What was chosen. A question with options wants the `option`, one with a form wants the `values`; one with both wants
 * at least one of the two, so that "cancel" needs no values. Whatever is given has to fit.
 */
export type Answer = { readonly option?: string; readonly values?: Readonly<Record<string, unknown>> }

/**
 * Who may answer: everybody but the asker, or those named as `<kind>:<id>` (`identityKey`). The asker never may. That the
 * answerer belongs to the room at all is checked by the plane before.
 */
export type MayAnswer = 'anyone-but-asker' | readonly string[]

/** What a plane says when it asks. */
export type DecisionDraft = {
  /** Where it is asked, and where its events are appended. */
  stream: StreamId
  /** Free text of the plane, for example `form`, `permission`, `tool.approval`. Expiry goes by it: see `register`. */
  kind: string
  question: Question
  asker: Identity
  /** Default `anyone-but-asker`. */
  mayAnswer?: MayAnswer
  /** Absent: it stays open until somebody answers or withdraws it. */
  deadline?: Micros
  /** Whose list it is in (`tenantKey`). Absent: in nobody's. */
  tenantKey?: string
}

type Asked = Readonly<Required<Omit<DecisionDraft, 'deadline' | 'tenantKey'>>> & {
  readonly id: DecisionId
  readonly deadline: Micros | null
  readonly tenantKey: string | null
  readonly createdAt: Micros
}

/** Somebody still has to choose. */
export type OpenDecision = Asked & { readonly state: 'open' }

/** Somebody chose. */
export type AnsweredDecision = Asked & {
  readonly state: 'answered'
  readonly answer: Answer
  readonly answeredBy: Identity
  readonly answeredAt: Micros
  /** Nobody looked: a standing rule of `answeredBy` (auto-approve) gave the answer. */
  readonly automatic: boolean
}

/** Nobody chose in time. */
export type ExpiredDecision = Asked & { readonly state: 'expired' }

/** Nobody has to choose any more. */
export type WithdrawnDecision = Asked & { readonly state: 'withdrawn' }

export type SettledDecision = AnsweredDecision | ExpiredDecision | WithdrawnDecision
export type Decision = OpenDecision | SettledDecision
export type DecisionState = Decision['state']

/** An answer and who gives it. */
export type GivenAnswer = { answer: Answer; by: Identity; automatic?: boolean }

export type DecisionQuery = {
  /** Only those of these tenants (`visibleTenantKeys`); none for an empty list. */
  tenantKeys: readonly string[]
  /** Default: every state. */
  state?: DecisionState
  /** Only those asked before this one: the last of the page before. */
  before?: { createdAt: Micros; id: string }
  /** Default 50, at most 200. */
  limit?: number
}

/** What a plane does for its kind of decision. */
export type DecisionHandler = {
  /**
   * The events of an expiry, committed with it. At least one goes to the decision's own stream: whoever waits on another
   * node learns of it that way. May be called on several nodes; only one of them commits.
   */
  expired(decision: ExpiredDecision): readonly Append[]
}

/** The events of a change, appended to the decision's stream in the same unit; at least one. */
export type ToDrafts<State extends Decision> = (decision: State) => readonly Draft[]

/**
 * "Somebody must choose." A decision is answered once: whichever unit commits first settles it, and everybody else is told
 * who decided. Rows are changed by statements, so that a plane can put its own rows and events into the same unit; every
 * unit that settles a decision appends an event to the decision's stream.
 *
 * Prompts that a foreign gateway resolves in itself (its own approval buttons, a terminal of its own) are no decisions:
 * nothing here could keep the promise that they are answered once.
 */
export interface Decisions {
  /** The decision as it will be asked, with its id and time. Throws `decision.invalid_question`. */
  prepare(draft: DecisionDraft): OpenDecision
  /** Asks. Refuses its unit when the stream has too many open ones. */
  askOps(decision: OpenDecision): Op[]
  /**
   * Answers. Throws what can be told from the decision as it was read: `decision.asker_may_not_answer`, `.not_allowed`,
   * `.already_settled`, `.expired`, `.invalid_answer`. Refuses its unit when it was settled or its time is over meanwhile.
   */
  answerOps(decision: Decision, given: GivenAnswer): Op[]
  /** Withdraws. Refuses its unit when it is not open any more. */
  withdrawOps(id: DecisionId): Op[]
  /** Expires. Refuses its unit when it is not open any more or its deadline is not here yet. */
  expireOps(id: DecisionId): Op[]
  /** Forgets every decision of a stream, for a plane that drops it. Whoever waits learns it when the stream is dropped. */
  forgetOps(stream: StreamId): Op[]
  /**
   * Why a unit with `answerOps` or `withdrawOps` was refused: `decision.not_found`, `.already_settled` or `.expired`.
   * Undefined when the decision is open: then another statement of the unit refused it.
   */
  refusal(id: DecisionId): Promise<ParleyError | undefined>

  /** Asks in a unit of its own. Throws `decision.invalid_question`, `decision.too_many_open`. */
  ask(draft: DecisionDraft, toDrafts: ToDrafts<OpenDecision>): Promise<OpenDecision>
  /** Answers in a unit of its own. Throws what `answerOps` throws, and `decision.not_found`. */
  answer(id: DecisionId, given: GivenAnswer, toDrafts: ToDrafts<AnsweredDecision>): Promise<AnsweredDecision>
  /** Withdraws in a unit of its own. Throws `decision.not_found`, `.already_settled`, `.expired`. */
  withdraw(id: DecisionId, toDrafts: ToDrafts<WithdrawnDecision>): Promise<WithdrawnDecision>

  find(id: DecisionId): Promise<Decision | undefined>
  /** Throws `decision.not_found`. */
  get(id: DecisionId): Promise<Decision>
  /** Open decisions of a stream, oldest first. */
  open(stream: StreamId): Promise<OpenDecision[]>
  /** Newest first. */
  list(query: DecisionQuery): Promise<Decision[]>

  /**
   * Resolves with the decision once it is settled, on whichever node. Rejects with the signal's reason, with
   * `decision.not_found`, with `kernel.unavailable` when too many wait, and with `kernel.closed` when this is closed.
   */
  settled(id: DecisionId, options?: { signal?: AbortSignal }): Promise<SettledDecision>

  /** From now on this node expires decisions of the kind. Throws `kernel.invalid_request` for a kind that has a handler. */
  register(kind: string, handler: DecisionHandler): Stop
  /** Begins to expire what is due, decisions from before a restart included. Calling it twice is harmless. */
  start(): void
  /** Stops expiring and ends every wait; resolves when nothing is under way. The log stays open. */
  close(): Promise<void>
}
