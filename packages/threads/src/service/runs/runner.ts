import type { Stop } from '@parley/kernel/ids'
import type { ThreadEvent } from '../../protocol/index.js'
import type { RunRow } from '../../store/port.js'
import type { ThreadsDeps } from '../deps.js'
import { streamOf } from '../events.js'
import { RunAnalytics } from './analytics.js'
import { createContext } from './context.js'
import type { Emission, HandlerContext } from './handler.js'
import { leaseEnd, leaseMs } from './lease.js'
import { RunClock } from './run-clock.js'
import { createSend } from './send.js'
import { emitWritten } from './streams/emit-written.js'
import { begin, end, type RunEnd } from './transitions.js'

/** Starts an assistant from within a run. */
export type InvokeFromRun = (run: RunRow, assistantId: string) => ReturnType<HandlerContext['invoke']>

/** `deps` is asked late: the runner is one of them. */
type RunnerOptions = { deps(): ThreadsDeps; invoke: InvokeFromRun }

/** What a run has besides its row: what it counts, and its time. */
type RunParts = { analytics: RunAnalytics; limit: RunClock }

/** Executes the runs that this node has started. */
export class Runner {
  readonly #options: RunnerOptions
  readonly #running = new Map<string, { abort: AbortController; done: Promise<void> }>()

  #isStopping = false

  constructor(options: RunnerOptions) {
    this.#options = options
  }

