import { type ActionAnswer, parseActionRequest, pauseMs } from '../protocol/index.js'
import { openForAgent } from './access.js'
import { agentActor, type Caller } from './caller.js'
import type { HandshakeDeps } from './deps.js'
import { messageOf } from './hooks.js'
import type { BatchIo, BatchResult, Gate } from './modes/handler.js'
import { handlerFor } from './modes/index.js'
import { HandshakeSession } from './session.js'
import type { PendingWrite } from './session-writes.js'

/**
 * Applies a batch of an agent (contract 3.3): each action is checked when its turn comes, stored, then pushed; a
 * `done` frame ends the batch, and the report is the answer.
 */
export async function applyActions(
  deps: HandshakeDeps,
  caller: Caller,
  id: string,
  body: Record<string, unknown>,
): Promise<ActionAnswer> {
  const state = await openForAgent(deps, caller, id, { route: 'action', rate: 'agent' })
  const { actions, stream, intervalMs } = parseActionRequest(body, deps.options.limits)
  const pause = stream ? pauseMs(intervalMs, actions.length, deps.options.limits) : 0
  const session = new HandshakeSession(deps, state, agentActor(state.row, caller))
  return deps.batches.run(id, (guard) => {
    session.writes.underTurn(guard)
    return new Batch(deps, session, caller, { stream, intervalMs: pause, actions }).run()
  })
}

type Plan = { stream: boolean; intervalMs: number; actions: readonly unknown[] }

/** One batch on its way. */
class Batch {
  readonly #deps: HandshakeDeps
  readonly #session: HandshakeSession
  readonly #caller: Caller
  readonly #plan: Plan
  #actionMessages = 0
  #dropped: PendingWrite[] = []

  constructor(deps: HandshakeDeps, session: HandshakeSession, caller: Caller, plan: Plan) {
    this.#deps = deps
    this.#session = session
    this.#caller = caller
    this.#plan = plan
  }

  async run(): Promise<ActionAnswer> {
    const session = this.#session
    const result = await this.#process()
    const report = await this.#finish(result)
    const clients = session.clients
    await this.#tellDone(report)
    return {
      ok: true,
      applied: report.applied,
      rejected: report.rejected,
      errors: report.errors,
      ...this.#state(),
      ...report.extra,
      broadcast: { clients, actionMessages: this.#actionMessages, doneMessages: clients },
    } as ActionAnswer
  }

  /** Runs the handler. What it throws is a fault; the batch is ended properly before it goes on up. */
  async #process(): Promise<BatchResult> {
    const handler = handlerFor(this.#session.handler, this.#deps.handlers)
    try {
      const result = await handler.processActions(this.#session, this.#plan.actions, this.#handlerIo())
      // The application's own handler may leave out what it has nothing to say about.
      return {
        ...result,
        applied: result.applied ?? [],
        rejected: result.rejected ?? [],
        errors: result.errors ?? [],
      }
    } catch (error) {
      await this.#finish({ applied: [], rejected: [], errors: [{ action: null, msg: 'internal error' }] })
      throw error
    }
  }

  #handlerIo(): BatchIo {
    const { stream, intervalMs } = this.#plan
    return {
      stream,
      intervalMs,
      gate: (action) => this.#gate(action),
      push: async (frame) => {
        this.#session.announce(frame)
        await this.#flush()
        return this.#session.clients
      },
      sleep: (ms) => this.#sleep(ms),
    }
  }

  // WHY: the time to store counts as a part of the pause, or a slow disk would add up over a long batch.
  async #sleep(ms: number): Promise<void> {
    const { clock } = this.#deps.ground
    const begun = clock.now()
    await this.#flush()
    await this.#deps.batches.pause(ms - (clock.now() - begun))
  }

  async #gate(action: Record<string, unknown>): Promise<Gate> {
    for (const hook of this.#deps.hooks.of('action')) {
      try {
        if ((await hook(this.#session, action, this.#caller.request)) === false) return 'veto'
      } catch (error) {
        return { error: messageOf(error) }
      }
    }
    return 'pass'
  }

  async #flush(): Promise<void> {
    const announced = this.#session.writes.announced
    const dropped = await this.#session.flush()
    this.#count(announced, dropped)
  }

  #count(announced: number, dropped: readonly PendingWrite[]): void {
    const lost = dropped.filter((write) => write.isAnnounced).length
    this.#actionMessages += (announced - lost) * this.#session.clients
    this.#dropped.push(...dropped)
  }

  /** Stores what is left together with the end of the batch. */
  async #finish(result: BatchResult): Promise<BatchResult> {
    const session = this.#session
    const announced = session.writes.announced
    let report = result
    const dropped = await session.writes.flush((draft, late) => {
      report = withoutDropped(result, [...this.#dropped, ...late], this.#plan.actions)
      const { applied, rejected, errors, extra } = report
      const missing = (extra?.missing as string[] | undefined) ?? session.missingOver(draft.values())
      const values = this.#plan.stream ? undefined : pick(draft.values(), applied)
      draft.event('batch.done', {
        applied: applied.length,
        rejected,
        missing,
        errors: errors.map(inBrief),
        ...(values && { values }),
      })
    })
    this.#count(announced, dropped)
    return report
  }

  #state(): Record<string, unknown> {
    if (!this.#deps.forms.has(handlerFor(this.#session.handler, this.#deps.handlers))) return {}
    return { missing: this.#session.missing(), context: this.#session.context() }
  }

  async #tellDone({ applied, rejected, errors }: BatchResult): Promise<void> {
    for (const hook of this.#deps.hooks.of('done')) {
      try {
        await hook(this.#session, applied, rejected, errors)
      } catch (error) {
        this.#deps.onFault(error, 'handshake.done_hook')
      }
    }
  }
}

/** Most characters of a refused action that the log keeps; the agent's own report has it whole. */
const keptChars = 500

/** WHY: refused actions change nothing, so nothing else bounds how much of them an agent could have stored. */
function inBrief(error: unknown): unknown {
  const text = JSON.stringify(error) ?? 'null'
  if (text.length <= keptChars) return error
  const { msg, key } = error as { msg?: unknown; key?: unknown }
  if (key !== undefined) return { key, msg: String(msg).slice(0, keptChars) }
  return { action: text.slice(0, keptChars), msg }
}

/** A write that the user overtook before it was stored counts as rejected, in its place among the actions. */
function withoutDropped(
  result: BatchResult,
  dropped: readonly PendingWrite[],
  actions: readonly unknown[],
): BatchResult {
  if (dropped.length === 0) return result
  const applied = [...result.applied]
  for (const { key } of dropped) {
    const index = applied.lastIndexOf(key)
    if (index >= 0) applied.splice(index, 1)
  }
  const places = new Map(actions.map((action, place) => [(action as { key?: unknown } | null)?.key, place]))
  const placeOf = (key: string) => places.get(key) ?? 0
  const rejected = [...result.rejected, ...dropped.map(({ key }) => key)].sort(
    (a, b) => placeOf(a) - placeOf(b),
  )
  return { ...result, applied, rejected }
}

function pick(
  values: ReadonlyMap<string, { value: unknown }>,
  keys: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(keys.map((key) => [key, values.get(key)?.value ?? null]))
}
