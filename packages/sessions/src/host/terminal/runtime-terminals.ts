import { randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import type { Clock } from '@parley/kernel/ids'
import type { TerminalSignal } from '../../protocol/index.js'
import { HostError } from '../errors.js'
import type { HostEvents, RuntimeTerminals, Workspaces } from '../port.js'
import { terminalEnvironment } from './environment.js'
import { findProgram } from './program.js'
import type { createBody } from './requests.js'
import { terminalRoutes } from './routes.js'
import { openRuntimeTerminal, type RuntimeTerminal } from './runtime-terminal.js'

const maxTerminals = 64
const defaultProgram = '/bin/sh'

export type RuntimeTerminalsOptions = {
  workspaces: Workspaces
  events: HostEvents
  clock: Clock
  /** The host's own; programs get only what is no secret. Default `process.env`. */
  environment?: Readonly<Record<string, string | undefined>>
  /** Default: random UUIDs. */
  newId?: () => string
}

/** What the routes do. */
export type TerminalRegistry = {
  create(request: ReturnType<typeof createBody>): Promise<RuntimeTerminal>
  find(id: string): RuntimeTerminal
  list(): RuntimeTerminal[]
  /** An unknown id is ignored. */
  kill(id: string): void
  kept(since: number): TerminalSignal[]
  /** True when events after `since` were cut. */
  isCut(since: number): boolean
}

/** Terminals that clients open on a host: at most 64, each with a bounded memory (section 3.2.4). */
export function createRuntimeTerminals(options: RuntimeTerminalsOptions): RuntimeTerminals {
  const open = new Map<string, RuntimeTerminal>()
  const ending = new Set<Promise<void>>()
  let starting = 0
  let isClosed = false
  const end = (terminal: RuntimeTerminal) => {
    open.delete(terminal.id)
    const ended = terminal.end().finally(() => ending.delete(ended))
    ending.add(ended)
  }
  const start = opener(options)
  const registry: TerminalRegistry = {
    create: async (request) => {
      if (isClosed) throw new HostError(409, 'The host is closing')
      if (open.size + starting >= maxTerminals)
        throw new HostError(429, `Max terminals (${maxTerminals}) exceeded`)
      starting++
      try {
        const terminal = await start(request)
        open.set(terminal.id, terminal)
        if (isClosed) end(terminal)
        return terminal
      } finally {
        starting--
      }
    },
    find: (id) => {
      const terminal = open.get(id)
      if (!terminal) throw new HostError(404, `Terminal "${id}" not found`)
      return terminal
    },
    list: () => [...open.values()],
    kill: (id) => {
      const terminal = open.get(id)
      if (terminal) end(terminal)
    },
    kept: (since) =>
      [...open.values()].flatMap(({ ring }) => ring.after(since)).sort((a, b) => a.seq - b.seq),
    isCut: (since) => [...open.values()].some(({ ring }) => ring.cutSeq > since),
  }
  return {
    routes: terminalRoutes(registry),
    kept: registry.kept,
    close: async () => {
      isClosed = true
      for (const terminal of registry.list()) end(terminal)
      await Promise.all(ending)
    },
  }
}

function opener({ workspaces, events, clock, environment, newId = randomUUID }: RuntimeTerminalsOptions) {
  // WHY: numbers grow over restarts of the host, and viewers come back with the last one they saw.
  let seq = clock.micros()
  const nextSeq = () => ++seq
  const env = terminalEnvironment(environment ?? process.env)
  return async ({ sessionId, data, cols, rows }: ReturnType<typeof createBody>): Promise<RuntimeTerminal> => {
    const cwd = directoryFor(workspaces, sessionId)
    const command = data || defaultProgram
    const file = await findProgram(command, cwd, env.PATH ?? '/usr/bin:/bin')
    if (!(await stat(cwd).catch(() => undefined))?.isDirectory())
      throw new HostError(400, `Directory not found: ${cwd}`)
    const id = `term-${newId()}`
    return openRuntimeTerminal({ id, command, file, cwd, env, cols, rows, events, clock, nextSeq })
  }
}

function directoryFor({ workspaceOf, roots }: Workspaces, sessionId: string | undefined): string {
  const cwd = sessionId === undefined ? roots[0] : workspaceOf(sessionId)
  if (cwd === undefined) throw new HostError(404, `Session "${sessionId}" not found`)
  return cwd
}