  get #deps(): ThreadsDeps {
    return this.#options.deps()
  }

  /** True when this node has the assistant's handler and takes runs. */
  canRun(assistantId: string): boolean {
    return !this.#isStopping && this.#deps.assistants.find(assistantId) !== undefined
  }

  /** Runs a pending run in the background; one that it has at hand already goes on as it is. */
  start(run: RunRow): void {
    // Its lease ends by itself: another node takes it then.
    if (this.#isStopping || this.#running.has(run.id)) return
    const abort = new AbortController()
    const done = this.#execute(run, abort)
      .catch((error) => this.#deps.onFault(error, 'threads.run'))
      .finally(() => this.#running.delete(run.id))
    this.#running.set(run.id, { abort, done })
  }

  /** Ends all runs of this node as failed: their node goes away, and their assistants are free at once. */
  async stop(): Promise<void> {
    this.#isStopping = true
    const all = [...this.#running.values()]
    for (const { abort } of all) abort.abort(stopped)
    await Promise.all(all.map(({ done }) => done))
  }

  async #execute(run: RunRow, abort: AbortController): Promise<void> {
    const deps = this.#deps
    if (!(await begin(deps, run))) return
    const analytics = new RunAnalytics(deps, run)
    const stopWatching = this.#watch(run, abort)
    const limit = this.#limit(abort)
    try {
      const how = await this.#outcome(run, abort, { analytics, limit })
      // What ended it from outside has written so.
      if (how) await end(deps, run, how)
    } finally {
      stopWatching()
      limit.stop()
      abort.abort()
      await analytics.flush()
    }
  }

  /** How the run ends; undefined when it was ended from outside. */
  async #outcome(run: RunRow, abort: AbortController, parts: RunParts): Promise<RunEnd | undefined> {
    const { runTimeoutSeconds } = this.#deps.options
    // An abort that came while the run was begun fires no listener any more.
    if (abort.signal.aborted) return endOf(abort.signal.reason, runTimeoutSeconds)
    const ended = new Promise<RunEnd | undefined>((resolve) => {
      abort.signal.addEventListener('abort', () => resolve(endOf(abort.signal.reason, runTimeoutSeconds)), {
        once: true,
      })
    })
    return Promise.race([ended, this.#handle(run, abort.signal, parts)])
  }

  async #handle(run: RunRow, signal: AbortSignal, parts: RunParts): Promise<RunEnd | undefined> {
    const { invoke } = this.#options
    const deps = this.#deps
    try {
      const handler = deps.assistants.find(run.assistant.id)
      const thread = await deps.store.findThread(run.threadId)
      if (!handler || !thread) throw new Error(`assistant not registered: ${run.assistant.id}`)
      const { send, isOwn } = createSend(deps.ground.ids, deps.options)
      const context = createContext(deps, {
        thread,
        run,
        signal,
        ...parts,
        invoke: (id) => invoke(run, id),
      })
      const isWhole = await this.#drain(run, handler(context, send), signal, isOwn)
      return isWhole ? { status: 'completed' } : undefined
    } catch (error) {
      // What a handler throws after its run was ended is its own affair.
      return signal.aborted ? undefined : { status: 'failed', error: this.#toError(error) }
    }
  }

  /** Stores what comes, one after the other. False when the run ended in between; then the generator is told. */
  async #drain(
    run: RunRow,
    emissions: AsyncIterable<Emission, unknown, ThreadEvent>,
    signal: AbortSignal,
    isOwn: (value: unknown) => value is Emission,
  ): Promise<boolean> {
    const iterator = emissions[Symbol.asyncIterator]()
    // A handler that waits for ever never comes to its next yield: it is told at once, and not waited for.
    const tell = () => void Promise.resolve(iterator.return?.()).catch(() => undefined)
    signal.addEventListener('abort', tell, { once: true })
    let isDone = false
    try {
      for (let stored: [ThreadEvent] | [] = []; ; ) {
        const { done, value } = await iterator.next(...stored)
        isDone = done === true
        if (signal.aborted) return false
        if (done) return true
        if (!isOwn(value)) throw new Error('A handler may only yield what its own send has made.')
        const event = await emitWritten(this.#deps, run, value, signal)
        if (!event) return false
        stored = [event]
      }
    } finally {
      signal.removeEventListener('abort', tell)
      // What it opened is closed, also when its own emission was refused.
      if (!isDone) tell()
    }
  }

  #limit(abort: AbortController): RunClock {
    const { ground, options } = this.#deps
    return new RunClock(ground.clock, options.runTimeoutSeconds * 1_000, () => abort.abort(timedOut))
  }

  /** Keeps the lease, and an ear on the thread: it may be ended from any node. */
  #watch(run: RunRow, abort: AbortController): Stop {
    const deps = this.#deps
    const { log } = deps.ground
    const stops = [
      log.tap(streamOf(run.threadId), {
        events: (events) => {
          for (const { type, body } of events)
            if (isEnd(type) && JSON.parse(body).run_id === run.id) abort.abort(endedElsewhere)
        },
        gone: () => abort.abort(endedElsewhere),
      }),
      this.#heartbeat(run, abort),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }

  #heartbeat(run: RunRow, abort: AbortController): Stop {
    const deps = this.#deps
    let stop: Stop = () => {}
    const beat = async () => {
      const op = deps.store.renewRun(run.id, leaseEnd(deps))
      const result = await deps.commit({ ops: [op], appends: [] }).catch((error: unknown) => {
        deps.onFault(error, 'threads.run')
      })
      if (result?.outcome === 'refused') abort.abort(endedElsewhere)
      else if (!abort.signal.aborted) arm()
    }
    const arm = () => {
      stop = deps.ground.clock.after(leaseMs / 3, () => void beat())
    }
    arm()
    return () => stop()
  }

  #toError(error: unknown): { code: 'handler_error'; message: string } {
    const { exposeErrors } = this.#deps.options
    const message = error instanceof Error ? error.message : String(error)
    return { code: 'handler_error', message: exposeErrors ? message.slice(0, 2_000) : 'handler failed' }
  }
}

const timedOut = Symbol('timed out')
const stopped = Symbol('stopped')
const endedElsewhere = Symbol('ended elsewhere')

const isEnd = (type: string): boolean =>
  type === 'run.cancelled' || type === 'run.failed' || type === 'run.completed'

function endOf(reason: unknown, seconds: number): RunEnd | undefined {
  if (reason === timedOut)
    return { status: 'failed', error: { code: 'timeout', message: `run exceeded ${seconds}s` } }
  if (reason === stopped)
    return { status: 'failed', error: { code: 'orphaned', message: 'the server was stopped' } }
  return undefined
}
