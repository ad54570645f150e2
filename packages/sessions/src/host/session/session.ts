import { methods, RequestError } from '@agentclientprotocol/sdk'
import { isJsonObject, type JsonObject } from '@parley/kernel/wire'
import { type LinkedSession, type SessionTerminatedData, sessionEvents } from '../../protocol/index.js'
import { type AgentConnection, type AgentExit, endLeftovers } from '../agent/index.js'
import { HostError } from '../errors.js'
import type { AgentRun } from './agent-run.js'
import { Conversation } from './conversation.js'
import type { SessionDeps, StopWatching } from './deps.js'
import { type Capabilities, endedHow, resumingOf } from './handshake.js'
import { Launcher } from './launcher.js'
import type { SessionRecord } from './record.js'

/** Of JSON-RPC. */
const methodNotFound = -32601

/** Answer to a start. */
export type StartAnswer = { acpSessionId: string; sessionId: string } & JsonObject

/** A session of this host: its agent, from the first start to its end. */
export class HostSession {
  readonly conversation: Conversation
  readonly #deps: SessionDeps
  readonly #record: SessionRecord
  readonly #onGone: () => void
  readonly #stop = new AbortController()
  readonly #launcher: Launcher
  #stopWatching: StopWatching | undefined
  /** Resolves when it is over and nothing is left of it. */
  readonly done: Promise<void>
  #resolveDone: () => void = () => undefined

  constructor(deps: SessionDeps, record: SessionRecord, onGone: () => void) {
    this.#deps = deps
    this.#record = record
    this.#onGone = onGone
    this.conversation = new Conversation(deps, record)
    this.#launcher = new Launcher(deps, record, this.conversation, this.#stop.signal)
    this.done = new Promise((resolve) => {
      this.#resolveDone = resolve
    })
  }

  /** What the host says of it; undefined until its agent has opened a session. */
  get linked(): LinkedSession | undefined {
    const { sessionId, acpSessionId, cwd, startedAt, pid } = this.#record
    if (acpSessionId === undefined) return undefined
    return { sessionId, acpSessionId, status: this.status, cwd, startedAt, ...(pid && { pid }) }
  }

  get status(): 'idle' | 'running' {
    return this.conversation.turns.running ? 'running' : 'idle'
  }

