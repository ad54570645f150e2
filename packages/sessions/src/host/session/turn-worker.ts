import { methods, RequestError } from '@agentclientprotocol/sdk'
import type { Clock } from '@parley/kernel/ids'
import { type RpcData, rpcErrorText, sessionEvents } from '../../protocol/index.js'
import type { AgentConnection } from '../agent/index.js'
import { HostError } from '../errors.js'
import type { SessionRecord } from './record.js'
import type { Turn } from './turns.js'

/** What is said when a turn ends because its agent does. */
const agentEnded = 'The agent ended during this turn.'

export type TurnWorkerDeps = {
  record: SessionRecord
  clock: Clock
  /** How long a cancelled turn may go on before that is reported, in milliseconds. */
  cancelMs: number
  emit(type: string, data: Record<string, unknown>): void
}

/** Hands turns to the agent that runs now. */
export class TurnWorker {
  readonly #deps: TurnWorkerDeps
  connection: AgentConnection | undefined
  /** True when somebody wants the session to end: then the end of a turn by it is no error. */
  isEnding = false

  constructor(deps: TurnWorkerDeps) {
    this.#deps = deps
  }

  /** Asks the agent for something in its session. Refuses with 409 while there is no agent. */
  ask(method: string, params: Record<string, unknown>): Promise<unknown> {
    if (!this.connection) throw new HostError(409, 'The agent is not ready')
    return this.connection.request(method, { sessionId: this.#deps.record.acpSessionId, ...params })
  }

  /** Resolves when the turn has ended and everything about it was told. */
  async work(turn: Turn): Promise<void> {
    const prompt = [{ type: 'text', text: turn.item.text }]
    try {
      const answer = this.ask(methods.agent.session.prompt, { prompt })
      turn.isSent = true
      if (turn.isCancelled) await this.#tellCancelled()
      await answer
    } catch (error) {
      if (!turn.isAnswered) this.fail(turn.item.queueId)
      else if (error instanceof RequestError) this.#emitError(rpcErrorText(error))
      else this.#emitError(error instanceof Error ? error.message : String(error))
    }
  }

  /** Resolves when the agent was told; one that goes on nevertheless is reported. `isRunning` says whether it does. */
  async cancel(turn: Turn, isRunning: () => boolean): Promise<void> {
    const { clock, cancelMs } = this.#deps
    if (!turn.isCancelled)
      clock.after(cancelMs, () => {
        const late = `The agent did not end its turn within ${cancelMs / 1000} s of its cancellation.`
        if (isRunning()) this.#emitError(late)
      })
    turn.isCancelled = true
    if (turn.isSent) await this.#tellCancelled()
  }

  /** Tells the answer that the agent can't give any more. */
  fail(turnId: string): void {
    const error = { code: -32603, message: agentEnded }
    const ofTurn = { method: methods.agent.session.prompt, turnId }
    const data: RpcData = { ...ofTurn, direction: 'agent_to_client', phase: 'response', payload: { error } }
    this.#deps.emit(sessionEvents.rpc, { ...data })
    if (!this.isEnding) this.#emitError(agentEnded)
  }

  async #tellCancelled(): Promise<void> {
    const { acpSessionId: sessionId } = this.#deps.record
    // An agent that is gone needs no telling.
    await this.connection?.notify(methods.agent.session.cancel, { sessionId }).catch(() => undefined)
  }

  #emitError(message: string): void {
    this.#deps.emit(sessionEvents.error, { message })
  }
}
