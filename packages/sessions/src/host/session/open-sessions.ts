import { join } from 'node:path'
import { type Clock, type Ids, systemClock, systemIds } from '@parley/kernel/ids'
import type { Environment, OpenAgentTerminals } from '../agent/index.js'
import { HostError } from '../errors.js'
import type { HostEvents, HostSessions } from '../port.js'
import { isoNow, type SessionDeps, type WatchWorkspace } from './deps.js'
import { type SessionLimits, sessionLimits } from './limits.js'
import type { SessionRecord } from './record.js'
import { isSessionId, Records } from './records.js'
import { sessionRoutes } from './routes.js'
import { HostSession, type StartAnswer } from './session.js'
import { parseStart } from './start-request.js'

export type HostSessionsOptions = {
  /** The host's directory; sessions are kept in `sessions` below it. */
  dataDir: string
  events: HostEvents
  openTerminals: OpenAgentTerminals
  /** Default: nothing is watched. */
  watch?: WatchWorkspace
  /** Default false: a start that wants a setup is refused. */
  allowSetup?: boolean
  /** Default `process.env`. */
  env?: Environment
  clock?: Clock
  ids?: Ids
  limits?: Partial<SessionLimits>
  onFault(error: unknown, where: string): void
}

/** The sessions of a host, and what only the host itself may ask of them. */
export interface OpenedSessions extends HostSessions {
  /** Resolves when every session of an earlier host goes on or was said to have ended. */
  recovered(): Promise<void>
}

/**
 * Opens the sessions of a host. Those that an earlier host left behind are in `list` at once: what still runs of them is
 * ended and their agents are started again, or `session.terminated` says why not.
 */
export async function openHostSessions(options: HostSessionsOptions): Promise<OpenedSessions> {
  const { events, openTerminals, onFault, allowSetup = false } = options
  const records = await Records.open(join(options.dataDir, 'sessions'))
  const table = new Table({
    events,
    openTerminals,
    onFault,
    allowSetup,
    records,
    clock: options.clock ?? systemClock,
    ids: options.ids ?? systemIds,
    env: options.env ?? process.env,
    limits: { ...sessionLimits, ...options.limits },
    watch: options.watch ?? (() => () => undefined),
  })
  const recovered = table.recover(await records.all())
  return {
    routes: sessionRoutes(table),
    list: () => table.all().flatMap(({ linked }) => linked ?? []),
    workspaceOf: (sessionId) => table.find(sessionId)?.linked?.cwd,
    close: () => table.close(),
    recovered: () => recovered,
  }
}

/** Agents that are started again side by side. */
const recoveredAtOnce = 8

class Table {
  readonly #deps: SessionDeps
  readonly #sessions = new Map<string, HostSession>()
  #isClosed = false

  constructor(deps: SessionDeps) {
    this.#deps = deps
  }

  get promptBytes(): number {
    return this.#deps.limits.promptBytes
  }

  all(): HostSession[] {
    return [...this.#sessions.values()]
  }

  find(sessionId: string): HostSession | undefined {
    return this.#sessions.get(sessionId)
  }

  async start(sessionId: string, body: unknown): Promise<StartAnswer> {
    if (!isSessionId(sessionId)) throw new HostError(400, 'Invalid session id')
    const { limits } = this.#deps
    if (this.#isClosed) throw new HostError(503, 'The host is stopping')
    if (this.#sessions.has(sessionId)) throw new HostError(409, `Session "${sessionId}" already running`)
    if (this.#sessions.size >= limits.sessions)
      throw new HostError(429, `Too many sessions (max ${limits.sessions})`)
    const { command, args, workspace: cwd, env = {}, autoApprove, setup } = parseStart(body)
    const startedAt = isoNow(this.#deps.clock)
    const fresh = { queue: [], paused: false, permissions: [], resumes: [] }
    const what = { sessionId, command, args, cwd, env, autoApprove, startedAt }
    return this.#add({ v: 1, ...what, mark: '', ...fresh }).start(setup)
  }

  async recover(records: readonly SessionRecord[]): Promise<void> {
    const waiting = records.map((record) => this.#add(record))
    const work = async () => {
      for (let session = waiting.shift(); session; session = waiting.shift())
        await session.recover().catch((error: unknown) => this.#deps.onFault(error, 'host.recover'))
    }
    await Promise.all(Array.from({ length: recoveredAtOnce }, work))
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all(this.all().map((session) => session.terminate()))
  }

  #add(record: SessionRecord): HostSession {
    const { sessionId } = record
    const session = new HostSession(this.#deps, record, () => this.#sessions.delete(sessionId))
    this.#sessions.set(sessionId, session)
    return session
  }
}