  /** Starts the agent and opens its session (section 4.1). When that fails nothing is left of it. */
  async start(setup: string | undefined): Promise<StartAnswer> {
    const { cwd, sessionId } = this.#record
    try {
      if (setup !== undefined) await this.#launcher.setUp(setup)
      const { run, capabilities, opened } = await this.#launcher.start(({ connection }) =>
        connection.request(methods.agent.session.new, { cwd, mcpServers: [] }),
      )
      if (!isJsonObject(opened) || typeof opened.sessionId !== 'string')
        throw new HostError(500, 'The agent opened no session.')
      const { sessionId: acpSessionId, modes, models, configOptions } = opened
      await this.#begin(run, acpSessionId, capabilities)
      return { acpSessionId, sessionId, ...known({ modes, models, configOptions }), capabilities }
    } catch (error) {
      await this.#launcher.end()
      await this.#drop()
      throw error
    }
  }

  /** Goes on with a session of an earlier host, or says why that can't be. */
  async recover(): Promise<void> {
    const { clock, limits } = this.#deps
    await endLeftovers(this.#record, { clock, graceMs: limits.graceMs })
    // The start never came to its end, and nobody was told of a session.
    if (this.#record.acpSessionId === undefined) return this.#drop()
    this.conversation.concludeRecorded()
    await this.#resume('The host was restarted', 'error')
  }

  /** Ends it; resolves when its processes are gone. */
  terminate(): Promise<void> {
    this.conversation.worker.isEnding = true
    this.#stop.abort()
    this.conversation.turns.hold()
    this.#launcher.run?.end()
    return this.done
  }

  /** `ready` is called right before the agent may get prompts. */
  async #begin(
    run: AgentRun,
    acpSessionId: string,
    capabilities: Capabilities,
    ready: () => void = () => undefined,
  ): Promise<void> {
    const canResume = resumingOf(capabilities).length > 0
    Object.assign(this.#record, { acpSessionId, canResume })
    await this.conversation.save()
    this.#stopWatching ??= await this.#watch()
    if (!this.#stop.signal.aborted) {
      ready()
      this.conversation.attach(run.connection)
    }
    run.over.then((exit) => this.#agentEnded(exit)).catch((error: unknown) => this.#onFault(error))
  }

  async #agentEnded(exit: AgentExit): Promise<void> {
    await this.conversation.concluded()
    if (this.#stop.signal.aborted) return this.#finish({ exitCode: -1, reason: 'terminated' })
    if (exit.exitCode !== null) return this.#finish({ exitCode: exit.exitCode, reason: 'agent_exit' })
    await this.#resume(`The agent ${endedHow(exit)}`, 'agent_exit')
  }

  /** Starts the agent again; when that can't be done, ends the session for `reason` and says `why`. */
  async #resume(why: string, reason: string): Promise<void> {
    const impossible = this.#cannotResume()
    if (impossible) return this.#finish({ exitCode: -1, reason, message: `${why}${impossible}` })
    const { acpSessionId = '' } = this.#record
    try {
      const { run, capabilities, opened } = await this.#launcher.start((it, able) => this.#takeUp(it, able))
      const ready = () => this.conversation.emit(sessionEvents.resumed, { how: opened, acpSessionId })
      await this.#begin(run, acpSessionId, capabilities, ready)
    } catch (error) {
      await this.#launcher.end()
      if (this.#stop.signal.aborted) return this.#finish({ exitCode: -1, reason: 'terminated' })
      const problem = error instanceof Error ? error.message : String(error)
      const message = `${why}, and its session could not be taken up again: ${problem}`
      await this.#finish({ exitCode: -1, reason, message })
    }
  }

  async #takeUp({ connection }: AgentRun, capabilities: Capabilities): Promise<'load' | 'resume'> {
    const [how, other] = resumingOf(capabilities)
    if (!how) throw new Error('The agent no longer offers that.')
    try {
      await this.#takeUpBy(how, connection)
      return how
    } catch (error) {
      // Some agents say that they resume, and know no such method.
      if (!other || !(error instanceof RequestError) || error.code !== methodNotFound) throw error
    }
    await this.#takeUpBy(other, connection)
    return other
  }

  async #takeUpBy(how: 'load' | 'resume', connection: AgentConnection): Promise<void> {
    const { acpSessionId: sessionId, cwd } = this.#record
    this.conversation.isReplaying = how === 'load'
    try {
      await connection.request(methods.agent.session[how], { sessionId, cwd, mcpServers: [] })
    } finally {
      this.conversation.isReplaying = false
    }
  }

  /** Why not, as the end of a sentence; counts the try when it may be made. */
  #cannotResume(): string | undefined {
    const { clock, limits } = this.#deps
    const record = this.#record
    if (!record.canResume) return ', and the agent can not take up a session again.'
    const recent = record.resumes.filter((at) => at > clock.now() - limits.resumeWindowMs)
    record.resumes = [...recent, clock.now()].slice(-limits.resumes - 1)
    return recent.length < limits.resumes ? undefined : ', and it was started again too often already.'
  }

  async #watch(): Promise<StopWatching> {
    const { sessionId, cwd } = this.#record
    try {
      return await this.#deps.watch(sessionId, cwd)
    } catch (error) {
      // A directory that can't be watched is no reason not to work in it.
      this.#onFault(error)
      return () => undefined
    }
  }

  async #finish(data: SessionTerminatedData): Promise<void> {
    await this.#stopWatching?.()
    this.conversation.close()
    this.conversation.emit(sessionEvents.terminated, { ...data })
    await this.#drop()
  }

  /** From here on the id is free; whoever takes it writes its record after this one's is removed. */
  async #drop(): Promise<void> {
    this.conversation.close()
    this.#onGone()
    await this.#deps.records.remove(this.#record.sessionId)
    this.#resolveDone()
  }

  #onFault(error: unknown): void {
    this.#deps.onFault(error, 'host.session')
  }
}

function known(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value != null))
}
