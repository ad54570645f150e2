import type { OutboundResult } from '../../protocol/index.js'
import type { Receipt } from '../receipts/index.js'
import { callAll } from './calls.js'
import type { Job, Lane, Turn } from './lane.js'
import { isCosmetic, isFinal, type Parts } from './parts.js'
import { type Asked, type Prepared, prepare, refusalOf } from './prepare.js'
import { opsAfter, opsBefore } from './records.js'
import { failureOf, stopping, unsure, waitedTooLong } from './results.js'
import { type End, endOf, notDone } from './results-of.js'

/** What has waited so long for its platform is not sent any more: nobody expects it now. */
const longestWaitMs = 900_000
/** An approval that is older is asked for again before the call. */
const approvedMs = 5_000

/** One action in its lane, from the check whether it may be done to its receipt. */
export class Work implements Job {
  readonly owner: string
  readonly mergeKey?: string
  readonly ready: Promise<boolean>
  /** What is answered. Never rejects. */
  readonly result: Promise<OutboundResult>
  readonly #parts: Parts
  readonly #asked: Asked
  readonly #receipt: Receipt
  readonly #until: number
  #approvedAt = 0
  #mayBeDone = false
  #answer: (result: OutboundResult) => void = () => undefined

  constructor(parts: Parts, asked: Asked, receipt: Receipt, lane: Pick<Lane, 'isBehind'>) {
    this.#parts = parts
    this.#asked = asked
    this.#receipt = receipt
    this.#until = this.#now + longestWaitMs
    this.result = new Promise((resolve) => {
      this.#answer = resolve
    })
    this.owner = ownerOf(asked)
    if (asked.action.op === 'edit') this.mergeKey = asked.action.message_id
    this.ready = this.#check(lane)
  }

  async run(turn: Turn): Promise<void> {
    await this.#finishing(() => this.#do(turn))
  }

  async #check(lane: Pick<Lane, 'isBehind'>): Promise<boolean> {
    let isApproved = false
    await this.#finishing(async () => {
      const end = await this.#refusal()
      // What waits is taken into custody first.
      if (!end && lane.isBehind(this)) await this.#receipt.keep()
      isApproved = end === undefined
      return end
    })
    return isApproved
  }

  async #refusal(): Promise<End | undefined> {
    const refusal = await refusalOf(this.#parts, this.#asked)
    this.#approvedAt = this.#now
    if (!refusal) return undefined
    this.#parts.deps.tally.count('outbound.declined')
    return notDone(refusal)
  }

  /** Undefined: it was finished together with others. */
  async #do(turn: Turn): Promise<End | undefined> {
    const { action } = this.#asked
    const isFirst = isFinal(action.op)
    // Clearing a status where there is none (contract 5.4): never to be taken for setting one.
    if (action.op === 'typing' && action.content === '') return nothingToDo
    if (turn.isCrowded(isFirst)) {
      if (isCosmetic(action.op)) return nothingToDo
      await this.#receipt.keep()
    }
    await turn.seat(isFirst)
    if (this.#now > this.#until) return notDone(waitedTooLong)
    const refusal = this.#now - this.#approvedAt > approvedMs ? await this.#refusal() : undefined
    return refusal ?? (await this.#doLatest(turn))
  }

  /** The latest of several edits says what the message is in the end: the others are done with it. */
  async #doLatest(turn: Turn): Promise<End | undefined> {
    const others: Work[] = turn.merge(this).filter((job) => job instanceof Work)
    const latest = others.pop()
    if (!latest) return await this.#perform(turn)
    await latest.#finishing(async () => {
      const end = await latest.#endOf(() => latest.#perform(turn))
      const merged = { ...end, receipt: { ...end.receipt, rung: 'merged' } }
      await Promise.all([this, ...others].map((work) => work.#finish(merged)))
      return end
    })
    return undefined
  }

  async #perform(turn: Turn): Promise<End> {
    const { files, stopping, deps } = this.#parts
    const attempt = async () => {
      const prepared = await prepare(this.#parts, this.#asked, stopping.signal)
      return 'problem' in prepared ? notDone(prepared.problem) : await this.#call(turn, prepared)
    }
    const isFile = this.#asked.action.op === 'send_media'
    const end = await (isFile ? files.take(this.owner, stopping.signal, attempt) : attempt())
    deps.tally.count(end.result.success ? 'outbound.sent' : 'outbound.failed')
    return end
  }

  async #call(turn: Turn, { open, plan }: Prepared): Promise<End> {
    const { deps, stopped, onFault, voices } = this.#parts
    const { action, asker } = this.#asked
    const begin = async () => {
      const isBegun = await this.#receipt.begin(opsBefore(this.#parts, this.#asked))
      this.#mayBeDone ||= isBegun
      return isBegun
    }
    const outcome = await callAll(
      {
        clock: deps.ground.clock,
        bot: open.bot,
        turn,
        isFinal: isFinal(action.op),
        begin,
        until: this.#until,
        stopped: stopped.signal,
        onFault,
      },
      plan,
    )
    if (outcome.outcome === 'done' && asker && 'chat_id' in action)
      voices.spoke(open.row, action.chat_id, asker)
    return endOf(outcome, plan, action)
  }

  /** Finishes with what the work ends with, also when it goes wrong in here. */
  async #finishing(work: () => Promise<End | undefined>): Promise<void> {
    const end = await this.#endOf(work)
    if (end) await this.#finish(end)
  }

  async #endOf<T extends End | undefined>(work: () => Promise<T>): Promise<T | End> {
    try {
      return await work()
    } catch (error) {
      if (!this.#mayBeDone && this.#parts.stopping.signal.aborted) return notDone(stopping)
      const result = failureOf(error, this.#parts.onFault)
      if (!this.#mayBeDone) return notDone(result)
      return { result: unsure(result.error), receipt: { state: 'parked', error: result.error } }
    }
  }

  async #finish(end: End): Promise<void> {
    try {
      await this.#receipt.settle(
        end.receipt,
        this.#mayBeDone ? await opsAfter(this.#parts, this.#asked, end) : [],
      )
    } catch (error) {
      // The answer is known and is given, also when its record can't be written.
      this.#parts.onFault(error)
    }
    this.#answer(end.result)
  }

  get #now(): number {
    return this.#parts.deps.ground.clock.now()
  }
}

/** Whose order it is done in. */
export const ownerOf = ({ asker }: Pick<Asked, 'asker'>): string =>
  asker ? JSON.stringify([asker.tenant, asker.instanceId]) : 'connector'

const nothingToDo: End = { result: { success: true }, receipt: { state: 'sent' } }
