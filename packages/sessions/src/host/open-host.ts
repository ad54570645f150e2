// Puts a host together: agents, terminals, files and git behind one router, events into the spool, the spool to the link.
import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { lockDirectory } from '@parley/kernel/directory-lock'
import { type Clock, type Ids, type Stop, systemClock, systemIds } from '@parley/kernel/ids'
import type { HostRequest, HostResponse, LinkedSession } from '../protocol/index.js'
import { createWorkspaceEvents, fileRoutes, patternsOf } from './files/index.js'
import { gitRoutes } from './git/index.js'
import { type HostObserver, toHostEvents } from './host-events.js'
import { type Dial, type Link, type LinkOptions, type LinkRefusal, openLink } from './link/index.js'
import type { HostEvents, HostRoute, Workspaces } from './port.js'
import { createRouter, openResults } from './router/index.js'
import { openHostSessions, type SessionLimits } from './session/index.js'
import { openSpool, type SpoolOptions } from './spool/index.js'
import { type StartPolicy, withStartPolicy } from './start-policy.js'
import { createAgentTerminals, createRuntimeTerminals } from './terminal/index.js'

/** Options of `openHost`. */
export type HostOptions = {
  /** Made (mode 0700) when it is missing; one host at a time. Holds the spool, sessions, results and the host's id. */
  dataDir: string
  /** How the host is listed. */
  name: string
  /** Directories that instance-level requests may look into; the first is the default. Must exist. */
  roots: readonly [string, ...string[]]
  /** How the server is reached. Without it nobody takes the events in but observers, and none is kept. */
  dial?: Dial
  backOff?: LinkOptions['backOff']
  /** What may be started, and where. Default: nothing. */
  policy?: StartPolicy
  /** Default false: a start that wants a setup script is refused. */
  allowSetup?: boolean
  /** The host's environment; agents get only what is harmless of it. Default `process.env`. */
  env?: Readonly<Record<string, string | undefined>>
  /** As the server knows it. Default: what is in `<dataDir>/host-id`, made when it is missing. */
  hostId?: string
  clock?: Clock
  ids?: Ids
  /** 0 to 1. Default `Math.random`. */
  random?: () => number
  limits?: Partial<SessionLimits>
  spool?: Pick<SpoolOptions, 'segmentBytes' | 'limitBytes' | 'recentBytes'>
  /** The server does not want this host. The host goes on; the caller closes it. */
  onRefused?(refusal: LinkRefusal): void
  onLinkChange?(isUp: boolean): void
  /** What the operator should know. */
  report?(message: string): void
  /** The disk can't be written any more: the host must end. */
  onFailure?(error: unknown): void
}

/** A running host. */
export interface Host {
  readonly hostId: string
  /** False while there is no link, and without a `dial`. */
  readonly isLinked: boolean
  readonly events: HostEvents
  sessions(): LinkedSession[]
  /** Answers a request of the host contract (section 4). */
  answer(request: HostRequest): Promise<HostResponse>
  /** Sees everything that happens from now on. */
  observe(observer: HostObserver): Stop
  /** Resolves when the sessions of an earlier host go on, or were said to have ended. */
  recovered(): Promise<void>
  /** Ends all agents, writes what is left, says goodbye to the server and gives the directory back. */
  close(): Promise<void>
}

/** Opens a host in this process. Throws `kernel.data_directory_in_use` while another has the directory. */
export async function openHost(options: HostOptions): Promise<Host> {
  const { clock = systemClock, ids = systemIds } = options
  const unlock = lockDirectory(options.dataDir, { clock, ids })
  try {
    return await openLocked(options, clock, ids, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

async function openLocked(options: HostOptions, clock: Clock, ids: Ids, unlock: Stop): Promise<Host> {
  const { dataDir, env = process.env, report = () => {}, onFailure = () => {} } = options
  const hostId = options.hostId ?? (await readHostId(dataDir, ids))
  const roots = await Promise.all(options.roots.map((root) => realpath(resolve(root))))
  const onFault = (error: unknown, where: string) => report(`${where}: ${describe(error)}`)

  const spool = await openSpool({
    ...options.spool,
    directory: join(dataDir, 'spool'),
    clock,
    ids,
    onFailure,
  })
  const results = await openResults({ path: join(dataDir, 'results'), clock, onFailure })
  const observers = new Set<HostObserver>()
  const events = toHostEvents(spool, () => clock.now(), observers)

  const ignored = patternsOf(env.FILE_WATCHER_IGNORE)
  const watched = createWorkspaceEvents({ events, clock, ignored })
  const agentTerminals = createAgentTerminals({ events, clock })
  const sessions = await openHostSessions({
    dataDir,
    events,
    env,
    clock,
    ids,
    onFault,
    openTerminals: agentTerminals.open,
    watch: (sessionId, cwd) => watched.watch(sessionId, cwd),
    allowSetup: options.allowSetup,
    limits: options.limits,
  })
  const workspaces: Workspaces = { workspaceOf: (id) => sessions.workspaceOf(id), roots }
  const terminals = createRuntimeTerminals({ workspaces, events, clock, environment: env })

  const routes: HostRoute[] = [
    ...withStartPolicy(sessions.routes, options.policy ?? { agents: [], roots }),
    ...agentTerminals.routes,
    ...terminals.routes,
    ...fileRoutes({ workspaces, clock, ignored }),
    ...gitRoutes({ workspaces }),
  ]
  const onHandlerFault = (error: unknown, { method, path }: HostRequest) =>
    onFault(error, `${method} ${path}`)
  const router = createRouter({ routes, results, onFault: onHandlerFault })

  const observe = (observer: HostObserver): Stop => {
    observers.add(observer)
    return () => void observers.delete(observer)
  }
  const link = options.dial && connect(options.dial)
  if (link) observe({ event: () => {}, signal: link.signal })
  else spool.onSynced(() => spool.ack({ epoch: spool.epoch, n: spool.n }))

  function connect(dial: Dial): Link {
    return openLink({
      spool,
      dial,
      clock,
      report,
      random: options.random ?? Math.random,
      backOff: options.backOff,
      introduce: () => ({ hostId, name: options.name, sessions: sessions.list() }),
      answer: router.answerLink,
      onChange: options.onLinkChange,
      onRefused: options.onRefused ?? (() => {}),
    })
  }
  const close = async () => {
    await Promise.all([sessions.close(), terminals.close()])
    await watched.close()
    await spool.synced().catch(() => {})
    await link?.close('stopping')
    await results.close()
    await spool.close().catch(() => {})
    unlock()
  }
  let closed: Promise<void> | undefined

  return {
    hostId,
    get isLinked() {
      return link?.isUp ?? false
    },
    events,
    sessions: () => sessions.list(),
    answer: router.answer,
    observe,
    recovered: () => sessions.recovered(),
    close: () => {
      closed ??= close()
      return closed
    },
  }
}

async function readHostId(dataDir: string, ids: Ids): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const path = join(dataDir, 'host-id')
  const kept = await readFile(path, 'utf8').catch(() => '')
  if (kept.trim() !== '') return kept.trim()
  const hostId = ids.next('host')
  await writeFile(path, `${hostId}\n`, { mode: 0o600 })
  return hostId
}

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)
