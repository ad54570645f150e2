import { cleanEnvironment } from '../agent/index.js'
import { HostError } from '../errors.js'
import { type AgentRun, runAgent } from './agent-run.js'
import type { Conversation } from './conversation.js'
import type { SessionDeps } from './deps.js'
import { type Capabilities, handshake } from './handshake.js'
import type { SessionRecord } from './record.js'
import { runSetup } from './setup.js'

/** Starts the programs of a session, one after the other; each is in the record before it runs. */
export class Launcher {
  readonly #deps: SessionDeps
  readonly #record: SessionRecord
  readonly #conversation: Conversation
  readonly #signal: AbortSignal
  #run: AgentRun | undefined

  /** `signal` ends what is being started. */
  constructor(deps: SessionDeps, record: SessionRecord, conversation: Conversation, signal: AbortSignal) {
    this.#deps = deps
    this.#record = record
    this.#conversation = conversation
    this.#signal = signal
  }

  /** The agent that was started last. */
  get run(): AgentRun | undefined {
    return this.#run
  }

  /** Runs a setup script. Refuses with 403 where that is not allowed, and with 500 when it fails. */
  async setUp(script: string): Promise<void> {
    const { allowSetup, clock, limits } = this.#deps
    if (!allowSetup) throw new HostError(403, 'Setup is not allowed on this host; the agent was not started.')
    await this.#mark()
    const { cwd, mark } = this.#record
    const env = cleanEnvironment(this.#deps.env, this.#record.env)
    const { setupMs: limitMs, graceMs } = limits
    await runSetup({ script, cwd, env, mark, clock, limitMs, graceMs, signal: this.#signal })
  }

  /** Starts the agent and opens a session with it in the way that `open` says. */
  async start<T>(open: (run: AgentRun, capabilities: Capabilities) => Promise<T>) {
    if (this.#signal.aborted) throw new HostError(409, 'The session was terminated.')
    await this.#mark()
    const conversation = this.#conversation
    const run = await runAgent({
      deps: this.#deps,
      record: this.#record,
      hooks: conversation,
      askPermission: (id, signal) => conversation.permissions.answerFor(id, signal),
      onEnd: () => conversation.detach(),
    })
    this.#run = run
    const { pid, startTime } = run.process
    Object.assign(this.#record, { pid, startTime })
    await conversation.save()
    const shaken = await handshake(run, this.#deps, this.#signal, (capabilities) => open(run, capabilities))
    return { run, ...shaken }
  }

  /** Ends the agent that runs, if any; resolves when nothing of it is left. */
  async end(): Promise<void> {
    this.#run?.end()
    await this.#run?.over
  }

  /** Before anything is started, so that it is found even if this host ends right after. */
  async #mark(): Promise<void> {
    const mark = this.#deps.ids.hex(16)
    Object.assign(this.#record, { mark, pid: undefined, startTime: undefined })
    await this.#conversation.save()
  }
}
