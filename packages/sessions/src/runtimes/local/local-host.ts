// The one host of a local runtime: found or started when it is needed, and again when it died.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { type Stop, systemClock } from '@parley/kernel/ids'
import { sessionsErrors } from '../../errors.js'
import type { RuntimeContext } from '../port.js'
import { endHostProcess, hostTail, isHostRunning, startHostProcess } from './host-process.js'
import { type HostIdentity, hostIdentity, wasUsed } from './identity.js'
import { keepRunning } from './keep-running.js'
import { listenForHost, type StopListening } from './listener.js'
import { linkSocketPath } from './socket-path.js'

export type LocalHostOptions = {
  dataDir: string | undefined
  cwd: string
  dirs: readonly string[] | undefined
  roots: readonly string[] | undefined
  env: Readonly<Record<string, string | undefined>>
  allowSetup: boolean
  /** Default 15,000. */
  startWithinMs: number
}

type Door = HostIdentity & { dataDir: string; socketPath: string; stopListening: StopListening }

/** How long a request waits for a host that runs: it dials every second or so. */
const dialsWithinMs = 5_000

export class LocalHost {
  readonly #options: LocalHostOptions
  readonly #context: RuntimeContext
  #opening: Promise<Door> | undefined
  #starting: Promise<void> | undefined
  #hostId: string | undefined
  #dataDir: string | undefined
  #stopKeeping: Stop | undefined
  /** Looking for the host that ran before. */
  #first: Promise<unknown> | undefined
  readonly #closing = new AbortController()
  #isClosed = false
  #isForgotten = false

  constructor(options: LocalHostOptions, context: RuntimeContext) {
    this.#options = options
    this.#context = context
    // A host that ran before has news, or must be started to say what became of its sessions.
    const { dataDir } = options
    if (dataDir !== undefined)
      this.#first = wasUsed(resolve(dataDir))
        .then((isUsed) => (isUsed && !this.#isClosed ? this.connected() : undefined))
        .catch((error: unknown) => {
          if (!this.#isClosed) context.onFault(error, 'sessions.local')
        })
  }

  /** Known once the host was needed. */
  get hostId(): string | undefined {
    return this.#hostId
  }

  /** The id of the host, linked. Starts or finds it. Throws `runtimeFailed` with the end of its log. */
  async connected(): Promise<string> {
    const { hostId } = await this.#door()
    this.#isForgotten = false
    if (!(await this.#context.links.isConnected(hostId))) await this.#started()
    this.#keep()
    return hostId
  }

  /** Undefined when it was never needed, or has been forgotten. */
  async status(): Promise<'running' | 'stopped' | undefined> {
    const door = await this.#opening?.catch(() => undefined)
    if (!door || this.#isForgotten) return undefined
    const isThere = isHostRunning(door.dataDir) || (await this.#context.links.isConnected(door.hostId))
    return isThere ? 'running' : 'stopped'
  }

  async forget(): Promise<void> {
    await this.end()
    this.#isForgotten = true
  }

  /** Ends the process and its agents, and waits for it. The next request starts another. */
  async end(): Promise<void> {
    this.#stopKeeping?.()
    this.#stopKeeping = undefined
    await this.#starting?.catch(() => undefined)
    const door = await this.#opening?.catch(() => undefined)
    const dataDir =
      door?.dataDir ?? (this.#options.dataDir === undefined ? undefined : resolve(this.#options.dataDir))
    if (dataDir !== undefined) await endHostProcess(dataDir, this.#clock)
  }

  /** Gives back what is held in this process; a host with a directory of its own goes on. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#closing.abort(new Error('the plane stops'))
    this.#stopKeeping?.()
    await this.#first
    const isTemporary = this.#options.dataDir === undefined
    if (isTemporary) await this.end()
    const door = await this.#opening?.catch(() => undefined)
    if (!door) return
    door.stopListening()
    if (isTemporary) await rm(door.dataDir, { recursive: true, force: true })
    if (isTemporary && dirname(door.socketPath) !== door.dataDir)
      await rm(dirname(door.socketPath), { recursive: true, force: true })
  }

  get #clock() {
    return this.#context.clock ?? systemClock
  }

  #door(): Promise<Door> {
    if (this.#isClosed) return Promise.reject(sessionsErrors.hostNotConnected({ retryAfter: 5 }))
    // One that failed is tried again.
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined
      throw error
    })
    return this.#opening
  }

  async #open(): Promise<Door> {
    const { links, typeName, acceptLink } = this.#context
    const given = this.#options.dataDir
    const dataDir = given === undefined ? await mkdtemp(join(tmpdir(), 'parley-host-')) : resolve(given)
    const identity = await hostIdentity(dataDir)
    this.#hostId = identity.hostId
    this.#dataDir = dataDir
    // Before it can dial: a host that is refused twice gives up.
    await links.register({ hostId: identity.hostId, name: typeName, token: identity.token })
    const socketPath = await linkSocketPath(dataDir)
    const stopListening = await listenForHost(socketPath, acceptLink)
    return { ...identity, dataDir, socketPath, stopListening }
  }

  #started(): Promise<void> {
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined
    })
    return this.#starting
  }

  /** From when it was needed until it is ended. */
  #keep(): void {
    if (this.#stopKeeping || this.#isClosed) return
    this.#stopKeeping = keepRunning({
      clock: this.#clock,
      isRunning: () => this.#dataDir === undefined || isHostRunning(this.#dataDir),
      start: () => this.#started(),
      onFault: (error) => this.#context.onFault(error, 'sessions.local'),
    })
  }

  async #start(): Promise<void> {
    const { dataDir, hostId, socketPath, tokenFile } = await this.#door()
    const { cwd, dirs, roots, env, allowSetup, startWithinMs } = this.#options
    const wasRunning = isHostRunning(dataDir)
    const waitMs = wasRunning ? Math.min(startWithinMs, dialsWithinMs) : startWithinMs
    const stop = new AbortController()
    const tooLate = this.#clock.after(waitMs, () => stop.abort(new Error(`no link within ${waitMs} ms`)))
    const untilLinkLost = this.#options.dataDir === undefined
    const { typeName: name, links } = this.#context
    try {
      // One that runs dials by itself.
      if (!wasRunning) {
        const child = startHostProcess({
          dataDir,
          socketPath,
          tokenFile,
          name,
          cwd,
          dirs,
          roots,
          env,
          allowSetup,
          untilLinkLost,
        })
        void child.ended.then((how) => {
          // Another that was faster has the directory.
          if (!isHostRunning(dataDir)) stop.abort(new Error(how))
        })
      }
      await links.connected(hostId, AbortSignal.any([stop.signal, this.#closing.signal]))
    } catch (error) {
      // Linked, and its news are still coming in.
      if (await links.isConnected(hostId)) return
      if (wasRunning && isHostRunning(dataDir)) throw sessionsErrors.hostNotConnected({ retryAfter: 5 })
      throw await failure(dataDir, error)
    } finally {
      tooLate()
    }
  }
}

async function failure(dataDir: string, cause: unknown): Promise<Error> {
  const why = cause instanceof Error ? cause.message : String(cause)
  const tail = await hostTail(dataDir)
  const message = `The host process did not start: ${why}${tail && `\n${tail}`}`
  return sessionsErrors.runtimeFailed({ message, cause })
}
