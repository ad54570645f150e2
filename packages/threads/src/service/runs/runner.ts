import type { Stop } from '@parley/kernel/ids'
import type { RunRow } from '../../store/port.js'
import type { ThreadsDeps } from '../deps.js'
import { streamOf } from '../events.js'
import { RunAnalytics } from './analytics.js'
import { createContext } from './context.js'
import type { Emission, HandlerContext } from './handler.js'
import { createSend } from './send.js'
import { begin, emit, end, leaseEnd, leaseMs, type RunEnd } from './transitions.js'

/** Starts an assistant from within a run. */
export type InvokeFromRun = (run: RunRow, assistantId: string) => ReturnType<HandlerContext['invoke']>

/** Called when a run has ended on this node, with its row as it is stored. */
export type OnEnded = (run: RunRow) => Promise<void>

/** `deps` is asked late: the runner is one of them. */
type RunnerOptions = { deps(): ThreadsDeps; invoke: InvokeFromRun; onEnded: OnEnded }

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

  /** Runs a pending run in the background. */
  start(run: RunRow): void {
    // Its lease ends by itself: another node, or the next start, fails it as orphaned.
    if (this.#isStopping) return
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
    const { onEnded } = this.#options
    const deps = this.#deps
    if (!(await begin(deps, run))) return
    const analytics = new RunAnalytics(deps, run)
    const stopWatching = this.#watch(run, abort)
    try {
      const how = await this.#outcome(run, abort, analytics)
      // What ended it from outside has written so.
      if (how) await end(deps, run, how)
    } finally {
      stopWatching()
      abort.abort()
      await analytics.flush()
    }
    const ended = await deps.store.findRun(run.id)
    if (ended) await onEnded(ended)
  }

  /** How the run ends; undefined when it was ended from outside. */
  async #outcome(run: RunRow, abort: AbortController, analytics: RunAnalytics): Promise<RunEnd | undefined> {
    const { runTimeoutSeconds } = this.#deps.options
    // An abort that came while the run was begun fires no listener any more.
    if (abort.signal.aborted) return endOf(abort.signal.reason, runTimeoutSeconds)
    const ended = new Promise<RunEnd | undefined>((resolve) => {
      abort.signal.addEventListener('abort', () => resolve(endOf(abort.signal.reason, runTimeoutSeconds)), {
        once: true,
      })
    })
    return Promise.race([ended, this.#handle(run, abort.signal, analytics)])
  }

  async #handle(run: RunRow, signal: AbortSignal, analytics: RunAnalytics): Promise<RunEnd | undefined> {
    const { invoke } = this.#options
    const deps = this.#deps
    try {
      const handler = deps.assistants.find(run.assistant.id)
      const thread = await deps.store.findThread(run.threadId)
      if (!handler || !thread) throw new Error(`assistant not registered: ${run.assistant.id}`)
      const { send, isOwn } = createSend(deps.ground.ids)
      const context = createContext(deps, {
        thread,
        run,
        signal,
        analytics,
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
    emissions: AsyncIterable<Emission>,
    signal: AbortSignal,
    isOwn: (value: unknown) => value is Emission,
  ): Promise<boolean> {
    const iterator = emissions[Symbol.asyncIterator]()
    // A handler that waits for ever never comes to its next yield: it is told at once, and not waited for.
    const tell = () => void Promise.resolve(iterator.return?.()).catch(() => undefined)
    signal.addEventListener('abort', tell, { once: true })
    try {
      for (;;) {
        const { done, value } = await iterator.next()
        if (signal.aborted) return false
        if (done) return true
        if (!isOwn(value)) throw new Error('A handler may only yield what its own send has made.')
        if (!(await emit(this.#deps, run, value))) return false
      }
    } finally {
      signal.removeEventListener('abort', tell)
    }
  }

  /** Keeps the lease, the time limit, and an ear on the thread: it may be ended from any node. */
  #watch(run: RunRow, abort: AbortController): Stop {
    const deps = this.#deps
    const { clock, log } = deps.ground
    const stops = [
      log.tap(streamOf(run.threadId), {
        events: (events) => {
          for (const { type, body } of events)
            if (isEnd(type) && JSON.parse(body).run_id === run.id) abort.abort(endedElsewhere)
        },
        gone: () => abort.abort(endedElsewhere),
      }),
      clock.after(deps.options.runTimeoutSeconds * 1_000, () => abort.abort(timedOut)),
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
